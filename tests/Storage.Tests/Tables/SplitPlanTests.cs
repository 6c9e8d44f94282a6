using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tests.Tables;

public class SplitPlanTests
{
    private static readonly Identifier Name = new("shop", "sales");

    [Fact]
    public async Task Manifests_of_other_partitions_are_not_opened()
    {
        var table = await CreateAsync();
        var io = table.Environment.FileIO;
        var lists = new ManifestListStore(table.Store.Paths, table.Store.MetadataFiles);
        var latest = (await table.Store.Snapshots.LatestAsync())!;
        var manifests = await lists.ReadAllAsync(latest, CancellationToken.None);
        Assert.Equal(3, manifests.Count);

        // Those that the condition cannot need are taken away: the read must not miss them.
        var wanted = Predicate.Leaf(table.Schema.RowType, "p", PredicateOperator.Equal, "b");
        foreach (var manifest in manifests.Where((_, i) => i != 1))
        {
            await io.DeleteAsync(table.Store.Paths.Manifest(manifest.FileName));
        }

        var plan = Assert.Single(await table.NewScan().Filter(wanted).PlanAsync(CancellationToken.None));
        Assert.Equal(3, plan.SnapshotId);
        Assert.NotEmpty(plan.Splits);
        Assert.All(plan.Splits, split => Assert.Equal("p=b", table.PartitionText(split.Bucket)));
    }

    [Fact]
    public async Task Equality_of_the_bucket_key_leaves_one_bucket()
    {
        var table = await CreateAsync();
        var key = Predicate.And(
            Predicate.Leaf(table.Schema.RowType, "p", PredicateOperator.Equal, "a"),
            Predicate.Leaf(table.Schema.RowType, "k", PredicateOperator.In, 7, 7));
        var all = Assert.Single(await table.NewScan().PlanAsync(CancellationToken.None)).Splits;
        Assert.Equal(4, all.Where(split => table.PartitionText(split.Bucket) == "p=a").Select(split => split.Bucket).Distinct().Count());
        Assert.Single(Assert.Single(await table.NewScan().Filter(key).PlanAsync(CancellationToken.None)).Splits);
        Assert.Single(await TableKit.RowsAsync(table.NewScan().Filter(key)));
    }

    [Fact]
    public async Task Files_that_may_share_keys_stay_together_and_others_are_packed_by_size()
    {
        var table = await CreateAsync("source.split.target-size", "1 b", "source.split.open-file-cost", "1 b");
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("a", 7, "again");
        await writer.CommitAsync();
        var splits = Assert.Single(await table.NewScan().PlanAsync(CancellationToken.None)).Splits;
        Assert.Contains(splits, split => split is { Files.Count: 2, IsRawConvertible: false });
        Assert.Contains(splits, split => split is { Files.Count: 1, IsRawConvertible: true });
        Assert.Equal(splits.Sum(split => split.Files.Count), (await table.FilesAsync()).Count);
        Assert.Equal(300, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Theory]
    [InlineData("deletion-vectors.enabled", "true", true)]
    [InlineData("merge-engine", "first-row", true)]
    [InlineData("merge-engine", "deduplicate", false)]
    public void Level_zero_is_hidden_where_only_a_compaction_makes_rows_visible(string key, string value, bool isHidden)
    {
        var schema = SchemaFactory.Create(new TableDefinition().Column("k", DataTypes.Int).PrimaryKey("k"), timeMillis: 0);
        var options = new Data.Options.TableOptions(new Dictionary<string, string> { [key] = value });
        Assert.Equal(isHidden, LevelZero.IsHidden(schema, options));
    }

    /// <summary>Three partitions of 100 rows, one commit each, in four buckets.</summary>
    private static async Task<Table> CreateAsync(params string[] options)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = new TableDefinition()
            .Column("p", DataTypes.String).Column("k", DataTypes.Int).Column("v", DataTypes.String)
            .PrimaryKey("p", "k").PartitionedBy("p").Option("bucket", "4").Option("write-only", "true");
        var table = await catalog.CreateTableAsync(Name, definition);
        await using var writer = table.NewWriter();
        foreach (var partition in new[] { "a", "b", "c" })
        {
            for (var key = 0; key < 100; key++)
            {
                await writer.UpsertAsync(partition, key, "v");
            }

            await writer.CommitAsync();
        }

        return TimeTravelTests.With(table, options);
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Options of compactions that Paimon takes, or that make no sense.</summary>
public class CompactOptionTests
{
    private static readonly Identifier Name = new("db", "t");

    private static TableDefinition Keyed => new TableDefinition()
        .Column("id", DataTypes.Int).Column("n", DataTypes.Int).PrimaryKey("id").Option("bucket", "1");

    [Fact]
    public async Task A_column_that_is_ignored_may_be_dropped()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Keyed.Column("seen", DataTypes.Int)
            .Option("changelog-producer", "lookup")
            .Option("changelog-producer.row-deduplicate", "true")
            .Option("changelog-producer.row-deduplicate-ignore-fields", "seen,nothing"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1, 5, 1);
        await writer.CommitAsync();
        await writer.UpsertAsync(1, 5, 2);
        await writer.CommitAsync();
        await writer.ApplySchemaAsync(await catalog.AlterTableAsync(Name, [new SchemaChange.DropColumn("seen")]));
        await writer.UpsertAsync(1, 6);
        await writer.CommitAsync();

        table = await catalog.GetTableAsync(Name);
        Assert.Equal(["2 +I (1, 5)", "6 -U (1, 5)", "6 +U (1, 6)"], await TableKit.ChangesAsync(table, from: 1));
    }

    [Fact]
    public async Task One_level_is_refused_by_who_compacts()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        await catalog.CreateTableAsync(Name, Keyed);
        await catalog.AlterTableAsync(Name, [new SchemaChange.SetOption("num-levels", "1")]);
        var table = await catalog.GetTableAsync(Name);
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1, 1);
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Contains("num-levels", error.Message, StringComparison.Ordinal);
        }

        await using var writing = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" }).NewWriter("job");
        await writing.UpsertAsync(1, 1);
        Assert.Single(await writing.CommitAsync());
    }

    [Fact]
    public async Task Tables_whose_files_are_no_merge_trees_of_ours_are_refused_by_name()
    {
        var clustered = Keyed.Option("pk-clustering-override", "true").Option("clustering.columns", "n")
            .Option("deletion-vectors.enabled", "true");
        var chained = new TableDefinition().Column("id", DataTypes.Int).Column("day", DataTypes.String).PrimaryKey("id", "day")
            .PartitionedBy("day").Option("bucket", "1").Option("chain-table.enabled", "true").Option("sequence.field", "id")
            .Option("partition.timestamp-pattern", "$day").Option("partition.timestamp-formatter", "yyyyMMdd");
        var catalog = await TableKit.OpenCatalogAsync();
        foreach (var (definition, key) in new[] { (clustered, "pk-clustering-override"), (chained, "chain-table.enabled") })
        {
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await catalog.CreateTableAsync(Name, definition));
            Assert.Equal(ErrorKind.Unsupported, error.Kind);
            Assert.Contains(key, error.Message, StringComparison.Ordinal);
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.FileIndexes;

public class IndexedTableTests
{
    private static readonly Identifier Name = new("shop", "orders");

    public static TheoryData<string, string, bool> Kinds()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var kind in FileIndexKind.All)
        {
            foreach (var threshold in (string[])["1 b", "1 mb"])
            {
                data.Add(kind, threshold, true);
                data.Add(kind, threshold, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Conditions_give_the_same_rows_with_an_index_as_without(string kind, string threshold, bool hasKey)
    {
        var environment = TableKit.NewEnvironment();
        var table = await NewTableAsync(environment, kind, threshold, hasKey);
        await FillAsync(table);
        var without = await Table.OpenAsync(
            table.Path, new Dictionary<string, string> { ["file-index.read.enabled"] = "false" }, environment);
        foreach (var predicate in Conditions(table))
        {
            var expected = await TableKit.RowsAsync(without.NewScan().Filter(predicate));
            Assert.Equal(expected, await TableKit.RowsAsync(table.NewScan().Filter(predicate)));
        }

        var file = (await LiveAsync(table))[0].File;
        Assert.Equal(threshold == "1 b", file.EmbeddedFileIndex is null);
        Assert.Equal(threshold == "1 b" ? [file.FileName + ".index"] : [], file.ExtraFiles);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_without_a_wanted_row_is_not_opened(string kind, string threshold, bool hasKey)
    {
        var environment = TableKit.NewEnvironment();
        var table = await NewTableAsync(environment, kind, threshold, hasKey);
        await FillAsync(table);

        // 501 is between the values of the column; statistics do not tell.
        var predicate = Predicate.Leaf(table.Schema.RowType, "amount", PredicateOperator.Equal, 501);
        foreach (var entry in await LiveAsync(table))
        {
            await environment.FileIO.DeleteAsync(table.Store.DataPaths.File(entry.Partition, entry.Bucket, entry.File));
        }

        Assert.Empty(await TableKit.RowsAsync(table.NewScan().Filter(predicate)));
        await Assert.ThrowsAnyAsync<PaimonException>(async () => await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Compaction_makes_indexes_of_its_files_and_an_overlapped_file_is_not_filtered_by_rows()
    {
        var table = await NewTableAsync(TableKit.NewEnvironment(), FileIndexKind.Bitmap, "1 mb", hasKey: true);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "a", 10, 1.5);
        await writer.UpsertAsync(2, "b", 10, 1.5);
        await writer.CommitAsync();
        await writer.UpsertAsync(1, "a", 30, 1.5);
        await writer.CommitAsync();
        var old = Predicate.Leaf(table.Schema.RowType, "amount", PredicateOperator.Equal, 10);
        Assert.Single(await TableKit.RowsAsync(table.NewScan().Filter(old)));
        await writer.CompactAsync();
        await writer.CommitAsync();
        Assert.Single(await TableKit.RowsAsync(table.NewScan().Filter(old)));
        Assert.NotNull(Assert.Single(await LiveAsync(table)).File.EmbeddedFileIndex);
    }

    [Fact]
    public async Task The_values_of_a_map_are_indexed_by_key()
    {
        var environment = TableKit.NewEnvironment();
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var table = await catalog.CreateTableAsync(
            Name,
            new TableDefinition().Column("id", DataTypes.Int).Column("m", DataTypes.Map(DataTypes.String, DataTypes.Int))
                .Option("file-index.bitmap.columns", "m[a], m[z]").Option("file-index.in-manifest-threshold", "1 mb"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, new Dictionary<string, object?> { ["a"] = 7, ["b"] = 8 });
        await writer.UpsertAsync(2, null);
        await writer.UpsertAsync(3, new Dictionary<string, int> { ["a"] = 7 });
        await writer.CommitAsync();
        var index = FileIndexContainer.Read((await LiveAsync(table))[0].File.EmbeddedFileIndex!.Value);
        Assert.Equal(["m[a]", "m[z]"], index.Columns.Order(StringComparer.Ordinal));
        var reader = FileIndexReader.TryOpen("bitmap", DataTypes.Int, index.IndexesOf("m[a]")["bitmap"]!.Value)!;
        var seven = Predicate.Leaf(DataTypes.Row(new DataField(0, "v", DataTypes.Int)), "v", PredicateOperator.Equal, 7);
        var rows = reader.Test((LeafPredicate)seven).Rows!;
        Assert.Equal((2, true, true), ((int)rows.Cardinality, rows.Contains(0), rows.Contains(2)));
    }

    [Theory]
    [InlineData("file-index.bitmap.columns", "nothing", "there is no column 'nothing'")]
    [InlineData("file-index.bitmap.columns", "id,,name", "an empty column")]
    [InlineData("file-index.btree.columns", "id", "'btree' are not written")]
    [InlineData("file-index.bsi.columns", "name", "does not support STRING")]
    [InlineData("file-index.bitmap.id.version", "1", "'id' is not in 'file-index.bitmap.columns'")]
    [InlineData("file-index.bitmap.columns", "name[x]", "not a MAP with text keys")]
    public async Task Options_that_make_no_index_are_refused_by_name(string key, string value, string expected)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = new TableDefinition().Column("id", DataTypes.Int).Column("name", DataTypes.String).PrimaryKey("id");
        var error = await Assert.ThrowsAnyAsync<PaimonException>(
            async () => await catalog.CreateTableAsync(Name, definition.Option(key, value)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static async Task<Table> NewTableAsync(StorageEnvironment environment, string kind, string threshold, bool hasKey)
    {
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var definition = new TableDefinition()
            .Column("id", DataTypes.Int)
            .Column("name", DataTypes.String)
            .Column("amount", DataTypes.BigInt)
            .Column("weight", DataTypes.Double)
            .Option($"file-index.{kind}.columns", kind == FileIndexKind.Bsi ? "amount" : "amount, name, weight")
            .Option($"file-index.{kind}.amount.items", "100")
            .Option("file-index.in-manifest-threshold", threshold)
            .Option("metadata.stats-mode", "none");
        if (kind != FileIndexKind.Bsi)
        {
            definition = definition.Option($"file-index.{kind}.name.items", "200").Option($"file-index.{kind}.weight.items", "200");
        }

        return await catalog.CreateTableAsync(Name, hasKey ? definition.PrimaryKey("id") : definition);
    }

    private static async Task FillAsync(Table table)
    {
        await using var writer = table.NewWriter();
        for (var commit = 0; commit < 3; commit++)
        {
            for (var i = 0; i < 40; i++)
            {
                var id = (commit * 40) + i;
                await writer.UpsertAsync(
                    id, i % 7 == 0 ? null : $"name {id % 11}", i % 5 == 0 ? null : (id % 20 * 1000L) - 5000, i % 3 == 0 ? -0.0 : id * 0.5);
            }

            await writer.CommitAsync();
        }
    }

    private static IEnumerable<Predicate> Conditions(Table table)
    {
        var type = table.Schema.RowType;
        foreach (var amount in (object[])[-5000L, 0L, 3000L, 501L, 99_000L])
        {
            yield return Predicate.Leaf(type, "amount", PredicateOperator.Equal, amount);
            yield return Predicate.Leaf(type, "amount", PredicateOperator.NotEqual, amount);
            yield return Predicate.Leaf(type, "amount", PredicateOperator.LessThan, amount);
            yield return Predicate.Leaf(type, "amount", PredicateOperator.GreaterOrEqual, amount);
            yield return Predicate.Leaf(type, "amount", PredicateOperator.In, amount, 4000L, null);
            yield return Predicate.Leaf(type, "amount", PredicateOperator.NotBetween, amount, 6000L);
        }

        var five = Predicate.Leaf(type, "name", PredicateOperator.Equal, "name 5");
        var zero = Predicate.Leaf(type, "weight", PredicateOperator.Equal, 0.0);
        var absent = Predicate.Leaf(type, "name", PredicateOperator.IsNull);
        yield return five;
        yield return five.Negate();
        yield return zero;
        yield return zero.Negate();
        yield return Predicate.Leaf(type, "weight", PredicateOperator.LessThan, 0.0);
        yield return Predicate.Leaf(type, "weight", PredicateOperator.GreaterOrEqual, -0.0);
        yield return absent;
        yield return absent.Negate();
        yield return Predicate.Leaf(type, "name", PredicateOperator.StartsWith, "name 1");
        yield return Predicate.And(five, Predicate.Or(zero, absent));
        yield return Predicate.Or(five, Predicate.And(zero, absent.Negate()));
        yield return Predicate.Or(Predicate.Leaf(type, "id", PredicateOperator.Equal, 3), five);
    }

    private static async Task<List<ManifestEntry>> LiveAsync(Table table)
    {
        var snapshot = await table.Store.Snapshots.LatestAsync(TestContext.Current.CancellationToken);
        return await table.Store.Scan.LiveAsync(snapshot!, ScanFilter.All, TestContext.Current.CancellationToken);
    }
}

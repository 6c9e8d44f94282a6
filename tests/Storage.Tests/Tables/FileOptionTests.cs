using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class FileOptionTests
{
    private static readonly Identifier Name = new("shop", "orders");

    private static TableDefinition Definition => new TableDefinition()
        .Column("id", DataTypes.BigInt)
        .Column("status", DataTypes.String)
        .Column("amount", DataTypes.Int)
        .PrimaryKey("id");

    [Fact]
    public async Task Levels_have_formats_codecs_and_statistics_of_their_own()
    {
        var (table, files) = await WriteAsync(Definition
            .Option("file.format.per.level", "0:avro, 5:parquet")
            .Option("file.compression.per.level", "0:snappy,5:zstd")
            .Option("metadata.stats-mode.per.level", "0:none"));
        var level0 = Assert.Single(files[0]);
        Assert.EndsWith(".avro", level0.FileName, StringComparison.Ordinal);
        Assert.Equal(0, level0.ValueStats.MinValues.Arity);
        Assert.Equal([], level0.ValueStatsColumns!);
        var level5 = Assert.Single(files[1]);
        Assert.EndsWith(".parquet", level5.FileName, StringComparison.Ordinal);
        Assert.Equal(5, level5.Level);
        Assert.Equal(3, level5.ValueStats.MinValues.Arity);
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Names_have_the_prefix_and_the_codec_that_options_ask_for()
    {
        var (table, files) = await WriteAsync(Definition
            .Option("data-file.prefix", "part-")
            .Option("changelog-file.prefix", "change-")
            .Option("changelog-producer", "input")
            .Option("changelog-file.format", "avro")
            .Option("changelog-file.stats-mode", "counts")
            .Option("file.suffix.include.compression", "true")
            .Option("data-file.path-directory", "data"));
        var file = Assert.Single(files[1]);
        Assert.StartsWith("part-", file.FileName, StringComparison.Ordinal);
        Assert.EndsWith(".zst.parquet", file.FileName, StringComparison.Ordinal);
        Assert.NotEmpty(await table.Environment.FileIO.ListAsync($"{table.Path}/data/bucket-0", TestContext.Current.CancellationToken));
        var snapshot = await table.Store.Snapshots.TryReadAsync(1, TestContext.Current.CancellationToken);
        var changelog = Assert.Single(
            await table.Store.Scan.ChangelogAsync(snapshot!, ScanFilter.All, TestContext.Current.CancellationToken)).File;
        Assert.StartsWith("change-", changelog.FileName, StringComparison.Ordinal);
        Assert.EndsWith(".zst.avro", changelog.FileName, StringComparison.Ordinal);
        Assert.Equal(0, changelog.ValueStats.NullCounts[0]);
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal(3, (await TableKit.ChangesAsync(table, 1)).Count);
    }

    [Fact]
    public async Task Statistics_are_kept_as_a_column_or_the_first_columns_ask_for()
    {
        var (_, files) = await WriteAsync(Definition
            .Option("fields.status.stats-mode", "full")
            .Option("metadata.stats-keep-first-n-columns", "1"));
        Assert.Equal(["id", "status"], Assert.Single(files[1]).ValueStatsColumns!);
    }

    [Theory]
    [InlineData("file.format.per.level", "0:orc", "'orc' are not supported")]
    [InlineData("file.format.per.level", "avro", "LEVEL:VALUE")]
    [InlineData("metadata.stats-mode.per.level", "0:some", "truncate(n)")]
    public async Task Levels_that_make_no_sense_are_refused_at_creation(string key, string value, string expected)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var error = await Assert.ThrowsAnyAsync<Data.Errors.PaimonException>(
            async () => await catalog.CreateTableAsync(Name, Definition.Option(key, value)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    // The live files after a commit of two rows and one more, and after a full compaction.
    private static async Task<(Table Table, List<DataFileMeta>[] Files)> WriteAsync(TableDefinition definition)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 5);
        await writer.UpsertAsync(2, "PAID", 6);
        await writer.CommitAsync();
        var first = await LiveAsync(table);
        await writer.UpsertAsync(2, "SENT", 7);
        await writer.CommitAsync();
        await writer.CompactAsync();
        await writer.CommitAsync();
        return (table, [first, await LiveAsync(table)]);
    }

    private static async Task<List<DataFileMeta>> LiveAsync(Table table)
    {
        var snapshot = await table.Store.Snapshots.LatestAsync(TestContext.Current.CancellationToken);
        var entries = await table.Store.Scan.LiveAsync(snapshot!, ScanFilter.All, TestContext.Current.CancellationToken);
        return [.. entries.Select(entry => entry.File)];
    }
}

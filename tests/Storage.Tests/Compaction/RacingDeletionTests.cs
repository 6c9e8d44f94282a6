using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Compactions of one bucket side by side, where rows above level 0 are read without a merge.</summary>
public sealed class RacingDeletionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_deleted_in_a_file_that_is_rewritten_meanwhile_does_not_come_back(bool isRewriteFirst)
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter("writer");
        await WriteAsync(writer, 0, 10_000, "x");
        await WriteAsync(writer, 20_000, 500, "y");
        await using var job = table.NewWriter("job");
        await job.CompactAsync();
        var rewrite = await job.PrepareCommitAsync();
        await writer.UpsertAsync(1, "new");
        var update = await writer.PrepareCommitAsync(waitForCompaction: true);
        if (isRewriteFirst)
        {
            await job.CommitPreparedAsync(rewrite);
        }

        await writer.CommitPreparedAsync(update);
        if (!isRewriteFirst)
        {
            await job.CommitPreparedAsync(rewrite);
        }

        var rows = await TableKit.RowsAsync(table.NewScan());
        Assert.Equal(10_500, rows.Count);
    }

    [Theory]
    [InlineData("deletion-vectors.enabled", "true")]
    [InlineData("merge-engine", "first-row")]
    public async Task A_new_key_of_two_writers_who_both_compact_is_there_once(string option, string value)
    {
        var table = await CreateAsync((option, value));
        await using var first = table.NewWriter("first");
        await WriteAsync(first, 0, 10_000, "x");
        await WriteAsync(first, 20_000, 500, "y");
        await using var second = table.NewWriter("second");
        await second.CompactAsync(isFull: false);
        await WriteAsync(first, 30_000, 3_000, "first");
        await WriteAsync(second, 30_000, 1, "second");
        Assert.Equal(13_500, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_writer_that_always_has_rows_goes_on_compacting_after_a_lost_race()
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter("writer");
        await WriteAsync(writer, 0, 10, "x");
        await using (var job = table.NewWriter("job"))
        {
            await job.CompactAsync();
            await WriteAsync(job, 20, 10, "y");
        }

        await writer.UpsertAsync(1, "new");
        for (var i = 0; i < 10; i++)
        {
            var prepared = await writer.PrepareCommitAsync(waitForCompaction: true);
            for (var id = 0; id < 1100; id++)
            {
                await writer.UpsertAsync(100 + id, "next");
            }

            await writer.CommitPreparedAsync(prepared);
        }

        Assert.InRange((await table.FilesAsync()).Count(file => file.Level == 0), 0, 2);
    }

    private static async Task WriteAsync(TableWriter writer, int first, int count, string value)
    {
        for (var id = first; id < first + count; id++)
        {
            await writer.UpsertAsync(id, value);
        }

        await writer.CommitAsync(new CommitOptions { WaitForCompaction = true });
    }

    private static async Task<Table> CreateAsync(params (string Key, string Value)[] options)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(new MemoryFileIO()));
        var definition = new TableDefinition().Column("id", DataTypes.Int).Column("v", DataTypes.String).PrimaryKey("id")
            .Option("bucket", "1");
        if (options.Length == 0)
        {
            options = [("deletion-vectors.enabled", "true")];
        }

        return await catalog.CreateTableAsync(
            new Identifier("db", "t"), options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }
}

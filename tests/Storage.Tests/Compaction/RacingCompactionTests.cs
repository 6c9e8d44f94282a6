using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Full compactions of a job beside a writer that compacts with every commit.</summary>
public sealed class RacingCompactionTests
{
    private const int Keys = 1_500;

    [Theory]
    [InlineData("deletion-vectors.bitmap64", "false")]
    [InlineData("deletion-vectors.bitmap64", "true")]
    [InlineData("changelog-producer", "lookup")]
    [InlineData("merge-engine", "partial-update")]
    [InlineData("merge-engine", "aggregation")]
    [InlineData("target-file-size", "8 kb")]
    public async Task A_job_comes_to_its_end_and_no_deleted_row_comes_back(string key, string value)
    {
        var files = new HookedFileIO();
        var table = await CreateAsync(new StorageEnvironment(files) { Ids = new SeededIds(1) }, key, value);
        var alone = await CreateAsync(TableKit.NewEnvironment(), key, value);
        await using var writer = table.NewWriter("writer");
        await using var other = alone.NewWriter("writer");
        var withDeletes = key != "merge-engine";
        for (var round = 0; round < 6; round++)
        {
            await WriteAsync(writer, round, withDeletes);
            await WriteAsync(other, round, withDeletes);
        }

        // Whenever the job opens a data file, the writer commits, and compacts what it wrote.
        var (rounds, isBusy) = (6, 0);
        files.Opening = async path =>
        {
            if (path.EndsWith(".parquet", StringComparison.Ordinal)
                && rounds < 22
                && Interlocked.CompareExchange(ref isBusy, 1, 0) == 0)
            {
                await WriteAsync(writer, rounds, withDeletes);
                await WriteAsync(other, rounds, withDeletes);
                rounds++;
                isBusy = 0;
            }
        };
        var done = await table.NewCompactor(new CompactJobOptions { IsFull = true, Attempts = 4 }).RunAsync();
        files.Opening = null;
        Assert.Equal((1, 1), (done.Buckets, done.DoneBuckets));
        Assert.InRange(done.LostRaces, 1, 3);
        Assert.InRange(rounds, 8, 22);
        Assert.Equal(await TableKit.RowsAsync(alone.NewScan()), await TableKit.RowsAsync(table.NewScan()));

        await WriteAsync(writer, rounds, withDeletes);
        await WriteAsync(other, rounds, withDeletes);
        await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        Assert.Equal(await TableKit.RowsAsync(alone.NewScan()), await TableKit.RowsAsync(table.NewScan()));
        Assert.All(await table.FilesAsync(), file => Assert.Equal(5, file.Level));
    }

    [Fact]
    public async Task What_others_leave_at_level_0_is_moved_up_after_a_race()
    {
        var files = new HookedFileIO();
        var table = await CreateAsync(new StorageEnvironment(files) { Ids = new SeededIds(1) }, "bucket", "1");
        var alone = await CreateAsync(TableKit.NewEnvironment(), "bucket", "1");
        await using var other = alone.NewWriter("writer");
        await using (var writer = table.NewWriter("writer"))
        {
            for (var round = 0; round < 3; round++)
            {
                await WriteAsync(writer, round, withDeletes: true);
                await WriteAsync(other, round, withDeletes: true);
            }
        }

        // The job loses once, and rows come that nobody compacts.
        var (rounds, isBusy) = (3, 0);
        files.Opening = async path =>
        {
            if (path.EndsWith(".parquet", StringComparison.Ordinal)
                && rounds < 5
                && Interlocked.CompareExchange(ref isBusy, 1, 0) == 0)
            {
                var writeOnly = new Dictionary<string, string> { ["write-only"] = rounds == 3 ? "false" : "true" };
                await using var writer = table.WithOptions(writeOnly).NewWriter("writer");
                await WriteAsync(writer, rounds, withDeletes: true);
                await WriteAsync(other, rounds, withDeletes: true);
                rounds++;
                isBusy = 0;
            }
        };
        var done = await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        files.Opening = null;
        Assert.Equal((1, 1, 5), (done.DoneBuckets, done.LostRaces, rounds));
        Assert.DoesNotContain(await table.FilesAsync(), file => file.Level == 0);
        Assert.Equal(await TableKit.RowsAsync(alone.NewScan()), await TableKit.RowsAsync(table.NewScan()));
    }

    private static async Task WriteAsync(TableWriter writer, int round, bool withDeletes)
    {
        var random = new Random(round);
        var text = new byte[40];
        var count = round == 0 ? Keys : 40;
        for (var i = 0; i < count; i++)
        {
            var id = round == 0 ? i : random.Next(Keys + (10 * round));
            if (withDeletes && random.Next(3) == 0)
            {
                await writer.DeleteAsync(id);
            }
            else
            {
                // Large enough for the first file to stay where it is.
                random.NextBytes(text);
                await writer.UpsertAsync(id, random.Next(4) == 0 ? null : round, Convert.ToHexString(text));
            }
        }

        await writer.CommitAsync(new CommitOptions { WaitForCompaction = true });
    }

    private static async Task<Table> CreateAsync(StorageEnvironment environment, string key, string value)
    {
        var definition = new TableDefinition()
            .Column("id", DataTypes.Int).Column("n", DataTypes.Int).Column("s", DataTypes.String).PrimaryKey("id")
            .Option("bucket", "1").Option("deletion-vectors.enabled", "true").Option(key, value);
        if (value == "aggregation")
        {
            definition = definition.Option("fields.n.aggregate-function", "sum");
        }

        var catalog = await Catalog.OpenAsync("/warehouse", environment);
        return await catalog.CreateTableAsync(new Identifier("db", "t"), definition);
    }
}

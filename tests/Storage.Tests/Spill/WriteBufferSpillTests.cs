using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Spill;

/// <summary>Commits of more rows than write buffers hold.</summary>
public class WriteBufferSpillTests
{
    private const int Partitions = 3;

    private static readonly Identifier Name = new("db", "t");

    private static readonly string[][] Engines =
    [
        [],
        ["changelog-producer=input"],
        ["changelog-producer=input", "sequence.field=v"],
        ["sequence.field=v", "sequence.field.sort-order=descending"],
        ["merge-engine=partial-update", "ignore-delete=true"],
        ["merge-engine=aggregation", "ignore-delete=true", "fields.v.aggregate-function=sum", "fields.s.aggregate-function=max"],
        ["merge-engine=first-row", "ignore-delete=true"],
    ];

    [Fact]
    public void Rows_and_changelog_are_the_same_whether_a_full_buffer_is_spilled_or_flushed() =>
        Prop.ForAll<int>(seed => CompareAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task A_commit_of_many_buffers_adds_one_file_to_each_bucket_and_leaves_nothing_on_the_local_disk()
    {
        using var folder = new TempDirectory("spill");
        var table = await CreateAsync(TableKit.NewEnvironment(), folder, ["bucket=3", "write-buffer-size=20 kb"]);
        await using var writer = table.NewWriter();
        for (var commit = 1; commit <= 3; commit++)
        {
            await WriteAsync(writer, new Random(commit), 5_000);
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(folder.Path));
            await writer.CommitAsync();
            Assert.Equal(3 * commit, (await table.FilesAsync()).Count);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "*.spill", SearchOption.AllDirectories));
        }

        await writer.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("write-buffer-spill.max-disk-size=1 b")]
    [InlineData("write-buffer-spillable=false")]
    public async Task What_may_not_be_spilled_is_flushed(string option)
    {
        using var folder = new TempDirectory("spill");
        var table = await CreateAsync(TableKit.NewEnvironment(), folder, ["write-buffer-size=20 kb", option]);
        var spilled = await CreateAsync(TableKit.NewEnvironment(), folder, ["write-buffer-size=20 kb"]);
        foreach (var target in new[] { table, spilled })
        {
            await using var writer = target.NewWriter();
            await WriteAsync(writer, new Random(1), 5_000);
            await writer.CommitAsync();
        }

        Assert.InRange((await table.FilesAsync()).Count, Partitions + 1, 1000);
        Assert.Equal(Partitions, (await spilled.FilesAsync()).Count);
        Assert.Equal(await TableKit.RowsAsync(spilled.NewScan()), await TableKit.RowsAsync(table.NewScan()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    public async Task Rows_go_to_the_table_when_the_local_disk_is_full(long spaceBytes)
    {
        using var folder = new TempDirectory("spill");
        string[] options = ["write-buffer-size=20 kb", "changelog-producer=input", "write-only=true"];
        var disk = new SimulatedFileSystem(1) { SpaceBytes = spaceBytes };
        var table = await CreateAsync(TableKit.NewEnvironment() with { ScratchFiles = disk }, folder, options);
        var expected = await CreateAsync(TableKit.NewEnvironment(), folder, options);
        foreach (var target in new[] { table, expected })
        {
            await using var writer = target.NewWriter();
            await WriteAsync(writer, new Random(1), 5_000);
            await writer.CommitAsync();
        }

        Assert.InRange((await table.FilesAsync()).Count, Partitions + 1, 1000);
        Assert.Equal(await TableKit.RowsAsync(expected.NewScan()), await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(await TableKit.ChangesAsync(expected, 1), await TableKit.ChangesAsync(table, 1));
    }

    [Fact]
    public async Task Rows_that_were_spilled_and_not_committed_are_gone()
    {
        using var folder = new TempDirectory("spill");
        var table = await CreateAsync(TableKit.NewEnvironment(), folder, ["write-buffer-size=20 kb", "changelog-producer=input"]);
        await using (var writer = table.NewWriter())
        {
            await WriteAsync(writer, new Random(1), 5_000);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Null(await table.LatestSnapshotAsync());
        Assert.Empty(await table.Environment.FileIO.ListAsync($"{table.Path}/bucket-0"));
    }

    private static async Task CompareAsync(int seed)
    {
        using var folder = new TempDirectory("spill");
        var random = new Random(seed);
        string[] options =
        [
            .. Engines[random.Next(Engines.Length)],
            $"bucket={1 + random.Next(3)}",
            $"write-buffer-size={1 + random.Next(30)} kb",
            "write-only=true",
        ];
        string[] spilling = random.Next(3) == 0
            ? [.. options, $"write-buffer-spill.max-disk-size={random.Next(20_000)} b"]
            : [.. options, $"spill-compression={(random.Next(2) == 0 ? "none" : "zstd")}"];
        Assert.Equal(
            await PlayAsync(seed, folder, [.. options, "write-buffer-spillable=false"]), await PlayAsync(seed, folder, spilling));
    }

    private static async Task<List<string>> PlayAsync(int seed, TempDirectory folder, string[] options)
    {
        var random = new Random(seed);
        var table = await CreateAsync(TableKit.NewEnvironment(seed), folder, options);
        var seen = new List<string>();
        await using (var writer = table.NewWriter())
        {
            for (var commit = 0; commit < 3; commit++)
            {
                for (var i = random.Next(5); i >= 0; i--)
                {
                    await WriteAsync(writer, random, random.Next(600));
                }

                await writer.CommitAsync();
                seen.AddRange(await TableKit.RowsAsync(table.NewScan()));
            }
        }

        // Without a changelog a stream reads what was flushed, of which there is more where buffers are flushed.
        if (options.Contains("changelog-producer=input"))
        {
            seen.AddRange(await TableKit.ChangesAsync(table, 1));
        }

        return seen;
    }

    private static async Task WriteAsync(TableWriter writer, Random random, int rows)
    {
        var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
        for (var start = 0; start < rows; start += 100)
        {
            batch.Clear();
            var count = Math.Min(100, rows - start);
            for (var row = 0; row < count; row++)
            {
                ((FixedVector<int>)batch.Columns[0]).Append(random.Next(Partitions));
                ((FixedVector<int>)batch.Columns[1]).Append(random.Next(300));
                ((FixedVector<int>)batch.Columns[2]).Append(random.Next(20));
                ((BinaryVector)batch.Columns[3]).Append($"text {random.Next(1000)}");
                batch.Kinds!.Append(random.Next(5) == 0 ? RowKind.Delete : RowKind.Insert);
            }

            batch.EndRows(count);
            await writer.WriteAsync(batch);
        }
    }

    private static async Task<Table> CreateAsync(StorageEnvironment environment, TempDirectory folder, string[] options)
    {
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var definition = new TableDefinition()
            .Column("p", DataTypes.Int)
            .Column("k", DataTypes.Int)
            .Column("v", DataTypes.Int)
            .Column("s", DataTypes.String)
            .PrimaryKey("p", "k")
            .Option("lookup.local-dir", folder.Path);
        definition = options.Contains("bucket=3") ? definition : definition.PartitionedBy("p");
        foreach (var option in options)
        {
            var at = option.IndexOf('=', StringComparison.Ordinal);
            definition = definition.Option(option[..at], option[(at + 1)..]);
        }

        return await catalog.CreateTableAsync(Name, definition);
    }
}

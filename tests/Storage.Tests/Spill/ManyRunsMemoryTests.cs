using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Spill;

/// <summary>A section of a thousand runs, which side by side take a megabyte each.</summary>
[CollectionDefinition(nameof(ManyRunsMemoryTests), DisableParallelization = true)]
[Collection(nameof(ManyRunsMemoryTests))]
public sealed class ManyRunsMemoryTests
{
    private const int Runs = 1000;
    private const int RunRows = 500;
    private const int Keys = 200_000;
    private const int Texts = 8;
    private const long BudgetBytes = 64L << 20;

    [Theory]
    [InlineData("deduplicate", "none")]
    [InlineData("partial-update", "full-compaction")]
    public async Task A_thousand_runs_are_read_and_compacted_within_the_budget(string engine, string producer)
    {
        using var heap = new HeapPeak();
        using var directory = new TempDirectory("runs");
        using var local = new TempDirectory("local");
        var catalog = await Catalog.OpenAsync(directory.Path, new StorageEnvironment(LocalFileIO.Scratch));
        var definition = new TableDefinition().Column("id", DataTypes.BigInt).PrimaryKey("id")
            .Option("bucket", "1")
            .Option("merge-engine", engine)
            .Option("changelog-producer", producer)
            .Option("write-buffer-size", "1 kb")
            .Option("write-buffer-spillable", "false")
            .Option("write-only", "true")
            .Option("memory-budget", $"{BudgetBytes} b")
            .Option("lookup.local-dir", local.Path);
        for (var i = 0; i < Texts; i++)
        {
            definition = definition.Column($"text{i}", DataTypes.String);
        }

        var table = await catalog.CreateTableAsync(new Identifier("db", "t"), definition);
        var newest = await WriteAsync(table);
        Assert.Equal(Runs, (await table.FilesAsync()).Count);
        await CheckAsync(table, newest);
        await using (var writer = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "false" }).NewWriter())
        {
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        await CheckAsync(table, newest);
        TestContext.Current.TestOutputHelper?.WriteLine($"{heap.Bytes >> 20} MiB of heap");
        Assert.InRange(heap.Bytes, 0, 2 * BudgetBytes);
    }

    // The last run to write each key.
    private static async Task<int[]> WriteAsync(Table table)
    {
        var newest = new int[Keys];
        Array.Fill(newest, -1);
        var random = new Random(1);
        var batch = new ColumnBatch(table.Schema.RowType);
        await using var writer = table.NewWriter();
        for (var run = 0; run < Runs; run++)
        {
            batch.Clear();
            for (var row = 0; row < RunRows; row++)
            {
                var key = random.Next(Keys);
                newest[key] = run;
                ((FixedVector<long>)batch.Columns[0]).Append(key);
                for (var i = 1; i <= Texts; i++)
                {
                    Fill(((BinaryVector)batch.Columns[i]).AppendUninitialized(24), key, run, i);
                }
            }

            batch.EndRows(RunRows);
            await writer.WriteAsync(batch);
        }

        await writer.CommitAsync();
        return newest;
    }

    private static void Fill(Span<byte> text, long key, int run, int column)
    {
        var bits = unchecked((((ulong)key * 0x9E3779B97F4A7C15) ^ ((ulong)run << 20) ^ (uint)column) * 0xBF58476D1CE4E5B9);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)('a' + (bits >> 60));
            bits = (bits << 4) ^ (bits >> 29);
        }
    }

    private static async Task CheckAsync(Table table, int[] newest)
    {
        var expected = new byte[24];
        var rows = 0;
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++, rows++)
            {
                var key = ((FixedVector<long>)batch.Columns[0]).Values[row];
                Fill(expected, key, newest[key], 1 + (row % Texts));
                Assert.True(((BinaryVector)batch.Columns[1 + (row % Texts)])[row].SequenceEqual(expected));
            }
        }

        Assert.Equal(newest.Count(run => run >= 0), rows);
    }
}

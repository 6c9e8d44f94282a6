using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Rows of a mebibyte: as many of them at once as of small rows would be 16 GiB.</summary>
[CollectionDefinition(nameof(LargeValueTests), DisableParallelization = true)]
[Collection(nameof(LargeValueTests))]
public sealed class LargeValueTests
{
    private const int ValueBytes = 1 << 20;
    private const long BudgetBytes = 600L << 20;

    [Theory]
    [InlineData("parquet", 3000, true, true)]
    [InlineData("parquet", 300, false, true)]
    [InlineData("avro", 300, true, true)]
    [InlineData("parquet", 300, false, false)]
    [InlineData("avro", 300, true, false)]
    public async Task Values_of_a_mebibyte_are_written_compacted_and_read_within_bounded_memory(
        string format, int rows, bool compressible, bool hasKey)
    {
        using var directory = new TempDirectory("large");
        var catalog = await Catalog.OpenAsync(directory.Path, new StorageEnvironment(new LocalFileIO()));
        var definition = new TableDefinition()
            .Column("id", DataTypes.BigInt)
            .Column("value", DataTypes.Bytes)
            .Option("bucket", "1")
            .Option("file.format", format)
            .Option("write-buffer-size", "64 mb");
        var table = await catalog.CreateTableAsync(
            new Identifier("db", "t"),
            hasKey
                ? definition.PrimaryKey("id").Option("changelog-producer", "input")
                : definition.Option("bucket-key", "id").Option("target-file-size", "32 mb"));
        using var heap = new HeapPeak();
        await using (var writer = table.NewWriter())
        {
            await WriteAsync(writer, rows, compressible);
            await writer.CommitAsync();
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        Assert.Equal(rows, await CheckAsync(table.NewScan().ReadBatchesAsync(), compressible));
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        Assert.Equal(rows, await CheckAsync(stream.ReadAsync().Select(batch => batch.Rows), compressible));
        Assert.InRange(heap.Bytes, 0, BudgetBytes);
    }

    [Fact]
    public void Windows_shrink_to_one_row_and_grow_again()
    {
        var window = new ReadWindow(32 << 20);
        window.BeginFile(1 << 30);
        Assert.Equal(1, window.Rows);
        window.BeginFile(0);
        Assert.Equal(64, window.Rows);
        window.Observe(64, 1 << 20);
        Assert.Equal(32, window.Rows);
        window.Observe(32, 100);
        Assert.Equal(512, window.Rows);
        window.Observe(512, 100);
        window.Observe(4096, 100);
        Assert.Equal(16 * 1024, window.Rows);
    }

    private static async Task WriteAsync(TableWriter writer, int rows, bool compressible)
    {
        // More than the write buffer: it is flushed in the midst of a batch.
        const int BatchRows = 100;
        var batch = new ColumnBatch(writer.Schema.RowType);
        for (var start = 0; start < rows; start += BatchRows)
        {
            batch.Clear();
            for (var id = start; id < start + BatchRows; id++)
            {
                ((FixedVector<long>)batch.Columns[0]).Append((id * 7919L) % rows);
                Fill(((BinaryVector)batch.Columns[1]).AppendUninitialized(ValueBytes), (id * 7919L) % rows, compressible);
            }

            batch.EndRows(BatchRows);
            await writer.WriteAsync(batch);
        }
    }

    private static void Fill(Span<byte> value, long id, bool compressible)
    {
        value.Fill((byte)id);
        if (!compressible)
        {
            new Random((int)id).NextBytes(value);
        }

        BitConverter.TryWriteBytes(value, id);
    }

    private static async Task<int> CheckAsync(IAsyncEnumerable<ColumnBatch> batches, bool compressible)
    {
        var expected = new byte[ValueBytes];
        var count = 0;
        await foreach (var batch in batches)
        {
            for (var row = 0; row < batch.RowCount; row++, count++)
            {
                Fill(expected, ((FixedVector<long>)batch.Columns[0]).Values[row], compressible);
                Assert.True(((BinaryVector)batch.Columns[1])[row].SequenceEqual(expected));
            }
        }

        return count;
    }
}

using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Spill;
using PaimonSharp.Storage.Tests.Parquet;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Spill;

public class SpillFileTests
{
    private static readonly DataType[] Types =
    [
        DataTypes.Boolean, DataTypes.TinyInt, DataTypes.SmallInt, DataTypes.Int.NotNull(), DataTypes.BigInt, DataTypes.Float,
        DataTypes.Double, DataTypes.Decimal(10, 2), DataTypes.Decimal(38, 10), DataTypes.Date, DataTypes.Timestamp(3),
        DataTypes.Timestamp(9), DataTypes.String, DataTypes.Bytes.NotNull(), new ArrayType(DataTypes.String),
        new MapType(DataTypes.String.NotNull(), new ArrayType(DataTypes.Int)),
        DataTypes.Row(new DataField(0, "a", DataTypes.Boolean), new DataField(1, "b", new ArrayType(DataTypes.Double))),
    ];

    [Theory]
    [InlineData("lz4")]
    [InlineData("zstd")]
    [InlineData("none")]
    public void Rows_of_any_type_come_back_from_a_spilled_run(string compression) =>
        Prop.ForAll<int>(seed => RoundTripAsync(seed, compression).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Bytes_that_are_not_those_that_were_written_are_told_of()
    {
        using var folder = new TempDirectory("spill");
        await using var store = NewStore(folder, "none", LocalFileIO.Scratch);
        await using var file = await store.CreateAsync(default);
        var section = await file.WriteAsync(new byte[1000], default);
        await file.SealAsync(default);
        await file.ReadAsync(section, new byte[1000], default);
        var other = section with { Checksum = section.Checksum ^ 1 };
        var error = await Assert.ThrowsAsync<CorruptDataException>(async () => await file.ReadAsync(other, new byte[1000], default));
        Assert.Contains("checksum", error.Message);
    }

    [Fact]
    public void Damaged_columns_never_give_more_than_an_error()
    {
        var random = new Random(5);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var type = Types[random.Next(Types.Length)];
            var rows = random.Next(50);
            var target = new System.Buffers.ArrayBufferWriter<byte>();
            ColumnBytes.Write(new RandomRows(round).Vector(type, rows), target);
            var bytes = target.WrittenSpan.ToArray();
            Fuzz.Damage(ref bytes, random);
            try
            {
                ReadOnlySpan<byte> source = bytes;
                ColumnBytes.Read(ref source, ColumnVector.Create(type), rows);
            }
            catch (PaimonException)
            {
            }
            catch (OverflowException)
            {
            }
        }
    }

    [Fact]
    public async Task Nothing_is_left_of_spill_files_and_their_bytes_are_counted()
    {
        using var folder = new TempDirectory("spill");
        var store = NewStore(folder, "none", LocalFileIO.Scratch);
        var first = await store.CreateAsync(default);
        var second = await store.CreateAsync(default);
        await first.WriteAsync(new byte[300_000], default);
        await second.WriteAsync(new byte[5_000], default);
        await first.SealAsync(default);
        Assert.Equal((305_000, 2), (store.DiskBytes, store.FileCount));
        await first.DisposeAsync();
        Assert.Equal((5_000, 1), (store.DiskBytes, store.FileCount));
        await second.DisposeAsync();
        await store.DisposeAsync();
        Assert.Equal(0, store.DiskBytes);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal(ErrorKind.Closed, (await Assert.ThrowsAsync<PaimonException>(async () => await store.CreateAsync(default))).Kind);
    }

    [Fact]
    public async Task A_folder_that_somebody_cleans_is_told_of_as_a_disk_that_fails()
    {
        using var folder = new TempDirectory("spill");
        await using var store = NewStore(folder, "none", LocalFileIO.Scratch);
        await using var file = await store.CreateAsync(default);
        await file.WriteAsync(new byte[1000], default);
        foreach (var directory in Directory.EnumerateDirectories(folder.Path))
        {
            Directory.Delete(directory, recursive: true);
        }

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await file.SealAsync(default));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("lookup.local-dir", error.Message, StringComparison.Ordinal);
    }

    private static SpillStore NewStore(TempDirectory folder, string compression, IFileIO files)
    {
        var options = SpillOptions.Of(new TableOptions(new Dictionary<string, string>
        {
            ["lookup.local-dir"] = folder.Path,
            ["spill-compression"] = compression,
        }));
        return new SpillStore(new StorageEnvironment(new MemoryFileIO()) { ScratchFiles = files }, options);
    }

    private static async Task RoundTripAsync(int seed, string compression)
    {
        using var folder = new TempDirectory("spill");
        await using var store = NewStore(folder, compression, LocalFileIO.Scratch);
        await using var file = await store.CreateAsync(default);
        var random = new RandomRows(seed);
        var writer = new SpilledRunWriter(file);
        var blocks = new List<SpillRows>();
        DataType[] keys = [Types[random.Next(Types.Length)], Types[random.Next(Types.Length)]];
        DataType[] values = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Types[random.Next(Types.Length)])];
        for (var i = random.Next(4); i >= 0; i--)
        {
            var rows = random.Next(300);
            var block = NewRows(keys, values, type => random.Vector(type, rows));
            for (var row = 0; row < rows; row++)
            {
                block.Kinds.Append((RowKind)random.Next(4));
                block.Sequences.Append(random.Next(int.MaxValue));
                if (random.Next(20) == 0)
                {
                    block.LostRows.Add(row);
                }
            }

            blocks.Add(block);
            await writer.WriteAsync(block, default);
        }

        await file.SealAsync(default);
        var run = writer.Finish();
        Assert.Equal(blocks.Count, run.Blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var read = NewRows(keys, values, ColumnVector.Create);
            var bytes = new byte[run.Blocks[i].Keys.RawBytes];
            await file.ReadAsync(run.Blocks[i].Keys, bytes, default);
            SpilledRunWriter.ReadKeys(bytes, read, run.Blocks[i].RowCount);
            bytes = new byte[run.Blocks[i].Values.RawBytes];
            await file.ReadAsync(run.Blocks[i].Values, bytes, default);
            SpilledRunWriter.ReadValues(bytes, read, run.Blocks[i].RowCount);
            AssertSame(blocks[i], read);
        }
    }

    private static SpillRows NewRows(DataType[] keys, DataType[] values, Func<DataType, ColumnVector> vector) => new(
        [.. keys.Select(vector)],
        [.. values.Select(vector)],
        new FixedVector<RowKind>(DataTypes.TinyInt.NotNull()),
        new FixedVector<long>(DataTypes.BigInt.NotNull()));

    private static void AssertSame(SpillRows expected, SpillRows actual)
    {
        Assert.Equal(expected.Kinds.Values.ToArray(), actual.Kinds.Values.ToArray());
        Assert.Equal(expected.Sequences.Values.ToArray(), actual.Sequences.Values.ToArray());
        Assert.Equal(expected.LostRows, actual.LostRows);
        ColumnVector[] left = [.. expected.KeyColumns, .. expected.ValueColumns];
        ColumnVector[] right = [.. actual.KeyColumns, .. actual.ValueColumns];
        var type = DataTypes.Row([.. left.Select((column, i) => new DataField(i, $"c{i}", column.Type))]);
        var (expectedRow, actualRow) = (new BinaryRowWriter(type), new BinaryRowWriter(type));
        Assert.All(right, column => Assert.Equal(expected.Count, column.Length));
        for (var row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expectedRow.WriteSerialized(left, row).ToArray(), actualRow.WriteSerialized(right, row).ToArray());
        }
    }
}

using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tests.Parquet;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Avro;

/// <summary>Random columns of every type that Avro holds, nested ones too: read back as written, and never trusted.</summary>
public sealed class AvroPropertyTests
{
    private const string Path = "/f.avro";
    private const long MaxAllocatedBytes = 64 << 20;
    private static readonly AvroFileFormat Format = new(new SeededIds(1));
    private static readonly string[] Codecs = ["null", "deflate", "snappy", "zstd"];

    private static readonly DataType[] Types =
    [
        .. ParquetTypes.All.Where(IsHeld),
        DataTypes.Map(DataTypes.String.NotNull(), DataTypes.Array(DataTypes.Row(new(1, "x", DataTypes.Int), new(2, "y", DataTypes.Bytes)))),
        DataTypes.Array(DataTypes.Map(DataTypes.Int.NotNull(), DataTypes.Decimal(30, 5))),
    ];

    [Fact]
    public void Random_columns_read_back_as_written_in_any_steps() => Prop.ForAll<int>(seed =>
    {
        var random = new RandomRows(seed);
        var type = RowOf(random, 1 + random.Next(4));
        var rows = random.Next(3) == 0 ? random.Next(3) : random.Next(2000);
        ColumnVector[] columns = [.. type.Fields.Select(field => random.Vector(field.Type, rows))];
        var io = new MemoryFileIO();
        WriteAsync(io, type, columns, Codecs[random.Next(Codecs.Length)]).GetAwaiter().GetResult();
        CompareAsync(io, type, columns, random).GetAwaiter().GetResult();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public async Task Damaged_files_of_nested_columns_give_rows_or_a_typed_error_within_the_memory_of_the_file()
    {
        var random = new RandomRows(5);
        var type = DataTypes.Row([.. Types.Select((column, i) => new DataField(i, $"c{i}", column))]);
        ColumnVector[] columns = [.. type.Fields.Select(field => random.Vector(field.Type, 40))];
        var io = new MemoryFileIO();
        foreach (var codec in Codecs)
        {
            await WriteAsync(io, type, columns, codec);
            var whole = await PaimonSharp.Storage.Metadata.SmallFiles.ReadAsync(io, Path, default);
            var damage = new Random(codec.Length);
            for (var round = 0; round < Fuzz.Rounds / Codecs.Length; round++)
            {
                var bytes = whole;
                Fuzz.Damage(ref bytes, damage);
                await io.ReplaceAsync(Path, bytes);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    await ReadAllAsync(io, type);
                }
                catch (PaimonException error)
                {
                    Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, error.ToString());
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
            }
        }
    }

    private static bool IsHeld(DataType type)
    {
        try
        {
            AvroSchemaText.Of(DataTypes.Row(new DataField(0, "c", type)));
            return true;
        }
        catch (PaimonException e) when (e.Kind is ErrorKind.Unsupported or ErrorKind.Invalid)
        {
            return false;
        }
    }

    private static RowType RowOf(RandomRows random, int fields) =>
        DataTypes.Row([.. Enumerable.Range(0, fields).Select(i => new DataField(i, $"c{i}", Types[random.Next(Types.Length)]))]);

    private static async Task WriteAsync(MemoryFileIO io, RowType type, ColumnVector[] columns, string codec)
    {
        await io.DeleteAsync(Path);
        await using var writer = Format.CreateWriter(
            await io.CreateAsync(Path), type, new FormatWriterOptions { Compression = codec });
        await writer.WriteAsync(columns, 0, columns[0].Length, default);
        await writer.FinishAsync(default);
    }

    private static async Task ReadAllAsync(MemoryFileIO io, RowType type)
    {
        await using var reader = await Format.OpenAsync(await io.OpenAsync(Path), default);
        await using var cursor = reader.OpenCursor(type);
        ColumnVector[] columns = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        while (await cursor.ReadAsync(columns, 100, default) > 0)
        {
        }
    }

    private static async Task CompareAsync(MemoryFileIO io, RowType type, ColumnVector[] columns, RandomRows random)
    {
        await using var reader = await Format.OpenAsync(await io.OpenAsync(Path), default);
        Assert.Equal(columns[0].Length, reader.RowCount);
        await using var cursor = reader.OpenCursor(type);
        var expected = new BinaryRowWriter(type);
        var found = new BinaryRowWriter(type);
        while (cursor.Position < reader.RowCount)
        {
            await cursor.SkipAsync(Math.Min(random.Next(50), reader.RowCount - cursor.Position), default);
            var start = (int)cursor.Position;
            ColumnVector[] piece = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
            var rows = await cursor.ReadAsync(piece, 1 + random.Next(700), default);
            for (var row = 0; row < rows; row++)
            {
                Assert.Equal(expected.WriteSerialized(columns, start + row).ToArray(), found.WriteSerialized(piece, row).ToArray());
            }
        }
    }
}

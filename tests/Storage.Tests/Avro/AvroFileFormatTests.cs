using System.IO.Compression;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Avro;

public sealed class AvroFileFormatTests
{
    private static readonly AvroFileFormat Format = new(new SeededIds(1));

    [Theory]
    [InlineData("zstd")]
    [InlineData("snappy")]
    [InlineData("deflate")]
    [InlineData("null")]
    public async Task Columns_of_every_type_are_read_as_they_were_written(string compression)
    {
        var (written, refused) = (0, 0);
        foreach (var vector in Vectors("simple-stats.jsonl"))
        {
            var type = DataTypes.Row(
                new DataField(0, "c", DataTypeJson.Read(vector.GetProperty("type"))),
                new DataField(1, "n", DataTypes.BigInt.NotNull()));
            ColumnVector[] columns = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
            foreach (var value in vector.GetProperty("values").EnumerateArray())
            {
                GoldenValues.Append(columns[0], value);
                ((FixedVector<long>)columns[1]).Append(columns[1].Length);
            }

            try
            {
                var io = new MemoryFileIO();
                var result = await WriteAsync(io, type, columns, compression);
                Assert.Equal(columns[0].Length, result.RowCount);
                Assert.Equal(columns[0].NullCount, result.Statistics[0].NullCount);
                var read = await ReadAsync(io, type, 1000);
                Assert.Equal(Rows(type, columns), Rows(type, read));
                written++;
            }
            catch (PaimonException error) when (error.Kind is ErrorKind.Unsupported or ErrorKind.Invalid)
            {
                Assert.Contains("Avro files cannot hold", error.Message);
                refused++;
            }
        }

        Assert.True(written > 200 && refused < 60, $"{written} written, {refused} refused");
    }

    [Fact]
    public async Task Skipping_and_reading_by_pieces_give_the_rows_at_their_positions()
    {
        const int Count = 50_000;
        var type = DataTypes.Row(
            new DataField(0, "k", DataTypes.Int.NotNull()), new DataField(1, "v", DataTypes.String), new DataField(2, "x", DataTypes.Double));
        ColumnVector[] columns = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        for (var i = 0; i < Count; i++)
        {
            ((FixedVector<int>)columns[0]).Append(i);
            ((BinaryVector)columns[1]).Append($"value {i}");
            columns[2].AppendNull();
        }

        var io = new MemoryFileIO();
        await WriteAsync(io, type, columns, "zstd");
        await using var reader = await Format.OpenAsync(await io.OpenAsync("/f.avro"), default);
        Assert.Equal(Count, reader.RowCount);
        Assert.Equal(["k", "v", "x"], reader.ColumnNames);
        var wanted = DataTypes.Row(new DataField(0, "k", DataTypes.Int.NotNull()), new DataField(9, "added", DataTypes.Int));
        await using var cursor = reader.OpenCursor(wanted);
        var random = new Random(7);
        while (cursor.Position < Count)
        {
            await cursor.SkipAsync(Math.Min(random.Next(9000), Count - cursor.Position), default);
            var expected = (int)cursor.Position;
            ColumnVector[] piece = [.. wanted.Fields.Select(field => ColumnVector.Create(field.Type))];
            var read = await cursor.ReadAsync(piece, random.Next(1, 5000), default);
            Assert.Equal(read, piece[1].NullCount);
            Assert.Equal(Enumerable.Range(expected, read), ((FixedVector<int>)piece[0]).Values.ToArray());
        }
    }

    [Fact]
    public async Task Every_golden_data_file_is_read_to_its_last_row()
    {
        var files = 0;
        var type = DataTypes.Row(
            new DataField(0, "_SEQUENCE_NUMBER", DataTypes.BigInt), new DataField(1, "_VALUE_KIND", DataTypes.TinyInt));
        await foreach (var bytes in GoldenFilesAsync())
        {
            var io = new MemoryFileIO();
            await io.ReplaceAsync("/f.avro", bytes);
            await using var reader = await Format.OpenAsync(await io.OpenAsync("/f.avro"), default);
            var read = await ReadAsync(io, type, 100);
            Assert.Equal(reader.RowCount, read[0].Length);
            files++;
        }

        Assert.True(files > 500, $"{files} files");
    }

    [Fact]
    public async Task Damaged_files_are_refused_and_never_crash()
    {
        var type = DataTypes.Row(new DataField(0, "k", DataTypes.BigInt), new DataField(1, "v", DataTypes.String));
        ColumnVector[] columns = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        for (var i = 0; i < 100; i++)
        {
            ((FixedVector<long>)columns[0]).Append(i * 1000);
            ((BinaryVector)columns[1]).Append($"value {i}");
        }

        var io = new MemoryFileIO();
        await WriteAsync(io, type, columns, "null");
        var bytes = await PaimonSharp.Storage.Metadata.SmallFiles.ReadAsync(io, "/f.avro", default);
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = bytes[..(round % 2 == 0 ? bytes.Length : random.Next(bytes.Length))];
            for (var i = 0; i < 3 && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            await io.ReplaceAsync("/f.avro", damaged);
            try
            {
                await ReadAsync(io, type, 100);
            }
            catch (PaimonException error)
            {
                Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, error.ToString());
            }
        }
    }

    private static async Task<FormatWriteResult> WriteAsync(
        MemoryFileIO io, RowType type, ColumnVector[] columns, string compression)
    {
        await io.DeleteAsync("/f.avro");
        await using var writer = Format.CreateWriter(
            await io.CreateAsync("/f.avro"), type, new FormatWriterOptions { Compression = compression });
        await writer.WriteAsync(columns, 0, columns[0].Length, default);
        return await writer.FinishAsync(default);
    }

    private static async Task<ColumnVector[]> ReadAsync(MemoryFileIO io, RowType type, int batch)
    {
        await using var reader = await Format.OpenAsync(await io.OpenAsync("/f.avro"), default);
        await using var cursor = reader.OpenCursor(type);
        ColumnVector[] columns = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        while (await cursor.ReadAsync(columns, batch, default) > 0)
        {
        }

        return columns;
    }

    private static List<string> Rows(RowType type, ColumnVector[] columns)
    {
        var writer = new BinaryRowWriter(type);
        return [.. Enumerable.Range(0, columns[0].Length).Select(row => Convert.ToHexString(writer.WriteSerialized(columns, row)))];
    }

    private static async IAsyncEnumerable<byte[]> GoldenFilesAsync()
    {
        var golden = GoldenData.Golden;
        Assert.SkipUnless(Directory.Exists(golden), $"no golden tables at {golden}");
        foreach (var file in Directory.EnumerateFiles(golden, "*.avro", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            if (bytes.Length > 0)
            {
                yield return bytes;
            }
        }

        foreach (var zip in Directory.EnumerateFiles(golden, "table.zip", SearchOption.AllDirectories))
        {
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries.Where(entry => entry.Name.EndsWith(".avro", StringComparison.Ordinal)))
            {
                await using var stream = entry.Open();
                using var bytes = new MemoryStream();
                await stream.CopyToAsync(bytes);
                if (bytes.Length > 0)
                {
                    yield return bytes.ToArray();
                }
            }
        }
    }

    private static IEnumerable<JsonElement> Vectors(string name)
    {
        var path = GoldenData.VectorPath(name);
        Assert.SkipUnless(File.Exists(path), $"no vectors at {path}");
        return File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);
    }
}

using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Formats.Parquet.Reading;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Parquet;

public sealed class ParquetRoundTripTests
{
    private static readonly string[] Codecs = ["none", "snappy", "gzip", "lz4", "lz4_raw", "zstd"];

    public static TheoryData<string> AllCodecs => [.. Codecs];

    [Theory]
    [MemberData(nameof(AllCodecs))]
    public async Task Every_type_reads_back_as_written_with_every_codec(string codec)
    {
        var rowType = ParquetTypes.RowOf(ParquetTypes.All);
        var random = new RandomRows(codec.Length);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, 3000))];
        await RoundTripAsync(rowType, columns, new FormatWriterOptions { Compression = codec }, 777);
    }

    [Fact]
    public void Random_columns_read_back_as_written()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new RandomRows(seed);
            var rowType = ParquetTypes.RowOf(
                Enumerable.Range(0, 1 + random.Next(4)).Select(_ => ParquetTypes.All[random.Next(ParquetTypes.All.Count)]));
            var rows = random.Next(4) switch { 0 => random.Next(3), 1 => random.Next(100), _ => random.Next(6000) };
            ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, rows))];
            var options = new FormatWriterOptions
            {
                Compression = Codecs[random.Next(Codecs.Length)],
                PageSizeBytes = random.Next(3) switch { 0 => 1, 1 => 1 + random.Next(500), _ => 1 << 20 },
                BlockSizeBytes = random.Next(2) == 0 ? 1 + random.Next(50_000) : 128 << 20,
                EnableDictionary = random.Next(2) == 0,
            };
            RoundTripAsync(rowType, columns, options, 1 + random.Next(5000)).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Skipping_and_reading_in_any_steps_gives_the_rows_at_the_position()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new RandomRows(seed);
            var rowType = ParquetTypes.RowOf(
                Enumerable.Range(0, 3).Select(_ => ParquetTypes.All[random.Next(ParquetTypes.All.Count)]));
            ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, 4000))];
            var options = new FormatWriterOptions
            {
                Compression = "none",
                PageSizeBytes = 1 + random.Next(2000),
                BlockSizeBytes = 1 + random.Next(400_000),
            };
            SkipAndReadAsync(rowType, columns, options, random).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(20_000, false)]
    [InlineData(4_500, true)]
    [InlineData(100, true)]
    public async Task A_dictionary_is_given_up_when_the_first_values_are_nearly_all_different(int distinct, bool isKept)
    {
        const int Rows = 20_000;
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt.NotNull(), DataTypes.String.NotNull()]);
        var numbers = new FixedVector<long>(DataTypes.BigInt.NotNull());
        var texts = new BinaryVector(DataTypes.String.NotNull());
        var random = new Random(distinct);
        for (var i = 0; i < Rows; i++)
        {
            var value = distinct == Rows ? i : random.Next(distinct);
            numbers.Append(value * 1_000_003L);
            texts.Append($"a text of some length, number {value}");
        }

        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, [numbers, texts], new FormatWriterOptions { Compression = "none" });
        var input = await io.OpenAsync("/f.parquet", TestContext.Current.CancellationToken);
        await using var reader = (ParquetReader)await ParquetFileFormat.Instance.OpenAsync(
            input, TestContext.Current.CancellationToken);
        Assert.All(reader.Footer.RowGroups[0].Columns, chunk => Assert.Equal(isKept, chunk.DictionaryPageOffset is not null));
        await using var cursor = reader.OpenCursor(rowType);
        ColumnVector[] read = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        Assert.Equal(Rows, await cursor.ReadAsync(read, Rows, TestContext.Current.CancellationToken));
        VectorAssert.Equal(numbers, 0, read[0], "numbers");
        VectorAssert.Equal(texts, 0, read[1], "texts");
    }

    [Fact]
    public async Task Skipping_over_a_large_chunk_reads_few_bytes()
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt.NotNull()]);
        var values = new FixedVector<long>(DataTypes.BigInt.NotNull());
        for (var i = 0L; i < 1_000_000; i++)
        {
            values.Append(i * 7919);
        }

        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, [values], new FormatWriterOptions { Compression = "none" }, 100_000);
        await using var counting = new CountingInputFile(await io.OpenAsync("/f.parquet", cancel));
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(counting, cancel);
        await using var cursor = reader.OpenCursor(rowType);
        await cursor.SkipAsync(900_001, cancel);
        var read = ColumnVector.Create(DataTypes.BigInt.NotNull());
        Assert.Equal(10, await cursor.ReadAsync([read], 10, cancel));
        VectorAssert.Equal(values, 900_001, read, "after the skip");
        Assert.InRange(counting.BytesRead, 1, 3 << 20);
    }

    [Fact]
    public async Task Several_cursors_of_one_reader_do_not_disturb_each_other()
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf([DataTypes.String, DataTypes.Array(DataTypes.Int)]);
        var random = new RandomRows(5);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, 5000))];
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, columns, new FormatWriterOptions { PageSizeBytes = 500 });
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync("/f.parquet", cancel), cancel);
        await using var first = reader.OpenCursor(rowType);
        await using var second = reader.OpenCursor(rowType);
        for (var i = 0; i < 5000; i += 50)
        {
            foreach (var cursor in new[] { first, second })
            {
                ColumnVector[] read = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
                Assert.Equal(50, await cursor.ReadAsync(read, 50, cancel));
                VectorAssert.Equal(columns[0], i, read[0], "strings");
                VectorAssert.Equal(columns[1], i, read[1], "lists");
            }
        }
    }

    [Fact]
    public async Task A_column_that_the_file_lacks_reads_as_NULL_and_order_does_not_matter()
    {
        var io = new MemoryFileIO();
        var rowType = ParquetTypes.RowOf([DataTypes.Int, DataTypes.String]);
        var random = new RandomRows(3);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, 100))];
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, columns, new FormatWriterOptions());
        var wanted = DataTypes.Row(rowType.Fields[1], new DataField(9, "missing", DataTypes.Double), rowType.Fields[0]);
        var read = await ParquetFiles.ReadAsync(io, "/f.parquet", wanted);
        VectorAssert.Equal([columns[1], columns[0]], [read[0], read[2]]);
        Assert.Equal(100, read[1].NullCount);
    }

    [Fact]
    public async Task A_NULL_in_a_column_that_may_not_be_NULL_is_refused_on_both_sides()
    {
        var io = new MemoryFileIO();
        var vector = new FixedVector<int>(DataTypes.Int);
        vector.Append(1);
        vector.AppendNull();
        var strict = ParquetTypes.RowOf([DataTypes.Int.NotNull()]);
        var error = await Assert.ThrowsAsync<PaimonException>(
            () => ParquetFiles.WriteAsync(io, "/strict.parquet", strict, [vector], new FormatWriterOptions()));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        await ParquetFiles.WriteAsync(io, "/f.parquet", ParquetTypes.RowOf([DataTypes.Int]), [vector], new FormatWriterOptions());
        await Assert.ThrowsAsync<CorruptDataException>(() => ParquetFiles.ReadAsync(io, "/f.parquet", strict));
    }

    [Fact]
    public async Task Statistics_cover_all_row_groups_with_NaN_largest_and_both_zeros_apart()
    {
        var io = new MemoryFileIO();
        var doubles = new FixedVector<double>(DataTypes.Double);
        var texts = new BinaryVector(DataTypes.String);
        for (var i = 0; i < 10_000; i++)
        {
            doubles.Append(i == 9_000 ? double.NaN : i == 50 ? -0.0 : i % 10);
            texts.Append(i == 7_777 ? "zz" : "m" + i);
        }

        doubles.AppendNull();
        texts.AppendNull();
        var result = await ParquetFiles.WriteAsync(
            io, "/f.parquet", ParquetTypes.RowOf([DataTypes.Double, DataTypes.String]), [doubles, texts],
            new FormatWriterOptions { BlockSizeBytes = 30_000 });
        Assert.Equal(1, result.Statistics[0].NullCount);
        Assert.True(double.IsNegative(((FixedVector<double>)result.Statistics[0].Min!).Values[0]));
        Assert.Equal(double.NaN, ((FixedVector<double>)result.Statistics[0].Max!).Values[0]);
        Assert.Equal("m0"u8, ((BinaryVector)result.Statistics[1].Min!)[0]);
        Assert.Equal("zz"u8, ((BinaryVector)result.Statistics[1].Max!)[0]);
        Assert.Equal(10_001, result.RowCount);
    }

    private static async Task RoundTripAsync(RowType rowType, ColumnVector[] columns, FormatWriterOptions options, int batch)
    {
        var io = new MemoryFileIO();
        var result = await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, columns, options, batch);
        Assert.Equal((columns[0].Length, columns.Length), ((int)result.RowCount, result.Statistics.Count));
        for (var i = 0; i < columns.Length; i++)
        {
            // Of nested columns nothing is known, as in Paimon.
            var isNested = columns[i] is ListVector or MapVector or StructVector;
            Assert.Equal(isNested ? null : columns[i].NullCount, result.Statistics[i].NullCount);
        }

        var read = await ParquetFiles.ReadAsync(io, "/f.parquet", rowType, batch);
        Assert.All(read, vector => Assert.Equal(columns[0].Length, vector.Length));
        VectorAssert.Equal(columns, read);
    }

    private static async Task SkipAndReadAsync(
        RowType rowType, ColumnVector[] columns, FormatWriterOptions options, RandomRows random)
    {
        var cancel = TestContext.Current.CancellationToken;
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, columns, options);
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync("/f.parquet", cancel), cancel);
        await using var cursor = reader.OpenCursor(rowType);
        while (cursor.Position < reader.RowCount)
        {
            await cursor.SkipAsync(Math.Min(random.Next(700), reader.RowCount - cursor.Position), cancel);
            var start = (int)cursor.Position;
            ColumnVector[] read = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
            var count = await cursor.ReadAsync(read, random.Next(300), cancel);
            for (var i = 0; i < columns.Length; i++)
            {
                Assert.Equal(count, read[i].Length);
                VectorAssert.Equal(columns[i], start, read[i], $"column {i} from row {start}");
            }
        }
    }
}

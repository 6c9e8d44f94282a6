using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>DuckDB as the other reader and the other writer.</summary>
public sealed class ParquetDuckDbTests
{
    // DuckDB keeps neither nanoseconds of INT96 nor instants of milliseconds apart from those of microseconds.
    private static readonly RowType Types = ParquetTypes.RowOf(
    [
        DataTypes.Boolean, DataTypes.TinyInt, DataTypes.SmallInt, DataTypes.Int, DataTypes.BigInt.NotNull(), DataTypes.Float,
        DataTypes.Double, DataTypes.Decimal(5, 2), DataTypes.Decimal(18, 3), DataTypes.Decimal(38, 10), DataTypes.String,
        DataTypes.Bytes, DataTypes.Date, DataTypes.Timestamp(3), DataTypes.Timestamp(6), DataTypes.TimestampLtz(6),
        DataTypes.Array(DataTypes.String), DataTypes.Map(DataTypes.String, DataTypes.Int),
        DataTypes.Row(new DataField(90, "a", DataTypes.Int), new DataField(91, "b", DataTypes.Array(DataTypes.Double))),
    ]);

    public static TheoryData<string, string> Writers => new()
    {
        { "none", "FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v1" },
        { "none", "FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v2" },
        { "snappy", "FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2" },
        { "gzip", "FORMAT parquet, COMPRESSION gzip, PARQUET_VERSION v1" },
        { "zstd", "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1" },
        { "lz4_raw", "FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 2048" },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task DuckDB_reads_our_file_and_we_read_what_it_writes_of_it(string codec, string options)
    {
        using var folder = new TempDirectory("parquet");
        var io = new LocalFileIO();
        var random = new RandomRows(options.Length);
        ColumnVector[] columns = [.. Types.Fields.Select(field => random.Vector(field.Type, 5000))];
        var (ours, theirs) = (folder.File("ours.parquet"), folder.File("theirs.parquet"));
        await ParquetFiles.WriteAsync(io, ours, Types, columns, new FormatWriterOptions
        {
            Compression = codec,
            PageSizeBytes = 5000,
            BlockSizeBytes = 400_000,
        });
        await DuckDb.QueryAsync($"set preserve_insertion_order = true; copy (select * from read_parquet('{ours}')) to '{theirs}' ({options})");
        var read = await ParquetFiles.ReadAsync(io, theirs, Nullable(Types));
        Assert.All(read, vector => Assert.Equal(5000, vector.Length));
        VectorAssert.Equal(columns, read);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("lz4_raw")]
    [InlineData("zstd")]
    public async Task DuckDB_reads_integers_that_are_stored_as_differences(string codec)
    {
        using var folder = new TempDirectory("parquet");
        var io = new LocalFileIO();
        var rowType = ParquetTypes.RowOf(
        [
            DataTypes.SmallInt, DataTypes.Int, DataTypes.BigInt.NotNull(), DataTypes.Decimal(9, 2), DataTypes.Decimal(18, 3),
            DataTypes.Date, DataTypes.Timestamp(6),
        ]);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        var random = new Random(3);
        for (var row = 0; row < 30_000; row++)
        {
            var number = (row * 11L) + random.Next(9);
            ((FixedVector<short>)columns[0]).Append((short)number);
            ((FixedVector<int>)columns[1]).Append((int)((number * 65_537) - int.MaxValue));
            ((FixedVector<long>)columns[2]).Append(long.MaxValue - number);
            ((FixedVector<long>)columns[3]).Append(number - 100_000);
            ((FixedVector<long>)columns[4]).Append(number * 1_000_003);
            ((FixedVector<int>)columns[5]).Append((int)(number / 10));
            ((FixedVector<long>)columns[6]).Append(number * 1_234_567);
            if (row % 7 == 0)
            {
                Array.ForEach(columns, column => column.AppendRange(ColumnOf(column), 0, 1));
            }
        }

        var (ours, theirs) = (folder.File("ours.parquet"), folder.File("theirs.parquet"));
        await ParquetFiles.WriteAsync(io, ours, rowType, columns, new FormatWriterOptions { Compression = codec, PageSizeBytes = 50_000 });
        var chunks = await DuckDb.QueryAsync($"select encodings e from parquet_metadata('{ours}')");
        Assert.Equal(rowType.Fields.Count, chunks.Count);
        Assert.All(chunks, chunk => Assert.Contains("DELTA_BINARY_PACKED", chunk.GetProperty("e").GetString(), StringComparison.Ordinal));
        await DuckDb.QueryAsync($"set preserve_insertion_order = true; copy (select * from read_parquet('{ours}')) to '{theirs}' (FORMAT parquet)");
        VectorAssert.Equal(columns, await ParquetFiles.ReadAsync(io, theirs, Nullable(rowType)));
        VectorAssert.Equal(columns, await ParquetFiles.ReadAsync(io, ours, rowType));

        static ColumnVector ColumnOf(ColumnVector column)
        {
            var one = ColumnVector.Create(column.Type);
            if (column.Type.IsNullable)
            {
                one.AppendNull();
            }
            else
            {
                one.AppendRange(column, column.Length - 1, 1);
            }

            return one;
        }
    }

    [Theory]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Columns_of_NULL_only_have_no_dictionary(string codec)
    {
        using var folder = new TempDirectory("parquet");
        var rowType = ParquetTypes.RowOf([DataTypes.Int, DataTypes.String, DataTypes.Decimal(38, 0), DataTypes.Bytes]);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        Array.ForEach(columns, column => column.AppendNulls(3));
        var path = folder.File("nulls.parquet");
        await ParquetFiles.WriteAsync(new LocalFileIO(), path, rowType, columns, new FormatWriterOptions { Compression = codec });

        var chunks = await DuckDb.QueryAsync($"select dictionary_page_offset d, num_values n from parquet_metadata('{path}')");
        Assert.Equal(4, chunks.Count);
        Assert.All(chunks, chunk => Assert.Equal((JsonValueKind.Null, 3), (chunk.GetProperty("d").ValueKind, chunk.GetProperty("n").GetInt32())));
        var rows = await DuckDb.QueryAsync($"select count(*) n, count(columns(*)) from read_parquet('{path}')");
        Assert.Equal(3, rows[0].GetProperty("n").GetInt32());
        VectorAssert.Equal(columns, await ParquetFiles.ReadAsync(new LocalFileIO(), path, rowType));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Values_that_DuckDB_writes_are_read_as_they_are(string version)
    {
        using var folder = new TempDirectory("parquet");
        var path = folder.File("theirs.parquet");
        await DuckDb.QueryAsync(
            "copy (select i::bigint as a, (i * 1000003)::int as b, 'text ' || i as c, i % 3 = 0 as d, (i / 7)::decimal(10, 3) as e, "
            + "timestamp '1969-12-31 23:59:58.5' + to_seconds(i) as f, (i / 3.0)::double as g, i::usmallint as h, "
            + "[i, null, i + 1] as k, 'prefix-of-all-' || (i * 7919) as m, i::utinyint::uinteger as n, "
            + "case when i % 4 = 0 then null else i * 1000000000000 end as o, time '01:02:03.004' as p "
            + $"from range(200) t(i)) to '{path}' (FORMAT parquet, PARQUET_VERSION {version}, DICTIONARY_SIZE_LIMIT 1)");
        var rowType = new RowType(
        [
            new DataField(0, "a", DataTypes.BigInt), new DataField(1, "b", DataTypes.Int), new DataField(2, "c", DataTypes.String),
            new DataField(3, "d", DataTypes.Boolean), new DataField(4, "e", DataTypes.Decimal(10, 3)),
            new DataField(5, "f", DataTypes.Timestamp(3)), new DataField(6, "g", DataTypes.Double),
            new DataField(7, "h", DataTypes.Int), new DataField(8, "k", DataTypes.Array(DataTypes.BigInt)),
            new DataField(9, "m", DataTypes.String), new DataField(10, "n", DataTypes.BigInt),
            new DataField(11, "o", DataTypes.BigInt), new DataField(12, "p", DataTypes.Time(3)),
        ]);
        var columns = await ParquetFiles.ReadAsync(new LocalFileIO(), path, rowType);
        Assert.Equal(
            "{\"a\":0,\"b\":0,\"c\":\"text 0\",\"d\":true,\"e\":\"0.000\",\"f\":\"1969-12-31T23:59:58.500\",\"g\":0,\"h\":0,"
            + "\"k\":[0,null,1],\"m\":\"prefix-of-all-0\",\"n\":0,\"o\":null,\"p\":\"01:02:03.004\"}",
            Json(rowType, columns, 0));
        Assert.Equal(
            "{\"a\":199,\"b\":199000597,\"c\":\"text 199\",\"d\":false,\"e\":\"28.429\",\"f\":\"1970-01-01T00:03:17.500\","
            + "\"g\":66.33333333333333,\"h\":199,\"k\":[199,null,200],\"m\":\"prefix-of-all-1575881\",\"n\":199,"
            + "\"o\":199000000000000,\"p\":\"01:02:03.004\"}",
            Json(rowType, columns, 199));
    }

    [Fact]
    public async Task Values_that_we_write_are_read_by_DuckDB_as_they_are()
    {
        using var folder = new TempDirectory("parquet");
        var path = folder.File("ours.parquet");
        var rowType = ParquetTypes.RowOf(
        [
            DataTypes.BigInt.NotNull(), DataTypes.String, DataTypes.Decimal(38, 2), DataTypes.Timestamp(9), DataTypes.Time(3),
            DataTypes.Array(DataTypes.String), DataTypes.Date,
        ]);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        ((FixedVector<long>)columns[0]).Append(-5);
        ((BinaryVector)columns[1]).Append("zwölf");
        ((FixedVector<Int128>)columns[2]).Append(-(Int128)12345678901234567890);
        ((FixedVector<NanoTimestamp>)columns[3]).Append(new NanoTimestamp(-1, 999_000));
        ((FixedVector<int>)columns[4]).Append(3_723_004);
        ((BinaryVector)((ListVector)columns[5]).Elements).Append("x");
        ((ListVector)columns[5]).Elements.AppendNull();
        ((ListVector)columns[5]).EndRow();
        ((FixedVector<int>)columns[6]).Append(-1);
        await ParquetFiles.WriteAsync(new LocalFileIO(), path, rowType, columns, new FormatWriterOptions());
        var rows = await DuckDb.QueryAsync(
            "select c0::varchar a, c1, c2::varchar c, c3::varchar d, left(c4::varchar, 12) e, c5::varchar f, c6::varchar g "
            + $"from read_parquet('{path}')");
        Assert.Equal(
            "-5|zwölf|-123456789012345678.90|1969-12-31 23:59:59.999999|01:02:03.004|[x, NULL]|1969-12-31",
            string.Join('|', rows[0].EnumerateObject().Select(member => member.Value.GetString())));
    }

    [Fact]
    public async Task DuckDB_prunes_by_our_statistics_without_losing_rows()
    {
        using var folder = new TempDirectory("parquet");
        var path = folder.File("ours.parquet");
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt.NotNull(), DataTypes.String]);
        var (keys, texts) = (new FixedVector<long>(DataTypes.BigInt.NotNull()), new BinaryVector(DataTypes.String));
        for (var i = 0; i < 60_000; i++)
        {
            keys.Append(i);
            texts.Append(new string('ü', 40) + (i * 7919 % 60_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
        }

        await ParquetFiles.WriteAsync(
            new LocalFileIO(), path, rowType, [keys, texts], new FormatWriterOptions { BlockSizeBytes = 500_000, PageSizeBytes = 10_000 });
        var rows = await DuckDb.QueryAsync(
            $"select count(*)::int as n from read_parquet('{path}') where c0 between 31000 and 31099 "
            + "or c1 = repeat('ü', 40) || '000017'");
        Assert.Equal(101, rows[0].GetProperty("n").GetInt32());
    }

    private static RowType Nullable(RowType rowType) =>
        new([.. rowType.Fields.Select(field => field with { Type = field.Type.Nullable() })]);

    private static string Json(RowType rowType, ColumnVector[] columns, int row)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            JsonValueWriter.WriteRow(writer, new ColumnBatch(rowType, columns, columns[0].Length), row);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

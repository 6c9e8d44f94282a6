using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Rows that statistics of row groups and pages rule out.</summary>
public sealed class ParquetPruningTests
{
    private const int Rows = 4000;

    private static readonly PredicateOperator[] Comparisons =
    [
        PredicateOperator.Equal, PredicateOperator.NotEqual, PredicateOperator.LessThan, PredicateOperator.LessOrEqual,
        PredicateOperator.GreaterThan, PredicateOperator.GreaterOrEqual, PredicateOperator.In, PredicateOperator.NotIn,
    ];

    [Fact]
    public async Task No_condition_on_any_type_loses_a_row()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new RandomRows(seed);
            var rowType = ParquetTypes.RowOf(ParquetTypes.Scalars);
            ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, Rows))];
            var io = new MemoryFileIO();
            await ParquetFiles.WriteAsync(io, "/t/f.parquet", rowType, columns, new FormatWriterOptions
            {
                PageSizeBytes = seed % 2 == 0 ? 500 : 1 << 20,
                BlockSizeBytes = seed % 3 == 0 ? 50_000 : 128 << 20,
                EnableDictionary = seed % 2 == 0,
            });
            await AssertNoRowIsLostAsync(io, "/t/f.parquet", rowType, columns, random);
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task No_row_of_a_file_of_DuckDB_is_lost_and_row_groups_are_ruled_out(string version)
    {
        using var folder = new TempDirectory("pruning");
        var path = folder.File("theirs.parquet");
        await DuckDb.QueryAsync(
            "copy (select i::bigint as a, case when i % 9 = 0 then 'nan'::double else i * 0.5 end as b, 'text ' || lpad(i::text, 5, '0') as c, "
            + "(i / 7)::decimal(10, 3) as d, timestamp '2020-01-01' + to_seconds(i) as e, case when i < 4100 then null else i::int end as f "
            + $"from range(9000) t(i)) to '{path}' (FORMAT parquet, PARQUET_VERSION {version}, ROW_GROUP_SIZE 2048)");
        var rowType = ParquetTypes.RowOf(
            [DataTypes.BigInt, DataTypes.Double, DataTypes.String, DataTypes.Decimal(10, 3), DataTypes.Timestamp(6), DataTypes.Int]);
        rowType = new RowType([.. rowType.Fields.Select((field, i) => field with { Name = ((char)('a' + i)).ToString() })]);
        var columns = await ParquetFiles.ReadAsync(new LocalFileIO(), path, rowType);
        await AssertNoRowIsLostAsync(new LocalFileIO(), path, rowType, columns, new RandomRows(1));
        var small = await FindAsync(new LocalFileIO(), path, rowType, Predicate.Leaf(rowType, "a", PredicateOperator.LessThan, 100));
        Assert.Equal(2048, small.Rows!.Cardinality);
        var filled = await FindAsync(new LocalFileIO(), path, rowType, Predicate.Leaf(rowType, "f", PredicateOperator.IsNotNull));
        Assert.Equal(9000 - 4096, filled.Rows!.Cardinality);
    }

    [Fact]
    public async Task Few_pages_of_a_sorted_column_are_left_and_only_they_are_read()
    {
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt, DataTypes.String]);
        var numbers = new FixedVector<long>(DataTypes.BigInt);
        var texts = new BinaryVector(DataTypes.String);
        for (var row = 0; row < 200_000; row++)
        {
            numbers.Append(row);
            texts.Append($"text {row} of many that make the pages large {row * 7919L}");
        }

        var io = new MemoryFileIO();
        ColumnVector[] columns = [numbers, texts];
        var result = await ParquetFiles.WriteAsync(io, "/t/f.parquet", rowType, columns, new FormatWriterOptions { Compression = "none" });
        var between = Predicate.And(
            Predicate.Leaf(rowType, "c0", PredicateOperator.GreaterOrEqual, 100_000),
            Predicate.Leaf(rowType, "c0", PredicateOperator.LessThan, 100_010));
        var found = (await FindAsync(io, "/t/f.parquet", rowType, between)).Rows!;
        Assert.InRange(found.Cardinality, 10, 20_000);
        Assert.True(found.Contains(100_000) && found.Contains(100_009));

        var cancel = TestContext.Current.CancellationToken;
        var file = new CountingInputFile(await io.OpenAsync("/t/f.parquet", cancel));
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(file, cancel);
        await using var cursor = reader.OpenCursor(rowType, 64 << 10);
        ColumnVector[] read = [new FixedVector<long>(DataTypes.BigInt), new BinaryVector(DataTypes.String)];
        await cursor.SkipAsync(found.Next(0), cancel);
        await cursor.ReadAsync(read, (int)found.Cardinality, cancel);
        Assert.Equal(found.Next(0), ((FixedVector<long>)read[0]).Values[0]);
        Assert.InRange(file.BytesRead, 1, result.SizeBytes / 4);
    }

    [Fact]
    public async Task DuckDB_finds_the_same_rows_by_our_statistics()
    {
        using var folder = new TempDirectory("pruning");
        var path = folder.File("ours.parquet");
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt, DataTypes.String, DataTypes.Decimal(18, 3)]);
        var random = new RandomRows(5);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, Rows))];
        await ParquetFiles.WriteAsync(
            new LocalFileIO(), path, rowType, columns, new FormatWriterOptions { PageSizeBytes = 600, BlockSizeBytes = 20_000 });
        var numbers = (FixedVector<long>)columns[0];
        for (var row = 0; row < 20; row++)
        {
            if (numbers.IsNull(row))
            {
                continue;
            }

            var value = numbers.Values[row];
            var expected = Enumerable.Range(0, Rows).Count(i => !numbers.IsNull(i) && numbers.Values[i] <= value);
            var counted = await DuckDb.QueryAsync($"select count(*)::int as n from read_parquet('{path}') where c0 <= {value}");
            Assert.Equal(expected, counted[0].GetProperty("n").GetInt32());
        }
    }

    [Fact]
    public async Task Damaged_statistics_and_page_indexes_are_used_or_refused()
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt, DataTypes.String, DataTypes.Decimal(38, 10), DataTypes.Boolean]);
        var random = new RandomRows(9);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => random.Vector(field.Type, 300))];
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(
            io, "/t/f.parquet", rowType, columns, new FormatWriterOptions { PageSizeBytes = 300, BlockSizeBytes = 4000, Compression = "none" });
        await using var input = await io.OpenAsync("/t/f.parquet", cancel);
        var whole = new byte[input.SizeBytes];
        await input.ReadAsync(0, whole, cancel);
        var predicate = Predicate.And(
            [.. rowType.Fields.Select((field, i) => Predicate.Leaf(
                rowType, field.Name, PredicateOperator.LessOrEqual, new Row(new ColumnBatch(rowType, columns, 300), 7)[i] ?? "0"))]);
        var damages = new Random(9);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            // Where statistics and indexes are: at the end.
            var tail = whole[(whole.Length / 2)..];
            Fuzz.Damage(ref tail, damages);
            await io.ReplaceAsync("/t/g.parquet", (byte[])[.. whole.AsSpan(0, whole.Length / 2), .. tail], cancel);
            try
            {
                var found = await FindAsync(io, "/t/g.parquet", rowType, predicate);
                Assert.True(found.Rows is null || found.Rows.Cardinality >= 0);
            }
            catch (PaimonException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported)
            {
            }
        }
    }

    private static async Task AssertNoRowIsLostAsync(
        IFileIO io, string path, RowType rowType, ColumnVector[] columns, RandomRows random)
    {
        var batch = new ColumnBatch(rowType, columns, columns[0].Length);
        for (var column = 0; column < columns.Length; column++)
        {
            var name = rowType.Fields[column].Name;
            await AssertAsync(Predicate.Leaf(rowType, name, PredicateOperator.IsNull));
            for (var i = 0; i < 6; i++)
            {
                var row = random.Next(batch.RowCount);
                foreach (var comparison in Comparisons)
                {
                    await AssertAsync(Predicate.Leaf(rowType, name, comparison, new Row(batch, row)[column]));
                }
            }
        }

        async Task AssertAsync(Predicate leaf)
        {
            var result = await FindAsync(io, path, rowType, leaf);
            var selection = new RowSelection();
            leaf.Evaluate(batch, selection);
            for (var row = 0; row < batch.RowCount && result.Rows is not null; row++)
            {
                Assert.True(!selection[row] || result.Rows.Contains((uint)row), $"{leaf}, row {row}");
            }
        }
    }

    private static async Task<FileIndexResult> FindAsync(IFileIO io, string path, RowType rowType, Predicate predicate)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync(path, cancel), cancel);
        return await reader.FindRowsAsync(
            predicate, name => rowType.IndexOf(name) is >= 0 and var i ? rowType.Fields[i] : null, cancel);
    }
}

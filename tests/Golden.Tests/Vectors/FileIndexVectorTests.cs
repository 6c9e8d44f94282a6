using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Vectors;

public sealed class FileIndexVectorTests
{
    private static readonly PredicateOperator[] Comparisons =
    [
        PredicateOperator.Equal, PredicateOperator.NotEqual, PredicateOperator.LessThan, PredicateOperator.LessOrEqual,
        PredicateOperator.GreaterThan, PredicateOperator.GreaterOrEqual, PredicateOperator.In, PredicateOperator.NotIn,
    ];

    [Theory]
    [InlineData("file-index-bloom.jsonl", FileIndexKind.BloomFilter)]
    [InlineData("file-index-bitmap.jsonl", FileIndexKind.Bitmap)]
    [InlineData("file-index-bsi.jsonl", FileIndexKind.Bsi)]
    [InlineData("file-index-range-bitmap.jsonl", FileIndexKind.RangeBitmap)]
    public void Indexes_are_the_bytes_that_Paimon_writes(string file, string kind)
    {
        foreach (var line in GoldenVectors.Read(file))
        {
            var column = ColumnOf(line);
            if (line.TryGetProperty("error", out _))
            {
                var error = Assert.Throws<PaimonException>(() => Write(kind, column, line));
                Assert.True(error.Kind is ErrorKind.Unsupported or ErrorKind.Invalid, error.Message);
                continue;
            }

            var index = Write(kind, column, line);
            Assert.Equal(Hex(GoldenVectors.Bytes(line, "indexHex")), Hex(index));
            var container = GoldenVectors.Bytes(line, "containerHex")!;
            Assert.Equal(Hex(container), Hex(FileIndexContainer.Write([("c", kind, index)])));
            var read = FileIndexContainer.Read(container);
            Assert.Equal(["c"], read.Columns);
            Assert.Equal(Hex(index), Hex(read.IndexesOf("c")[kind]?.ToArray()));
        }
    }

    [Theory]
    [InlineData("file-index-bloom.jsonl")]
    [InlineData("file-index-bitmap.jsonl")]
    [InlineData("file-index-bsi.jsonl")]
    [InlineData("file-index-range-bitmap.jsonl")]
    public void Indexes_of_Paimon_give_at_least_the_rows_of_a_condition_and_seldom_more(string file)
    {
        var (exact, answered) = (0, 0);
        foreach (var line in GoldenVectors.Read(file))
        {
            if (GoldenVectors.Bytes(line, "containerHex") is not { } bytes)
            {
                continue;
            }

            var column = ColumnOf(line);
            var field = new DataField(0, "c", column.Type);
            var predicate = new FileIndexPredicate(FileIndexContainer.Read(bytes), name => name == "c" ? field : null);
            foreach (var leaf in LeavesOf(column))
            {
                var expected = RowsOf(leaf, column);
                var result = predicate.Test(leaf);
                if (result.Rows is null)
                {
                    continue;
                }

                answered++;
                var actual = Enumerable.Range(0, column.Length).Where(row => result.Rows.Contains((uint)row)).ToList();
                Assert.True(expected.All(actual.Contains), $"{leaf} on {line.GetRawText()[..Math.Min(300, line.GetRawText().Length)]}");
                Assert.Equal(result.Rows.Cardinality, actual.Count);
                exact += expected.Count == actual.Count ? 1 : 0;
            }
        }

        Assert.True(answered > 10 && exact >= answered * 0.9, $"{exact} of {answered} answers are exact");
    }

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(bytes);

    private static ColumnVector ColumnOf(JsonElement line)
    {
        var column = ColumnVector.Create(DataTypeJson.Read(line.GetProperty("type")));
        foreach (var value in line.GetProperty("values").EnumerateArray())
        {
            GoldenValues.Append(column, value);
        }

        return column;
    }

    private static byte[]? Write(string kind, ColumnVector column, JsonElement line)
    {
        var options = line.GetProperty("options").EnumerateObject()
            .ToDictionary(option => option.Name, option => option.Value.ToString());
        var writer = FileIndexWriter.Create(kind, "c", column.Type, new TableOptions(options));
        for (var row = 0; row < column.Length; row += 3)
        {
            writer.Add(column, row, Math.Min(3, column.Length - row));
        }

        return writer.Finish();
    }

    // Conditions by values of the column and by one that is not in it.
    private static IEnumerable<LeafPredicate> LeavesOf(ColumnVector column)
    {
        var none = ColumnVector.Create(column.Type.Nullable());
        yield return new LeafPredicate("c", PredicateOperator.IsNull, none);
        yield return new LeafPredicate("c", PredicateOperator.IsNotNull, none);
        for (var row = 0; row < Math.Min(12, column.Length); row++)
        {
            if (column.IsNull(row))
            {
                continue;
            }

            var literal = ColumnVector.Create(column.Type.Nullable());
            literal.AppendRange(column, row, 1);
            foreach (var comparison in Comparisons)
            {
                yield return new LeafPredicate("c", comparison, literal);
            }

            var other = Enumerable.Range(0, column.Length).Reverse().First(i => !column.IsNull(i));
            var pair = ColumnVector.Create(column.Type.Nullable());
            pair.AppendRange(column, row, 1);
            pair.AppendRange(column, other, 1);
            yield return new LeafPredicate("c", PredicateOperator.Between, pair);
            yield return new LeafPredicate("c", PredicateOperator.NotBetween, pair);
            yield return new LeafPredicate("c", PredicateOperator.In, pair);
            if (Shifted(column, row) is { } absent)
            {
                foreach (var comparison in Comparisons)
                {
                    yield return new LeafPredicate("c", comparison, absent);
                }
            }
        }
    }

    private static ColumnVector? Shifted(ColumnVector column, int row)
    {
        var literal = ColumnVector.Create(column.Type.Nullable());
        switch ((column, literal))
        {
            case (FixedVector<int> values, FixedVector<int> target):
                target.Append(values.Values[row] + 1);
                return target;
            case (FixedVector<long> values, FixedVector<long> target):
                target.Append(values.Values[row] - 1);
                return target;
            case (FixedVector<double> values, FixedVector<double> target):
                target.Append(-values.Values[row]);
                return target;
            case (BinaryVector values, BinaryVector target):
                target.Append([.. values[row], (byte)'!']);
                return target;
            default:
                return null;
        }
    }

    private static List<int> RowsOf(LeafPredicate leaf, ColumnVector column)
    {
        var batch = new ColumnBatch(DataTypes.Row(new DataField(0, "c", column.Type)), [column], column.Length);
        var selection = new RowSelection();
        leaf.Evaluate(batch, selection);
        return [.. Enumerable.Range(0, column.Length).Where(row => selection[row])];
    }
}

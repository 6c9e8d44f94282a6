using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Tests;

public class DataProperties
{
    [Fact]
    public void A_row_written_and_read_is_the_same_row() => ForSeeds(400, seed =>
    {
        var random = new RandomValues(seed);
        var rowType = random.Row(random.Next(12), () => random.Any());
        var columns = rowType.Fields.Select(field => random.Column(field.Type, 5)).ToArray();
        var read = rowType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
        var writer = new BinaryRowWriter(rowType);
        var reader = new BinaryRowReader(rowType);
        for (var row = 0; row < 5; row++)
        {
            reader.ReadSerialized(writer.WriteSerialized(columns, row), read);
            Assert.Equal(Texts(columns, row), Texts(read, row));
            Assert.Equal(writer.Hash(columns, row), writer.Hash(read, row));
        }
    });

    [Fact]
    public void Damaged_rows_are_errors_and_never_crashes() => ForSeeds(400, seed =>
    {
        var random = new RandomValues(seed);
        var rowType = random.Row(1 + random.Next(5), () => random.Any());
        var columns = rowType.Fields.Select(field => random.Column(field.Type, 1)).ToArray();
        var bytes = new BinaryRowWriter(rowType).WriteSerialized(columns, 0);
        for (var i = 0; i < 20; i++)
        {
            var damaged = bytes.AsSpan(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length).ToArray();
            if (damaged.Length > 0)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                new BinaryRowReader(rowType).ReadSerialized(damaged, [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))]);
            }
            catch (CorruptDataException)
            {
                // What is expected of most damage; some damage only changes a value.
            }
        }
    });

    [Fact]
    public void The_order_of_key_bytes_is_the_order_of_the_keys() => ForSeeds(400, seed =>
    {
        const int Rows = 24;
        var random = new RandomValues(seed);
        var keyType = random.Row(1 + random.Next(3), random.Scalar);
        var columns = keyType.Fields.Select(field => random.Column(field.Type, Rows)).ToArray();
        var encoder = new KeyEncoder(keyType);
        var keys = encoder.CreateKeys();
        var others = encoder.CreateKeys();
        encoder.Encode(columns, 0, 7, keys);
        encoder.Encode(columns, 7, Rows - 7, keys);
        encoder.Encode(columns, 0, Rows, others);
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Rows; j++)
            {
                var expected = CompareKeys(columns, i, j);
                Assert.True(expected == Math.Sign(keys.Compare(i, j)), $"{keyType}: {Texts(columns, i)} and {Texts(columns, j)}");
                Assert.Equal(expected, Math.Sign(keys.Compare(i, others, j)));
            }
        }
    });

    [Fact]
    public void A_predicate_selects_the_rows_that_a_naive_evaluation_selects_and_pruning_loses_none() => ForSeeds(400, seed =>
    {
        const int Rows = 130;
        var random = new RandomValues(seed);
        var rowType = random.Row(2, random.Scalar);
        var batch = new ColumnBatch(rowType, [.. rowType.Fields.Select(field => random.Column(field.Type, Rows))], Rows);
        var predicate = RandomPredicate(random, rowType, depth: 2);
        var selection = new RowSelection();
        predicate.Evaluate(batch, selection);
        var opposite = new RowSelection();
        predicate.Negate().Evaluate(batch, opposite);
        for (var row = 0; row < Rows; row++)
        {
            var expected = Naive(predicate, batch, row);
            Assert.True((expected == true) == selection[row], $"{predicate} on {Texts(batch.Columns, row)}");
            Assert.True((expected == false) == opposite[row], $"NOT {predicate} on {Texts(batch.Columns, row)}");
        }

        var rows = new int[selection.Count];
        Assert.Equal(rows.Length, selection.CopyRowsTo(rows));
        Assert.All(rows, row => Assert.True(selection[row]));
        if (rows.Length > 0)
        {
            Assert.True(predicate.MayMatch(name => BoundsOf(batch.Columns[rowType.IndexOf(name)])), predicate.ToString());
        }

        if (predicate.Project(["c0"]) is { } part)
        {
            part.Evaluate(batch, opposite);
            Assert.All(rows, row => Assert.True(opposite[row]));
        }
    });

    [Fact]
    public void Vectors_behave_as_lists() => ForSeeds(400, seed =>
    {
        var random = new RandomValues(seed);
        var type = random.Any();
        var vector = ColumnVector.Create(type);
        var model = new List<string>();
        for (var step = 0; step < 12; step++)
        {
            var source = random.Column(type, 1 + random.Next(90));
            var second = random.Column(type, 1 + random.Next(9));
            switch (random.Next(6))
            {
                case 0:
                    var start = random.Next(source.Length);
                    var count = random.Next(source.Length - start + 1);
                    vector.AppendRange(source, start, count);
                    model.AddRange(Enumerable.Range(start, count).Select(row => Text(source, row)));
                    break;
                case 1:
                    var rows = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(source.Length)).ToArray();
                    vector.AppendGather(source, rows);
                    model.AddRange(rows.Select(row => Text(source, row)));
                    break;
                case 2:
                    var references = Enumerable.Range(0, random.Next(30))
                        .Select(_ => random.Next(2) == 0 ? new RowReference(0, random.Next(source.Length)) : new RowReference(1, random.Next(second.Length)))
                        .ToArray();
                    vector.AppendGather([source, second], references);
                    model.AddRange(references.Select(row => Text(row.Source == 0 ? source : second, row.Row)));
                    break;
                case 3:
                    var keep = random.Next(vector.Length + 1);
                    vector.Truncate(keep);
                    model.RemoveRange(keep, model.Count - keep);
                    break;
                case 4 when type.IsNullable:
                    var nulls = random.Next(20);
                    vector.AppendNulls(nulls);
                    model.AddRange(Enumerable.Repeat("NULL", nulls));
                    break;
                case 5 when random.Next(4) == 0:
                    vector.Clear();
                    model.Clear();
                    break;
            }

            Assert.Equal(model, Enumerable.Range(0, vector.Length).Select(row => Text(vector, row)));
            Assert.Equal(model.Count(text => text == "NULL"), vector.NullCount);
        }
    });

    [Fact]
    public void A_schema_file_written_and_read_is_the_same_schema() => ForSeeds(200, seed =>
    {
        var random = new RandomValues(seed);
        var rowType = random.Row(2 + random.Next(6), () => random.Any(3));
        var options = Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"o{i}", i => "\"\\\u0007é" + random.Next(9));
        var schema = new TableSchema(seed, rowType.Fields, 99, ["c1"], ["c1", "c0"], options, random.Next(2) == 0 ? "x" : null, 5);
        Assert.Equal(schema, TableSchemaJson.Read(TableSchemaJson.Write(schema)));
    });

    [Fact]
    public void A_value_read_out_and_appended_again_is_the_same_value() => ForSeeds(300, seed =>
    {
        var random = new RandomValues(seed);
        var type = random.Scalar();
        var source = random.Column(type, 8);
        var copy = ColumnVector.Create(type);
        for (var row = 0; row < source.Length; row++)
        {
            ValueAppender.Append(copy, ValueReader.GetValue(source, row));
            Assert.Equal(Text(source, row), Text(copy, row));
        }
    });

    private static void ForSeeds(int count, Action<int> property) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    private static string Text(ColumnVector column, int row) => ValueText.Format(column, row);

    private static string Texts(IReadOnlyList<ColumnVector> columns, int row) =>
        string.Join("|", columns.Select(column => Text(column, row)));

    private static int CompareKeys(ColumnVector[] columns, int left, int right)
    {
        foreach (var column in columns)
        {
            var order = column.IsNull(left) || column.IsNull(right)
                ? (column.IsNull(left) ? 0 : 1) - (column.IsNull(right) ? 0 : 1)
                : Math.Sign(Naive(column, left, right));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // Independent of the bytes: numbers as numbers, with NaN last; texts byte by byte.
    private static int Naive(ColumnVector column, int left, int right) => column switch
    {
        FixedVector<float> values => NaiveFloating(values.Values[left], values.Values[right]),
        FixedVector<double> values => NaiveFloating(values.Values[left], values.Values[right]),
        BinaryVector values => string.CompareOrdinal(Convert.ToHexString(values[left]), Convert.ToHexString(values[right])),
        _ => ValueOrder.Compare(column, left, column, right),
    };

    private static int NaiveFloating(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right)
            ? double.IsNaN(left).CompareTo(double.IsNaN(right))
            : left < right ? -1 : left > right ? 1 : 0;

    private static Predicate RandomPredicate(RandomValues random, RowType rowType, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var children = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => RandomPredicate(random, rowType, depth - 1)).ToArray();
            return random.Next(2) == 0 ? Predicate.And(children) : Predicate.Or(children);
        }

        var field = rowType.Fields[random.Next(2)];
        var isText = field.Type is LengthType;
        var operation = (PredicateOperator)random.Next((int)PredicateOperator.NotBetween + 1);
        if (!isText && operation is >= PredicateOperator.StartsWith and <= PredicateOperator.NotContains)
        {
            operation = PredicateOperator.In;
        }

        var count = operation switch
        {
            PredicateOperator.IsNull or PredicateOperator.IsNotNull => 0,
            PredicateOperator.Between or PredicateOperator.NotBetween => 2,
            PredicateOperator.In or PredicateOperator.NotIn => random.Next(4),
            _ => 1,
        };
        return new LeafPredicate(field.Name, operation, random.Column(field.Type.Nullable(), count));
    }

    private static bool? Naive(Predicate predicate, ColumnBatch batch, int row)
    {
        if (predicate is CompoundPredicate compound)
        {
            var parts = compound.Children.Select(child => Naive(child, batch, row)).ToArray();
            return parts.Contains(!compound.IsAnd) ? !compound.IsAnd : parts.Contains(null) ? null : compound.IsAnd;
        }

        var leaf = (LeafPredicate)predicate;
        var column = batch.Columns[batch.RowType.IndexOf(leaf.Column)];
        if (leaf.Operator is PredicateOperator.IsNull or PredicateOperator.IsNotNull)
        {
            return column.IsNull(row) == (leaf.Operator == PredicateOperator.IsNull);
        }

        if (leaf.Operator is PredicateOperator.In or PredicateOperator.NotIn)
        {
            var tests = Enumerable.Range(0, leaf.Literals.Length).Select(i => Compare(column, row, leaf, i, order => order == 0)).ToArray();
            bool? found = tests.Contains(true) ? true : tests.Contains(null) ? null : false;
            found = column.IsNull(row) && tests.Length == 0 ? null : found;
            return leaf.Operator == PredicateOperator.In ? found : !found;
        }

        return leaf.Operator switch
        {
            PredicateOperator.Equal => Compare(column, row, leaf, 0, order => order == 0),
            PredicateOperator.NotEqual => Compare(column, row, leaf, 0, order => order != 0),
            PredicateOperator.LessThan => Compare(column, row, leaf, 0, order => order < 0),
            PredicateOperator.LessOrEqual => Compare(column, row, leaf, 0, order => order <= 0),
            PredicateOperator.GreaterThan => Compare(column, row, leaf, 0, order => order > 0),
            PredicateOperator.GreaterOrEqual => Compare(column, row, leaf, 0, order => order >= 0),
            PredicateOperator.Between => And(Compare(column, row, leaf, 0, order => order >= 0), Compare(column, row, leaf, 1, order => order <= 0)),
            PredicateOperator.NotBetween => !And(Compare(column, row, leaf, 0, order => order >= 0), Compare(column, row, leaf, 1, order => order <= 0)),
            _ => NaiveText(column, row, leaf),
        };
    }

    private static bool? And(bool? left, bool? right) => left == false || right == false ? false : left is null || right is null ? null : true;

    private static bool? Compare(ColumnVector column, int row, LeafPredicate leaf, int literal, Func<int, bool> test) =>
        column.IsNull(row) || leaf.Literals.IsNull(literal) ? null : test(ValueOrder.Compare(column, row, leaf.Literals, literal));

    private static bool? NaiveText(ColumnVector column, int row, LeafPredicate leaf)
    {
        if (column.IsNull(row) || leaf.Literals.IsNull(0))
        {
            return null;
        }

        var text = System.Text.Encoding.Latin1.GetString(((BinaryVector)column)[row]);
        var literal = System.Text.Encoding.Latin1.GetString(((BinaryVector)leaf.Literals)[0]);
        return leaf.Operator switch
        {
            PredicateOperator.StartsWith => text.StartsWith(literal, StringComparison.Ordinal),
            PredicateOperator.NotStartsWith => !text.StartsWith(literal, StringComparison.Ordinal),
            PredicateOperator.EndsWith => text.EndsWith(literal, StringComparison.Ordinal),
            PredicateOperator.NotEndsWith => !text.EndsWith(literal, StringComparison.Ordinal),
            PredicateOperator.Contains => text.Contains(literal, StringComparison.Ordinal),
            _ => !text.Contains(literal, StringComparison.Ordinal),
        };
    }

    private static ColumnBounds BoundsOf(ColumnVector column)
    {
        var valid = Enumerable.Range(0, column.Length).Where(row => !column.IsNull(row)).ToList();
        valid.Sort((left, right) => ValueOrder.Compare(column, left, column, right));
        var min = ColumnVector.Create(column.Type);
        var max = ColumnVector.Create(column.Type);
        if (valid.Count > 0)
        {
            min.AppendRange(column, valid[0], 1);
            max.AppendRange(column, valid[^1], 1);
        }

        return new ColumnBounds(valid.Count > 0 ? min : null, valid.Count > 0 ? max : null, 0, column.NullCount, column.Length);
    }
}

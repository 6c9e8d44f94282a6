using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Tests.Aggregators;

/// <summary>The aggregators that compute values against naive ones: adds, older adds, retractions, resets and NULLs.</summary>
public sealed class ComputingFoldTests
{
    private static readonly Dictionary<string, DataType> Types = new()
    {
        ["ARRAY<INT>"] = new ArrayType(DataTypes.Int),
        ["ARRAY<ROW<a INT>>"] = new ArrayType(RowOf(DataTypes.Int)),
        ["MAP<INT, STRING>"] = new MapType(DataTypes.Int, DataTypes.String),
        ["MAP<INT, ROW<a INT>>"] = new MapType(DataTypes.Int, RowOf(DataTypes.Int)),
        ["MAP<INT, ROW<a STRING, b INT>>"] = new MapType(DataTypes.Int, RowOf(DataTypes.String, DataTypes.Int)),
        ["MAP<INT, ROW<a STRING, b STRING>>"] = new MapType(DataTypes.Int, RowOf(DataTypes.String, DataTypes.String)),
    };

    private static readonly RowType Row = new(
        [new DataField(0, "id", DataTypes.Int), new DataField(1, "sub", DataTypes.String), new DataField(2, "v", DataTypes.BigInt)]);

    [Fact]
    public void Products_of_whole_numbers_wrap_around_and_are_divided_without_a_remainder()
    {
        var whole = (decimal a, decimal b) => decimal.Truncate(a / b);
        Check(DataTypes.TinyInt, value => (sbyte)value, value => unchecked((sbyte)(int)value), whole, code => (sbyte)Small(code));
        Check(DataTypes.SmallInt, value => (short)value, value => unchecked((short)(int)value), whole, code => (short)(Small(code) * 90));
        Check(DataTypes.Int, value => (int)value, value => unchecked((int)(long)value), whole, code => (int)Small(code) * 20_000);
        Check(
            DataTypes.BigInt,
            value => (long)value,
            value => unchecked((long)(Int128)value),
            whole,
            code => code % 5 == 0 ? 3_000_000_000L : (long)Small(code));

        static void Check(
            DataType type, Func<object, decimal> read, Func<decimal, object?> write, Func<decimal, decimal, decimal> divide, Func<int, object?> value) =>
            FoldKit.Compare(FoldKit.Fold("product", type), type, NaiveFolds.Product(read, write, divide), value);
    }

    [Fact]
    public void The_smallest_number_divided_by_minus_one_stays_the_smallest()
    {
        AssertQuotient(DataTypes.Int, int.MinValue, -1, int.MinValue);
        AssertQuotient(DataTypes.BigInt, long.MinValue, -1L, long.MinValue);
        AssertQuotient(DataTypes.TinyInt, sbyte.MinValue, (sbyte)-1, sbyte.MinValue);

        static void AssertQuotient(DataType type, object dividend, object divisor, object expected) => Assert.Equal(
            expected,
            FoldKit.Run(FoldKit.Fold("product", type), type, [[(FoldAction.Add, dividend), (FoldAction.Retract, divisor)]]).Single());
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(18, 3)]
    [InlineData(20, 2)]
    public void Products_of_decimals_are_rounded_half_up_and_NULL_beyond_their_precision(int precision, int scale)
    {
        var type = DataTypes.Decimal(precision, scale);
        var one = (decimal)Math.Pow(10, scale);
        var limit = (decimal)Math.Pow(10, precision);
        FoldKit.Compare(
            FoldKit.Fold("product", type),
            type,
            NaiveFolds.Product(
                value => (value is long compact ? compact : (decimal)(Int128)value) / one,
                value =>
                {
                    var unscaled = Math.Round(value * one, MidpointRounding.AwayFromZero);
                    return Math.Abs(unscaled) >= limit ? null : Unscaled(unscaled);
                },
                (left, right) => decimal.IsInteger(left / right * 1_000_000_000_000) ? left / right : throw new ArithmeticException()),
            code => Unscaled(Small(code) * 25));

        object Unscaled(decimal value) => precision <= 18 ? (long)value : (object)(Int128)value;
    }

    [Fact]
    public void Products_of_floating_point_numbers_are_theirs()
    {
        var naive = new FoldKit.Naive(
            (a, b) => a is null || b is null ? a ?? b : (double)a * (double)b,
            (a, b) => a is null || b is null ? a : (double)a / (double)b);
        FoldKit.Compare(FoldKit.Fold("product", DataTypes.Double), DataTypes.Double, naive, code => (double)Small(code) / 4);
        var single = new FoldKit.Naive(
            (a, b) => a is null || b is null ? a ?? b : (float)a * (float)b,
            (a, b) => a is null || b is null ? a : (float)a / (float)b);
        FoldKit.Compare(FoldKit.Fold("product", DataTypes.Float), DataTypes.Float, single, code => (float)Small(code) / 4);
    }

    [Fact]
    public void Sums_of_decimals_are_NULL_where_64_bits_cannot_hold_them_and_begin_anew()
    {
        const long Large = 999_999_999_999_999_999;
        var naive = new FoldKit.Naive(
            (a, b) => a is null || b is null ? a ?? b : Fit((Int128)(long)a + (long)b),
            (a, b) => b is null ? a : Fit((Int128)((long?)a ?? 0) - (long)b));
        var type = DataTypes.Decimal(18, 3);
        FoldKit.Compare(FoldKit.Fold("sum", type), type, naive, code => (long)Small(code));
        FoldKit.Compare(FoldKit.Fold("sum", type), type, naive, code => code % 3 == 0 ? 5 : Large * (code % 7 == 0 ? -1 : 1));
        var sums = FoldKit.Run(
            FoldKit.Fold("sum", type), type, [.. new[] { 9, 10, 12 }.Select(count => Enumerable.Repeat((FoldAction.Add, (object?)Large), count).ToList())]);
        Assert.Equal([9 * Large, null, 2 * Large], sums);

        static object? Fit(Int128 sum) => sum >= long.MinValue && sum <= long.MaxValue ? (long)sum : null;
    }

    [Theory]
    [InlineData(",", false)]
    [InlineData("--", false)]
    [InlineData("", false)]
    [InlineData(",", true)]
    [InlineData("aa", true)]
    [InlineData("", true)]
    [InlineData(" ", true)]
    public void Lists_of_texts_are_those_of_a_naive_merge(string delimiter, bool isDistinct)
    {
        string[] texts = ["", "a", "b", "a,b", "b,,c,", ",", "é", "a b a", "xa", "aab", "b--a", " ", "x a", "c,x,é"];
        FoldKit.Compare(
            FoldKit.Fold("listagg", DataTypes.String, ("list-agg-delimiter", delimiter), ("distinct", $"{isDistinct}")),
            DataTypes.String,
            NaiveFolds.Listagg(delimiter, isDistinct),
            code => texts[code % texts.Length]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Collected_elements_are_those_of_a_naive_merge(bool isDistinct)
    {
        object?[] doubles = [0.0, -0.0, double.NaN, 1.5, null];
        Check(DataTypes.Int, false, code => code % 6 == 0 ? null : code % 5);
        Check(DataTypes.String, false, code => code % 6 == 0 ? null : new string('x', code % 4));
        Check(DataTypes.Bytes, false, code => new byte[code % 3]);
        Check(DataTypes.Double, false, code => doubles[code % 5]);
        Check(DataTypes.Decimal(30, 2), false, code => (Int128)(code % 4));
        Check(Row, true, code => RowOf(code));
        Check(new ArrayType(DataTypes.Int), true, code => code % 7 == 0 ? null : ListOf(code, part => part % 3));

        void Check(DataType element, bool isNested, Func<int, object?> elementOf)
        {
            var type = new ArrayType(element);
            var naive = NaiveFolds.Collect(isDistinct, isNested);
            FoldKit.Compare(FoldKit.Fold("collect", type, ("distinct", $"{isDistinct}")), type, naive, code => ListOf(code, elementOf));

            // What passes retractions over puts an older array first; nothing is taken back then.
            FoldKit.Compare(
                FoldKit.Fold("collect", type, ("distinct", $"{isDistinct}"), ("ignore-retract", "true")),
                type,
                naive with { Retract = null, AddOlder = null },
                code => ListOf(code, elementOf));
        }
    }

    [Fact]
    public void Merged_maps_are_those_of_a_naive_merge()
    {
        Check(DataTypes.Int.NotNull(), code => code % 5);
        Check(DataTypes.String.NotNull(), code => new string('k', code % 4));
        Check(DataTypes.Bytes.NotNull(), code => new byte[code % 4]);

        static void Check(DataType key, Func<int, object> keyOf)
        {
            var type = new MapType(key, Row);
            FoldKit.Compare(FoldKit.Fold("merge_map", type), type, NaiveFolds.MergeMap, code => MapOf(code, keyOf, part => RowOf(part)));
        }
    }

    [Fact]
    public void Maps_with_times_are_those_of_a_naive_merge()
    {
        string?[] times = [null, "", "1", "10", "2", "\uE000", "\U0001F600", "\uD7FF", "2\uFFFD", "2\U0001F600"];
        var row = new RowType([new DataField(0, "v", DataTypes.Int), new DataField(1, "ts", DataTypes.String)]);
        var type = new MapType(DataTypes.Int.NotNull(), row);
        FoldKit.Compare(
            FoldKit.Fold("merge_map_with_keytime", type),
            type,
            NaiveFolds.MergeMapWithKeyTime,
            code => MapOf(code, part => part % 5, part => part % 6 == 0 ? null : new object?[] { part % 4, times[part / 3 % times.Length] }));
    }

    [Theory]
    [InlineData("", int.MaxValue)]
    [InlineData("", 3)]
    [InlineData("id", int.MaxValue)]
    [InlineData("sub, id", int.MaxValue)]
    public void Nested_rows_are_those_of_a_naive_merge(string key, int limit)
    {
        var type = new ArrayType(Row);
        (string, string)[] options =
            [("count-limit", $"{limit}"), .. key.Length == 0 ? ((string, string)[])[] : [("nested-key", key)]];
        FoldKit.Compare(
            FoldKit.Fold("nested_update", type, options), type, NaiveFolds.NestedUpdate(KeyOf(key), limit), code => ListOf(code, RowOf));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("id,sub")]
    public void Nested_partial_updates_are_those_of_a_naive_merge(string key)
    {
        var type = new ArrayType(Row);
        FoldKit.Compare(
            FoldKit.Fold("nested_partial_update", type, ("nested-key", key)),
            type,
            NaiveFolds.NestedPartialUpdate(KeyOf(key)),
            code => ListOf(code, RowOf));
    }

    [Theory]
    [InlineData("product", "STRING")]
    [InlineData("listagg", "VARCHAR(10)")]
    [InlineData("listagg", "CHAR(3)")]
    [InlineData("collect", "INT")]
    [InlineData("merge_map", "ARRAY<INT>")]
    [InlineData("merge_map_with_keytime", "MAP<INT, STRING>")]
    [InlineData("merge_map_with_keytime", "MAP<INT, ROW<a INT>>")]
    [InlineData("merge_map_with_keytime", "MAP<INT, ROW<a STRING, b INT>>", "ts-field=b")]
    [InlineData("merge_map_with_keytime", "MAP<INT, ROW<a STRING, b STRING>>", "ts-field=c")]
    [InlineData("nested_update", "ARRAY<INT>")]
    [InlineData("nested_update", "ARRAY<ROW<a INT>>", "nested-key=b")]
    [InlineData("nested_update", "ARRAY<ROW<a INT>>", "count-limit=many")]
    [InlineData("nested_partial_update", "ARRAY<ROW<a INT>>")]
    [InlineData("theta_sketch", "INT")]
    [InlineData("hll_sketch", "BINARY(8)")]
    [InlineData("rbm32", "STRING")]
    [InlineData("rbm64", "ARRAY<INT>")]
    public void Columns_and_options_that_a_function_does_not_take_are_refused_by_name(string function, string type, params string[] options)
    {
        var error = Assert.Throws<PaimonException>(() => FoldKit.Fold(
            function, Types.GetValueOrDefault(type) ?? DataTypeText.Parse(type), [.. options.Select(option => (option.Split('=')[0], option.Split('=')[1]))]));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(options.Length == 0 ? function : options[0].Split('=')[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sketches_and_bitmaps_that_are_none_name_the_column()
    {
        foreach (var function in new[] { "theta_sketch", "hll_sketch", "rbm32", "rbm64" })
        {
            byte[] bytes = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9];
            var error = Assert.Throws<CorruptDataException>(() => FoldKit.Run(
                FoldKit.Fold(function, DataTypes.Bytes), DataTypes.Bytes, [[(FoldAction.Add, bytes), (FoldAction.Add, bytes)]]));
            Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
        }
    }

    private static RowType RowOf(params DataType[] types) =>
        new([.. types.Select((type, i) => new DataField(i, $"{(char)('a' + i)}", type))]);

    private static decimal Small(int code) => (code % 9) - 4;

    private static int[] KeyOf(string names) =>
        [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => Row.IndexOf(name.Trim()))];

    private static object?[]? RowOf(int code) => code % 9 == 0
        ? null
        : [code % 4 == 0 ? null : code % 3, code % 5 == 0 ? null : code % 2 == 0 ? "x" : "y", code % 7 == 0 ? null : (long)(code % 6)];

    private static List<object?> ListOf(int code, Func<int, object?> elementOf) =>
        [.. Enumerable.Range(0, code % 5).Select(i => elementOf((code / (i + 2)) + (i * 31)))];

    private static List<(object Key, object? Value)> MapOf(int code, Func<int, object> keyOf, Func<int, object?> valueOf) =>
        [.. Enumerable.Range(0, code % 4).Select(i => (keyOf((code / 4) + i), valueOf((code / 7) + (i * 13)))).DistinctBy(pair => FoldKit.Text(pair.Item1))];
}

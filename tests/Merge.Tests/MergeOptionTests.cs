using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Tests;

public class MergeOptionTests
{
    private static readonly (string, DataType)[] Columns =
        [("a", DataTypes.Int), ("b", DataTypes.String), ("g", DataTypes.Int), ("h", DataTypes.Int)];

    [Theory]
    [InlineData("guess", "one of", "merge-engine=guess")]
    [InlineData("frobnicate", "last_value", "fields.a.aggregate-function=frobnicate")]
    [InlineData("exclude each other", "ignore-retract", "fields.a.ignore-retract=true", "aggregation.remove-record-on-delete=true")]
    [InlineData("needs a sequence group", "'a'", "merge-engine=partial-update", "fields.a.aggregate-function=sum")]
    [InlineData("does not have", "'z'", "merge-engine=partial-update", "fields.g.sequence-group=z")]
    [InlineData("may be in one", "'a'", "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.h.sequence-group=a,b")]
    [InlineData("may order one", "'g'", "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.g,h.sequence-group=b")]
    [InlineData("may do one", "'g'", "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.h.sequence-group=g")]
    [InlineData("sequence field of no group", "'b'", "merge-engine=partial-update", "fields.g.sequence-group=a",
        "partial-update.remove-record-on-sequence-group=b")]
    [InlineData("exclude each other", "ignore-delete", "merge-engine=partial-update", "ignore-delete=true",
        "partial-update.remove-record-on-delete=true")]
    [InlineData("exclude each other", "sequence groups", "merge-engine=partial-update", "fields.g.sequence-group=a",
        "partial-update.remove-record-on-delete=true")]
    public void Options_that_make_no_sense_are_refused_by_name(string complaint, string name, params string[] options)
    {
        var error = Assert.Throws<PaimonException>(() => MergeKit.Engine(Schema(options)));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum", "b")]
    [InlineData("bool_and", "a")]
    public void An_aggregator_refuses_columns_of_other_types(string function, string column)
    {
        var schema = Schema($"fields.{column}.aggregate-function={function}");
        var error = Assert.Throws<PaimonException>(() => MergeKit.Engine(schema).Bind(schema.RowType));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains($"'{column}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, RowKind.Delete, 1, "fields.a.aggregate-function=max")]
    [InlineData(true, RowKind.UpdateBefore, 1, "fields.a.aggregate-function=max", "aggregation.remove-record-on-delete=true")]
    [InlineData(false, RowKind.Delete, 1, "fields.a.aggregate-function=max", "aggregation.remove-record-on-delete=true")]
    [InlineData(false, RowKind.Delete, 1, "fields.a.aggregate-function=max", "fields.a.ignore-retract=true")]
    [InlineData(false, RowKind.Delete, 1, "fields.a.aggregate-function=sum")]
    [InlineData(true, RowKind.Delete, 1, "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.a.aggregate-function=max")]
    [InlineData(false, RowKind.Delete, null, "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.a.aggregate-function=max")]
    public void A_retraction_that_no_merge_could_take_is_refused_before_it_is_written(
        bool isRefused, RowKind kind, int? sequence, params string[] options)
    {
        var schema = Schema(options);
        var batch = new ColumnBatch(schema.RowType);
        MergeKit.Append(batch, new RowVersion(kind, [1, 2, "x", sequence, 4]));
        var engine = MergeKit.Engine(schema);
        var error = Record.Exception(() => engine.CheckRetract(batch.Columns, 0, kind));
        Assert.Equal(isRefused, error is PaimonException { Kind: ErrorKind.Invalid });
        Assert.True(!isRefused || engine.MayRefuseRetracts);
    }

    [Theory]
    [InlineData("first-row")]
    [InlineData("partial-update")]
    public void A_retraction_without_a_rule_for_it_is_an_error_where_it_meets_another_version(string engine)
    {
        var schema = Schema($"merge-engine={engine}");
        RowVersion[] versions = [new(RowKind.Insert, [1, 2, "x", 3, 4]), new(RowKind.Delete, [1, 2, "x", 3, 4])];
        Assert.Equal(
            ErrorKind.Invalid,
            Assert.Throws<PaimonException>(
                () => MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, [versions], new Random(1))).Kind);
        Assert.Single(MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, [versions[1..]], new Random(1)));
    }

    [Fact]
    public void A_sequence_field_may_stand_among_the_columns_of_its_own_group()
    {
        var schema = Schema("merge-engine=partial-update", "fields.g.sequence-group=a,g", "fields.h.sequence-group=b");
        RowVersion[] versions = [new(RowKind.Insert, [1, 2, "x", 3, 4]), new(RowKind.Insert, [1, 5, "y", 2, 4])];
        Assert.Equal([1, 2, "y", 3, 4], MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, [versions], new Random(1)).Single().Values);
    }

    [Fact]
    public void A_removal_by_one_group_takes_nothing_back_from_the_aggregators_of_another()
    {
        var schema = Schema(
            "merge-engine=partial-update", "fields.g.sequence-group=a", "fields.a.aggregate-function=max", "fields.h.sequence-group=b",
            "partial-update.remove-record-on-sequence-group=h");
        RowVersion[] versions = [new(RowKind.Insert, [1, 2, "x", 3, 4]), new(RowKind.Delete, [1, 7, "y", 5, 6])];
        var result = MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, [versions], new Random(1)).Single();
        Assert.Equal((RowKind.Delete, 7), (result.Kind, result.Values[1]));
    }

    [Fact]
    public void Values_without_an_order_have_no_maximum_but_alone()
    {
        var schema = MergeKit.Schema(
            new Dictionary<string, string> { ["merge-engine"] = "aggregation", ["fields.a.aggregate-function"] = "max" },
            ("a", DataTypes.Boolean));
        var engine = MergeKit.Engine(schema);
        RowVersion[] versions = [new(RowKind.Insert, [1, true]), new(RowKind.Insert, [1, null]), new(RowKind.Insert, [1, false])];
        Assert.Equal(true, MergeKit.Merge(engine, schema.RowType, [versions[..2]], new Random(1)).Single().Values[1]);
        Assert.Throws<PaimonException>(() => MergeKit.Merge(engine, schema.RowType, [versions], new Random(1)));
    }

    [Fact]
    public void The_largest_number_is_NaN_and_minus_zero_is_below_zero()
    {
        var schema = MergeKit.Schema(
            new Dictionary<string, string>
            {
                ["merge-engine"] = "aggregation",
                ["fields.a.aggregate-function"] = "max",
                ["fields.b.aggregate-function"] = "min",
            },
            ("a", DataTypes.Double),
            ("b", DataTypes.Double));
        double[] numbers = [0.0, double.PositiveInfinity, double.NaN, -0.0, 1.0];
        var versions = numbers.Select(number => new RowVersion(RowKind.Insert, [1, number, Math.Abs(number)])).ToList();
        versions.Add(new RowVersion(RowKind.Insert, [1, 2.0, -0.0]));
        var result = MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, [versions], new Random(1)).Single();
        Assert.Equal(double.NaN, result.Values[1]);
        Assert.True(double.IsNegative((double)result.Values[2]!));
    }

    private static TableSchema Schema(params string[] options)
    {
        var texts = options.Select(option => option.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        texts.TryAdd("merge-engine", "aggregation");
        return MergeKit.Schema(texts, Columns);
    }
}

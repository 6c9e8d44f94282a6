using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Tests.Predicates;

public class PredicateTests
{
    private static readonly RowType Type = DataTypes.Row(
        new DataField(0, "id", DataTypes.BigInt.NotNull()),
        new DataField(1, "d", DataTypes.Date),
        new DataField(2, "name", DataTypes.String));

    [Fact]
    public void Literals_are_read_by_the_type_of_their_column()
    {
        var predicate = Predicate.Leaf(Type, "d", PredicateOperator.GreaterThan, "2024-01-31");
        Assert.Equal("d > 2024-01-31", predicate.ToString());
        var error = Assert.Throws<PaimonException>(() => Predicate.Leaf(Type, "d", PredicateOperator.Equal, "2024-02-30"));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Equal("Column 'd': '2024-02-30' (String) is no value of DATE.", error.Message);
        error = Assert.Throws<PaimonException>(() => Predicate.Leaf(Type, "x", PredicateOperator.IsNull));
        Assert.Equal("There is no column 'x'; the columns are id, d, name.", error.Message);
    }

    [Fact]
    public void Equalities_give_the_keys_that_rows_can_have()
    {
        var keyType = DataTypes.Row(Type.Fields[0], Type.Fields[2]);
        var predicate = Predicate.And(
            Predicate.Leaf(Type, "name", PredicateOperator.In, "a", "b", "a", null),
            Predicate.Leaf(Type, "d", PredicateOperator.IsNull),
            Predicate.Leaf(Type, "id", PredicateOperator.Equal, 7));
        Assert.True(predicate.TryGetKeys(keyType, out var keys));
        Assert.Equal(["7a", "7b"], Enumerable.Range(0, keys[0].Length).Select(row => ValueText.Format(keys[0], row) + ValueText.Format(keys[1], row)));
        Assert.False(predicate.TryGetKeys(Type, out _));
        Assert.False(Predicate.Or(predicate, Predicate.Leaf(Type, "id", PredicateOperator.Equal, 8)).TryGetKeys(keyType, out _));
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(double.NaN, false)]
    [InlineData(1.5, true)]
    public void Equal_numbers_of_other_bits_pin_down_no_key(double literal, bool isKey)
    {
        var type = DataTypes.Row(new DataField(0, "x", DataTypes.Double));
        Assert.Equal(isKey, Predicate.Leaf(type, "x", PredicateOperator.Equal, literal).TryGetKeys(type, out _));
    }

    [Fact]
    public void A_projection_keeps_what_the_columns_can_tell()
    {
        var id = Predicate.Leaf(Type, "id", PredicateOperator.LessThan, 5);
        var name = Predicate.Leaf(Type, "name", PredicateOperator.StartsWith, "x");
        Assert.Equal("id < 5", Predicate.And(id, name).Project(["id"])!.ToString());
        Assert.Null(Predicate.Or(id, name).Project(["id"]));
        Assert.Equal(["id", "name"], Predicate.Or(id, name).Columns);
        Assert.Equal(2, Predicate.And(id, name).SplitConjunction().Count);
    }

    [Fact]
    public void Columns_of_NULL_only_are_pruned_unless_NULL_is_asked_for()
    {
        ColumnBounds? Bounds(string column) => new ColumnBounds(null, null, 0, 10, 10);
        Assert.False(Predicate.Leaf(Type, "id", PredicateOperator.Equal, 5).MayMatch(Bounds));
        Assert.False(Predicate.Leaf(Type, "id", PredicateOperator.NotEqual, 5).MayMatch(Bounds));
        Assert.True(Predicate.Leaf(Type, "id", PredicateOperator.IsNull).MayMatch(Bounds));
        Assert.True(Predicate.Leaf(Type, "id", PredicateOperator.Equal, 5).MayMatch(_ => null));
    }
}

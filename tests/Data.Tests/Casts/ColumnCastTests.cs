using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Tests.Casts;

public class ColumnCastTests
{
    [Theory]
    [InlineData("2024-07-01 12:00:00", "2024-07-01T10:00:00Z")]
    [InlineData("2024-01-01 12:00:00", "2024-01-01T11:00:00Z")]
    [InlineData("2024-10-27 02:30:00", "2024-10-27T00:30:00Z")]
    [InlineData("2024-03-31 02:30:00", "2024-03-31T01:30:00Z")]
    public void A_clock_reading_that_occurs_twice_is_the_earlier_one_and_one_that_is_skipped_moves_on(string local, string instant)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var result = Cast(Texts(local), DataTypes.TimestampLtz(0), zone);

        Assert.Equal(instant, ValueText.Format(result, 0).Replace(' ', 'T'));
    }

    [Fact]
    public void Rows_are_cast_by_the_ids_of_their_fields_at_any_depth()
    {
        var old = DataTypes.Array(DataTypes.Row(new(1, "a", DataTypes.Int), new(2, "b", DataTypes.String)));
        var next = DataTypes.Array(DataTypes.Row(new(3, "new", DataTypes.Int), new(1, "b", DataTypes.String)));
        var source = ColumnVector.Create(old);
        ValueAppender.Append(source, new object?[] { new object?[] { 7, "x" }, null, new object?[] { null, "y" } });
        source.AppendNull();
        ValueAppender.Append(source, Array.Empty<object>());
        var target = ColumnVector.Create(next);

        ColumnCast.BetweenSchemas(old, next).Append(source, target);

        Assert.Equal("""[{"new":null,"b":"7"},null,{"new":null,"b":null}]""", ValueText.Format(target, 0));
        Assert.True(target.IsNull(1));
        Assert.Equal("[]", ValueText.Format(target, 2));
    }

    [Fact]
    public void Types_between_which_no_cast_leads_are_refused_by_name()
    {
        var error = Assert.Throws<Errors.PaimonException>(() => ColumnCast.BetweenSchemas(DataTypes.Date, DataTypes.Int));

        Assert.Equal(Errors.ErrorKind.Unsupported, error.Kind);
        Assert.Contains("DATE", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ARRAY(1, null, 3)", "ARRAY<INT>", "[1,null,3]")]
    [InlineData("{a -> 1, b -> null}", "MAP<STRING, INT>", """[["a",1],["b",null]]""")]
    [InlineData("MAP(a, 1, a, 2)", "MAP<STRING, INT>", """[["a",2]]""")]
    [InlineData("STRUCT(1, [x, y])", "ROW<n INT, t ARRAY<STRING>>", """{"n":1,"t":["x","y"]}""")]
    [InlineData("{}", "ROW<n INT>", """{"n":null}""")]
    public void Default_values_of_nested_columns_are_read_from_texts(string text, string type, string expected)
    {
        var target = DataTypeText.Read(type, 0, out var end);
        Assert.Equal(type.Length, end);
        Assert.Equal(type, target.ToString().Replace("`", "", StringComparison.Ordinal));

        Assert.Equal(expected, ValueText.Format(Cast(Texts(text), target), 0));
    }

    [Theory]
    [InlineData("ARRAY<INT")]
    [InlineData("ROW<a INT, a INT>")]
    [InlineData("ROW<>")]
    [InlineData("MAP<INT>")]
    public void A_nested_type_that_is_none_is_refused(string type) =>
        Assert.Throws<Errors.CorruptDataException>(() => DataTypeText.Read(type, 0, out _));

    [Theory]
    [InlineData(1e-3, "0.001")]
    [InlineData(9.99e-4, "9.99E-4")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(9999999, "9999999.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(123.25, "123.25")]
    [InlineData(4.9e-324, "4.9E-324")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Floating_point_numbers_are_shown_as_Paimon_shows_them(double value, string expected) =>
        Assert.Equal(expected, FloatingText.Format(value));

    private static ColumnVector Cast(ColumnVector source, DataType target, TimeZoneInfo? zone = null)
    {
        var result = ColumnVector.Create(target);
        ColumnCast.Find(source.Type, target, zone)!.Append(source, result);
        return result;
    }

    private static BinaryVector Texts(string text)
    {
        var vector = new BinaryVector(DataTypes.String);
        vector.Append(text);
        return vector;
    }
}

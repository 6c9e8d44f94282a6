using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Tests.Text;

public class TextTests
{
    [Theory]
    [InlineData("2024-02-29T23:59:59.987654321", 9)]
    [InlineData("1969-12-31T23:59:59.999", 3)]
    [InlineData("0001-01-01T00:00:00", 0)]
    [InlineData("-0044-03-15T12:00:00.0", 1)]
    [InlineData("+12024-01-01T00:00:00.5", 1)]
    public void Times_survive_their_text(string text, int precision)
    {
        Assert.True(TemporalText.TryParseTimestamp(text, out var value));
        Assert.Equal(text, TemporalText.FormatTimestamp(value, precision));
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("2024-1-1")]
    [InlineData("0000-00-00")]
    [InlineData("2024-01-01T24:00:00")]
    [InlineData("2024-01-01T00:00:60")]
    [InlineData("2024-01-01T00:00:00.")]
    [InlineData("2024-01-01T00:00:00.1234567890")]
    public void Times_that_do_not_exist_are_refused(string text) => Assert.False(TemporalText.TryParseTimestamp(text, out _));

    [Fact]
    public void An_offset_is_taken_off()
    {
        Assert.True(TemporalText.TryParseTimestamp("2024-01-01 01:00:00+02:00", out var value));
        Assert.Equal("2023-12-31T23:00:00", TemporalText.FormatTimestamp(value, 0));
    }

    [Theory]
    [InlineData("-0.05", -5, 2)]
    [InlineData("1e3", 1000, 0)]
    [InlineData("12.5E-1", 125, 2)]
    [InlineData("+.5", 5, 1)]
    public void Decimals_are_read(string text, int unscaled, int scale)
    {
        Assert.True(DecimalText.TryParse(text, out var value, out var found));
        Assert.Equal(((Int128)unscaled, scale), (value, found));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1,5")]
    [InlineData("100000000000000000000000000000000000000")]
    public void What_is_no_decimal_of_38_digits_is_refused(string text) => Assert.False(DecimalText.TryParse(text, out _, out _));

    [Fact]
    public void Values_of_the_wrong_kind_or_size_leave_the_column_as_it_was()
    {
        (DataType Type, object? Value)[] refused =
        [
            (DataTypes.TinyInt, 128), (DataTypes.Int, 1.5), (DataTypes.Int, 1.5m), (DataTypes.Decimal(4, 2), 123.45m),
            (DataTypes.Decimal(4, 2), 1.234m), (DataTypes.Time(3), TimeSpan.FromDays(1)), (DataTypes.Time(3), TimeSpan.FromSeconds(-1)),
            (DataTypes.String, 5), (DataTypes.Bytes, "xyz"), (DataTypes.Array(DataTypes.Int), (object[])[1, "x"]), (DataTypes.Int.NotNull(), null),
            (DataTypes.Timestamp(3), "2024-01-01T00:00:00.1234"), (DataTypes.Boolean, "yes"),
        ];
        foreach (var (type, value) in refused)
        {
            var column = ColumnVector.Create(type);
            var error = Assert.Throws<PaimonException>(() => ValueAppender.Append(column, value));
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Equal(0, column.Length);
            if (column is ListVector list)
            {
                Assert.Equal(0, list.Elements.Length);
            }
        }
    }

    [Fact]
    public void Application_values_are_stored_and_read_back()
    {
        (DataType Type, object Value)[] values =
        [
            (DataTypes.Boolean, true), (DataTypes.TinyInt, (sbyte)-5), (DataTypes.BigInt, long.MinValue), (DataTypes.Decimal(10, 2), -1234.50m),
            (DataTypes.Date, new DateOnly(1582, 10, 15)), (DataTypes.Time(3), new TimeOnly(23, 59, 59, 999)),
            (DataTypes.Timestamp(6), new DateTime(1969, 12, 31, 23, 59, 59).AddTicks(9_999_990)),
            (DataTypes.TimestampLtz(3), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc)), (DataTypes.String, "Zoë"), (DataTypes.Double, -0.5),
        ];
        foreach (var (type, value) in values)
        {
            var column = ColumnVector.Create(type);
            ValueAppender.Append(column, value);
            Assert.Equal(value, ValueReader.GetValue(column, 0));
        }

        var set = ColumnVector.Create(DataTypes.Array(DataTypes.String));
        ValueAppender.Append(set, (string[])["a", "b"]);
        Assert.Equal("""["a","b"]""", ValueText.Format(set, 0));
        var instant = ColumnVector.Create(DataTypes.TimestampLtz(3));
        ValueAppender.Append(instant, new DateTimeOffset(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(2)));
        Assert.Equal("2023-12-31 23:00:00.000Z", ValueText.Format(instant, 0));
    }
}

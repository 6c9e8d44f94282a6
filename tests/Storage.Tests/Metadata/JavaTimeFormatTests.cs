using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>Date formats in Java's letters: expectations are those of its DateTimeFormatter with the smart resolver.</summary>
public class JavaTimeFormatTests
{
    [Theory]
    [InlineData("yyyy-MM-dd", "2024-01-31", "2024-01-31T00:00:00")]
    [InlineData("yyyyMMdd", "20240131", "2024-01-31T00:00:00")]
    [InlineData("yyyyMMddHH", "2024013107", "2024-01-31T07:00:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2024-01-31 12:30:05", "2024-01-31T12:30:05")]
    [InlineData("yyyy-MM-dd'T'HH:mm", "2024-01-31T12:30", "2024-01-31T12:30:00")]
    [InlineData("yyyy-MM-dd HH:mm:ss.SSS", "2024-01-31 12:30:05.250", "2024-01-31T12:30:05.25")]
    [InlineData("d.M.yy", "5.2.24", "2024-02-05T00:00:00")]
    [InlineData("d/M/y", "31/12/1999", "1999-12-31T00:00:00")]
    [InlineData("yyyy-MM-dd", "2023-02-31", "2023-02-28T00:00:00")]
    [InlineData("'week of' uuuu-LL-dd", "week of 2024-01-31", "2024-01-31T00:00:00")]
    [InlineData("yyyy''MM''dd", "2024'01'31", "2024-01-31T00:00:00")]
    public void A_text_of_the_pattern_is_a_time(string pattern, string text, string expected)
    {
        Assert.True(new JavaTimeFormat(pattern).TryParse(text, out var time));

        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("yyyy-MM-dd", "2024-1-31")]
    [InlineData("yyyy-MM-dd", "2024-01-31 ")]
    [InlineData("yyyy-MM-dd", "12024-01-31")]
    [InlineData("yyyy-MM-dd", "2024-13-01")]
    [InlineData("yyyy-MM-dd", "2024-01-32")]
    [InlineData("yyyy-MM-dd", "not-a-date")]
    [InlineData("yyyy-MM-dd", "")]
    [InlineData("yyyy-MM-dd", "0000-01-01")]
    [InlineData("yyyyMMdd", "202401311")]
    [InlineData("yyyy-MM", "2024-01")]
    [InlineData("HH:mm", "12:30")]
    [InlineData("yyyy-MM-dd HH:mm", "2024-01-31 12:60")]
    public void A_text_that_names_no_day_is_none(string pattern, string text) =>
        Assert.False(new JavaTimeFormat(pattern).TryParse(text, out _));

    [Theory]
    [InlineData("yyyy-MMM-dd", ErrorKind.Unsupported, "MMM is none of")]
    [InlineData("yyyy-MM-dd hh a", ErrorKind.Unsupported, "hh is none of")]
    [InlineData("yyyy-MM-dd'T", ErrorKind.Invalid, "not closed")]
    public void A_letter_that_is_not_known_is_refused_by_name(string pattern, ErrorKind kind, string part)
    {
        var error = Assert.Throws<PaimonException>(() => new JavaTimeFormat(pattern));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}

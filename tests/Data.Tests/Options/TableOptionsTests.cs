using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Data.Tests.Options;

public class TableOptionsTests
{
    private enum Engine
    {
        Deduplicate,
        PartialUpdate,
    }

    [Theory]
    [InlineData("128 mb", 128L << 20)]
    [InlineData("1GB", 1L << 30)]
    [InlineData(" 42 ", 42)]
    [InlineData("7 bytes", 7)]
    [InlineData("3 kibibytes", 3 << 10)]
    [InlineData("2t", 2L << 40)]
    public void Sizes_are_powers_of_1024(string text, long expected) => Assert.Equal(expected, With(text).GetSize("k", 0));

    [Theory]
    [InlineData("1 h", 3_600_000)]
    [InlineData("10 ms", 10)]
    [InlineData("500", 500)]
    [InlineData("7d", 604_800_000)]
    [InlineData("2 minutes", 120_000)]
    [InlineData("3000 micros", 3)]
    public void Durations_have_units_and_default_to_milliseconds(string text, long expectedMillis) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMillis), With(text).GetDuration("k", default));

    [Fact]
    public void Other_kinds_are_read_too()
    {
        Assert.True(With("TRUE").GetBoolean("k", false));
        Assert.Equal(-5, With("-5").GetInt32("k", 0));
        Assert.Equal(long.MaxValue, With("9223372036854775807").GetInt64("k", 0));
        Assert.Equal(Engine.PartialUpdate, With("Partial-Update").GetEnum("k", Engine.Deduplicate));
        Assert.Equal("partial-update", With("Partial-Update").GetName("k"));
        Assert.Equal("Other", With("x").GetName("other", "Other"));
        Assert.Equal(Engine.Deduplicate, TableOptions.Empty.GetEnum("k", Engine.Deduplicate));
        Assert.Equal(["a", "b"], With("a, b").GetList("k"));
        Assert.Equal("2", With("1").With([new("k", "2")]).GetString("k"));
    }

    [Fact]
    public void An_old_name_counts_where_the_new_one_is_not_set()
    {
        var old = new TableOptions(new Dictionary<string, string> { ["write.compaction-skip"] = "true" });
        Assert.True(old.GetBoolean("write-only", false));
        Assert.True(old.Contains("write-only"));
        Assert.False(old.With([new("write-only", "false")]).GetBoolean("write-only", true));
    }

    [Fact]
    public void A_value_that_makes_no_sense_is_named_with_its_key_and_what_is_expected()
    {
        Action<TableOptions>[] getters =
        [
            options => options.GetSize("k", 0), options => options.GetDuration("k", default), options => options.GetBoolean("k", true),
            options => options.GetInt32("k", 0), options => options.GetInt64("k", 0), options => options.GetDouble("k", 0),
            options => options.GetEnum("k", Engine.Deduplicate),
        ];
        foreach (var getter in getters)
        {
            foreach (var text in (string[])["", "x", "1 lightyear", "99999999999999999999 tb", "-1 mb"])
            {
                var error = Assert.Throws<PaimonException>(() => getter(With(text)));
                Assert.Equal(ErrorKind.Invalid, error.Kind);
                Assert.Contains("'k'", error.Message, StringComparison.Ordinal);
                Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(3_600_000, "1 h")]
    [InlineData(90_000, "90 s")]
    [InlineData(1, "1 ms")]
    public void A_duration_is_written_with_its_largest_exact_unit(long millis, string expected)
    {
        Assert.Equal(expected, OptionText.FormatDuration(TimeSpan.FromMilliseconds(millis)));
        Assert.Equal(TimeSpan.FromMilliseconds(millis), With(expected).GetDuration("k", default));
    }

    private static TableOptions With(string text) => new(new Dictionary<string, string> { ["k"] = text });
}

using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The periods that automatic tags are made for, and how they are named for them. Immutable.</summary>
internal sealed class TagPeriod
{
    private readonly string _format;

    private TagPeriod(TimeSpan length, string format)
    {
        Length = length;
        _format = format;
    }

    /// <summary>The length of a period.</summary>
    public TimeSpan Length { get; }

    /// <summary>Reads <c>tag.creation-period</c>, <c>tag.creation-period-duration</c> and <c>tag.period-formatter</c>.</summary>
    /// <exception cref="PaimonException">Invalid: an option has another value than those known.</exception>
    public static TagPeriod From(TableOptions options)
    {
        if (options.GetDuration("tag.creation-period-duration") is { } length)
        {
            return length > TimeSpan.Zero
                ? new TagPeriod(length, "yyyyMMddHHmm")
                : throw TableOptions.Error(
                    "tag.creation-period-duration", options.GetString("tag.creation-period-duration")!, "a time above zero");
        }

        var formatter = options.GetName("tag.period-formatter", "with_dashes");
        var (day, hour) = formatter switch
        {
            "with_dashes" => ("yyyy-MM-dd", "yyyy-MM-dd HH"),
            "without_dashes" => ("yyyyMMdd", "yyyyMMdd HH"),
            "without_dashes_and_spaces" => ("yyyyMMdd", "yyyyMMddHH"),
            _ => throw TableOptions.Error(
                "tag.period-formatter", formatter!, "with_dashes, without_dashes or without_dashes_and_spaces"),
        };
        return options.GetName("tag.creation-period", "daily") switch
        {
            "daily" => new TagPeriod(TimeSpan.FromDays(1), day),
            "hourly" => new TagPeriod(TimeSpan.FromHours(1), hour),
            "two-hours" => new TagPeriod(TimeSpan.FromHours(2), "yyyy-MM-dd HH"),
            var text => throw TableOptions.Error("tag.creation-period", text!, "daily, hourly or two-hours"),
        };
    }

    /// <summary>The name of the period that begins at a time.</summary>
    public string NameOf(DateTime begin) => begin.ToString(_format, CultureInfo.InvariantCulture);

    /// <summary>The beginning of the period of a name; false for a name that is none.</summary>
    public bool TryParse(string name, out DateTime begin) =>
        DateTime.TryParseExact(name, _format, CultureInfo.InvariantCulture, DateTimeStyles.None, out begin);

    /// <summary>True for a name that Paimon takes for one of an automatic tag: in a name of a day, what follows a blank does not count.</summary>
    public bool IsNameLike(string name) =>
        TryParse(name, out _) || (Length == TimeSpan.FromDays(1) && TryParse(name.Split(' ')[0], out _));

    /// <summary>The beginning of the last period that had ended at a time.</summary>
    public DateTime LastBefore(DateTime time) =>
        time - TimeSpan.FromTicks((time - DateTime.UnixEpoch).Ticks % Length.Ticks) - Length;
}

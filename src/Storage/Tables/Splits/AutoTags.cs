using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// The tags that are made automatically, told by their names, which are the times of their periods
/// (docs/format.md#scan-options).
/// </summary>
internal static class AutoTags
{
    /// <summary>What happened between the automatic tag before one and that one; nothing where either is not there.</summary>
    /// <exception cref="PaimonException">Invalid: the name is not one of an automatic tag.</exception>
    public static async ValueTask<BatchStart> DifferenceAsync(
        FileStore store, TableOptions options, string endTag, CancellationToken cancellationToken)
    {
        var pattern = PatternOf(options);
        if (!TryParse(endTag, pattern, out var endTime))
        {
            throw TableOptions.Error("incremental-to-auto-tag", endTag, $"the name of an automatic tag, as '{pattern}'");
        }

        if (await store.Tags.TryReadAsync(endTag, cancellationToken).ConfigureAwait(false) is not { } end)
        {
            return new BatchStart.Nothing();
        }

        (Snapshot? Snapshot, DateTime Time) previous = default;
        foreach (var tag in await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (TryParse(tag.Name, pattern, out var time)
                && time < endTime
                && (previous.Snapshot is null || time > previous.Time))
            {
                previous = (tag.Snapshot, time);
            }
        }

        return previous.Snapshot is null
            ? new BatchStart.Nothing()
            : await IncrementalStarts.DifferenceAsync(store, previous.Snapshot, end.Snapshot, cancellationToken).ConfigureAwait(false);
    }

    private static bool TryParse(string name, string pattern, out DateTime time) =>
        DateTime.TryParseExact(
            pattern.Contains("HH", StringComparison.Ordinal) ? name : name.Split(' ')[0],
            pattern,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out time);

    private static string PatternOf(TableOptions options)
    {
        if (options.Contains("tag.creation-period-duration"))
        {
            return "yyyyMMddHHmm";
        }

        var day = options.GetString("tag.period-formatter", "with_dashes") == "with_dashes" ? "yyyy-MM-dd" : "yyyyMMdd";
        return options.GetString("tag.creation-period", "daily") switch
        {
            "daily" => day,
            "two-hours" => "yyyy-MM-dd HH",
            "hourly" when options.GetString("tag.period-formatter") == "without_dashes_and_spaces" => "yyyyMMddHH",
            "hourly" => $"{day} HH",
            var period => throw TableOptions.Error("tag.creation-period", period, "daily, hourly or two-hours"),
        };
    }
}

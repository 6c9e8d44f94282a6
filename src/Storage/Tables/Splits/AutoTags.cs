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

        if (await TagReader.TryReadAsync(store, endTag, cancellationToken).ConfigureAwait(false) is not { } end)
        {
            return new BatchStart.Nothing();
        }

        (string? Name, DateTime Time) previous = default;
        foreach (var file in await store.Environment.FileIO.ListAsync(store.Paths.TagDirectory, cancellationToken).ConfigureAwait(false))
        {
            if (!file.IsDirectory
                && file.Name.StartsWith(TablePaths.TagPrefix, StringComparison.Ordinal)
                && file.Name[TablePaths.TagPrefix.Length..] is var name
                && TryParse(name, pattern, out var time)
                && time < endTime
                && (previous.Name is null || time > previous.Time))
            {
                previous = (name, time);
            }
        }

        return previous.Name is null
            ? new BatchStart.Nothing()
            : await IncrementalStarts.DifferenceAsync(
                store,
                await TagReader.ReadAsync(store, previous.Name, cancellationToken).ConfigureAwait(false),
                end,
                cancellationToken).ConfigureAwait(false);
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

using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Whether changelogs outlive their snapshots (docs/format.md#expiry).</summary>
internal static class ChangelogRetention
{
    private static readonly TimeSpan DefaultTime = TimeSpan.FromHours(1);

    /// <summary>True when one of the options that keep changelogs goes beyond its counterpart for snapshots.</summary>
    public static bool IsDecoupled(TableOptions options)
    {
        var max = options.GetInt32("snapshot.num-retained.max", int.MaxValue);
        var min = options.GetInt32("snapshot.num-retained.min", 10);
        var time = options.GetDuration("snapshot.time-retained", DefaultTime);
        return options.GetInt32("changelog.num-retained.max", max) > max
            || options.GetInt32("changelog.num-retained.min", min) > min
            || options.GetDuration("changelog.time-retained", time) > time;
    }
}

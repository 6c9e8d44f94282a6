using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Text;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// The options that say what a read begins with, checked against each other as Paimon checks them (docs/format.md#scan-options).
/// Those that are not understood are refused by name: ignoring one would show another state than the one asked for. Immutable.
/// </summary>
internal sealed record StartupOptions
{
    private static readonly string[] Refused = ["scan.primary-branch", "scan.fallback-delta-branch", "scan.fallback-snapshot-branch"];

    /// <summary>Nothing asked for: the newest state.</summary>
    public static StartupOptions Latest { get; } = new() { Mode = StartupMode.LatestFull };

    /// <summary>Where to begin; never <see cref="StartupMode.Default"/> nor <see cref="StartupMode.Full"/>.</summary>
    public required StartupMode Mode { get; init; }

    /// <summary>The snapshot asked for.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>The tag asked for.</summary>
    public string? Tag { get; init; }

    /// <summary>The watermark asked for.</summary>
    public long? Watermark { get; init; }

    /// <summary>A tag, <c>watermark-</c> and a number, or a snapshot's id, whichever it turns out to be.</summary>
    public string? Version { get; init; }

    /// <summary>The time asked for, in milliseconds since 1970-01-01 UTC.</summary>
    public long? TimestampMillis { get; init; }

    /// <summary>The time that files were made at or after, in milliseconds since 1970-01-01 UTC.</summary>
    public long? CreationTimeMillis { get; init; }

    /// <summary>Two snapshots or tags of which the first is left out, two texts with a comma between.</summary>
    public string? Between { get; init; }

    /// <summary>Two times, in milliseconds since 1970-01-01 UTC or local date and time, with a comma between.</summary>
    public string? BetweenTimestamps { get; init; }

    /// <summary>An automatic tag: what happened since the one before it.</summary>
    public string? ToAutoTag { get; init; }

    /// <summary>How <see cref="Between"/> is read.</summary>
    public IncrementalMode IncrementalMode { get; init; }

    /// <summary>True to read <see cref="Between"/> of two tags by the snapshots in between instead of by their difference.</summary>
    public bool IsTagToSnapshot { get; init; }

    /// <summary>Reads the options.</summary>
    /// <param name="options">The table's options with those of the read laid over them.</param>
    /// <param name="zone">The zone of <c>scan.timestamp</c>.</param>
    /// <exception cref="PaimonException">Unsupported: an option that is not understood. Invalid: options contradict.</exception>
    public static StartupOptions From(TableOptions options, TimeZoneInfo zone)
    {
        CheckUnderstood(options);
        var mode = StartupKeys.CheckedMode(options);
        return new StartupOptions
        {
            Mode = mode,
            SnapshotId = options.GetInt64(StartupKeys.SnapshotId),
            Tag = options.GetString(StartupKeys.Tag),
            Watermark = options.GetInt64(StartupKeys.Watermark),
            Version = options.GetString(StartupKeys.Version),
            TimestampMillis = options.GetInt64(StartupKeys.TimestampMillis)
                ?? (options.GetString(StartupKeys.Timestamp) is { } text ? ParseTime(StartupKeys.Timestamp, text, zone) : null),
            CreationTimeMillis = options.GetInt64(mode == StartupMode.FromCreationTimestamp ? StartupKeys.CreationTime : StartupKeys.FileCreationTime),
            Between = options.GetString(StartupKeys.Between),
            BetweenTimestamps = options.GetString(StartupKeys.BetweenTimestamp),
            ToAutoTag = options.GetString(StartupKeys.ToAutoTag),
            IncrementalMode = options.GetEnum("incremental-between-scan-mode", IncrementalMode.Auto),
            IsTagToSnapshot = options.GetBoolean("incremental-between-tag-to-snapshot", false),
        };
    }

    /// <summary>The first and second of two times of option <c>incremental-between-timestamp</c>.</summary>
    /// <exception cref="PaimonException">Invalid: these are not two times.</exception>
    public static (long Start, long End) ParseTimes(string text, TimeZoneInfo zone)
    {
        var (start, end) = ParsePair(StartupKeys.BetweenTimestamp, text);
        return long.TryParse(start, out var startMillis) && long.TryParse(end, out var endMillis)
            ? (startMillis, endMillis)
            : (ParseTime(StartupKeys.BetweenTimestamp, start, zone), ParseTime(StartupKeys.BetweenTimestamp, end, zone));
    }

    /// <summary>The two texts of option <c>incremental-between</c>.</summary>
    /// <exception cref="PaimonException">Invalid: these are not two.</exception>
    public static (string Start, string End) ParseBetween(string text) => ParsePair(StartupKeys.Between, text);

    private static (string Start, string End) ParsePair(string key, string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2
            ? (parts[0], parts[1])
            : throw TableOptions.Error(key, text, "a start that is left out and an end, such as '5,10'");
    }

    private static long ParseTime(string key, string text, TimeZoneInfo zone)
    {
        if (!TemporalText.TryParseTimestamp(text.Trim(), out var local))
        {
            throw TableOptions.Error(key, text, "a local date and time such as '2024-01-31 12:30:00'");
        }

        var time = DateTime.UnixEpoch.AddMilliseconds(local.EpochMillis);
        return local.EpochMillis - (long)zone.GetUtcOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified)).TotalMilliseconds;
    }

    private static void CheckUnderstood(TableOptions options)
    {
        foreach (var key in Refused)
        {
            if (!string.IsNullOrWhiteSpace(options.GetString(key)))
            {
                PaimonException.ThrowUnsupported($"Reading with option '{key}' = '{options.GetString(key)}' is not supported.");
            }
        }

        if (options.GetBoolean("query-auth.enabled", false))
        {
            PaimonException.ThrowUnsupported("Reading with option 'query-auth.enabled' = 'true' is not supported.");
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Text;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// The options that say what a read begins with, checked against each other as Paimon checks them (docs/format.md#scan-options).
/// Those that are not understood are refused by name: ignoring one would show another state than the one asked for. Immutable.
/// </summary>
internal sealed record StartupOptions
{
    private const string SnapshotIdKey = "scan.snapshot-id";
    private const string TagKey = "scan.tag-name";
    private const string WatermarkKey = "scan.watermark";
    private const string VersionKey = "scan.version";
    private const string TimestampKey = "scan.timestamp";
    private const string TimestampMillisKey = "scan.timestamp-millis";
    private const string FileCreationTimeKey = "scan.file-creation-time-millis";
    private const string CreationTimeKey = "scan.creation-time-millis";
    private const string BetweenKey = "incremental-between";
    private const string BetweenTimestampKey = "incremental-between-timestamp";
    private const string ToAutoTagKey = "incremental-to-auto-tag";

    private static readonly string[] IncrementalKeys = [BetweenTimestampKey, BetweenKey, ToAutoTagKey];
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
        var mode = ModeOf(options);
        CheckTogether(options, mode);
        return new StartupOptions
        {
            Mode = mode,
            SnapshotId = options.GetInt64(SnapshotIdKey),
            Tag = options.GetString(TagKey),
            Watermark = options.GetInt64(WatermarkKey),
            Version = options.GetString(VersionKey),
            TimestampMillis = options.GetInt64(TimestampMillisKey)
                ?? (options.GetString(TimestampKey) is { } text ? ParseTime(TimestampKey, text, zone) : null),
            CreationTimeMillis = options.GetInt64(mode == StartupMode.FromCreationTimestamp ? CreationTimeKey : FileCreationTimeKey),
            Between = options.GetString(BetweenKey),
            BetweenTimestamps = options.GetString(BetweenTimestampKey),
            ToAutoTag = options.GetString(ToAutoTagKey),
            IncrementalMode = options.GetEnum("incremental-between-scan-mode", IncrementalMode.Auto),
            IsTagToSnapshot = options.GetBoolean("incremental-between-tag-to-snapshot", false),
        };
    }

    /// <summary>The first and second of two times of option <c>incremental-between-timestamp</c>.</summary>
    /// <exception cref="PaimonException">Invalid: these are not two times.</exception>
    public static (long Start, long End) ParseTimes(string text, TimeZoneInfo zone)
    {
        var (start, end) = ParsePair(BetweenTimestampKey, text);
        return long.TryParse(start, out var startMillis) && long.TryParse(end, out var endMillis)
            ? (startMillis, endMillis)
            : (ParseTime(BetweenTimestampKey, start, zone), ParseTime(BetweenTimestampKey, end, zone));
    }

    /// <summary>The two texts of option <c>incremental-between</c>.</summary>
    /// <exception cref="PaimonException">Invalid: these are not two.</exception>
    public static (string Start, string End) ParseBetween(string text) => ParsePair(BetweenKey, text);

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

    private static StartupMode ModeOf(TableOptions options)
    {
        var mode = options.GetEnum(options.Contains("scan.mode") ? "scan.mode" : "log.scan", StartupMode.Default);
        return mode switch
        {
            StartupMode.Full => StartupMode.LatestFull,
            not StartupMode.Default => mode,
            _ when IsSet(options, TimestampMillisKey, TimestampKey) => StartupMode.FromTimestamp,
            _ when IsSet(options, SnapshotIdKey, TagKey, WatermarkKey, VersionKey) => StartupMode.FromSnapshot,
            _ when IsSet(options, FileCreationTimeKey) => StartupMode.FromFileCreationTime,
            _ when IsSet(options, CreationTimeKey) => StartupMode.FromCreationTimestamp,
            _ when IsSet(options, IncrementalKeys) => StartupMode.Incremental,
            _ => StartupMode.LatestFull,
        };
    }

    // Which options go with a mode and which do not, as Paimon has it.
    private static void CheckTogether(TableOptions options, StartupMode mode)
    {
        string[] needsOne = mode switch
        {
            StartupMode.FromTimestamp => [TimestampMillisKey, TimestampKey],
            StartupMode.FromSnapshot => [SnapshotIdKey, TagKey, WatermarkKey, VersionKey],
            StartupMode.FromSnapshotFull => [SnapshotIdKey],
            StartupMode.FromFileCreationTime => [FileCreationTimeKey],
            StartupMode.FromCreationTimestamp => [CreationTimeKey],
            StartupMode.Incremental => IncrementalKeys,
            _ => [],
        };
        if (needsOne.Length > 0 && needsOne.Count(options.Contains) != 1)
        {
            PaimonException.ThrowInvalid(
                $"A read with scan.mode '{Text(mode)}' needs exactly one of the options {string.Join(", ", needsOne)}; "
                + $"given are: {Given(options, needsOne)}.");
        }

        string[] checkedKeys =
            [SnapshotIdKey, TagKey, TimestampMillisKey, TimestampKey, FileCreationTimeKey, .. IncrementalKeys];
        if (checkedKeys.Except(needsOne).FirstOrDefault(options.Contains) is { } conflict)
        {
            PaimonException.ThrowInvalid(
                $"Option '{conflict}' does not go with scan.mode '{Text(mode)}'"
                + (needsOne.Length > 0 ? $" and {Given(options, needsOne)}." : "."));
        }
    }

    private static string Given(TableOptions options, string[] keys) =>
        keys.Any(options.Contains) ? string.Join(", ", keys.Where(options.Contains)) : "none";

    private static bool IsSet(TableOptions options, params string[] keys) => keys.Any(options.Contains);

    private static string Text(StartupMode mode) => mode switch
    {
        StartupMode.LatestFull => "latest-full",
        StartupMode.CompactedFull => "compacted-full",
        StartupMode.FromTimestamp => "from-timestamp",
        StartupMode.FromCreationTimestamp => "from-creation-timestamp",
        StartupMode.FromFileCreationTime => "from-file-creation-time",
        StartupMode.FromSnapshot => "from-snapshot",
        StartupMode.FromSnapshotFull => "from-snapshot-full",
        StartupMode.Incremental => "incremental",
        _ => "latest",
    };
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The keys of the options that say what a read begins with, and which of them go together: checked for every read and for every
/// schema that is written, as Paimon does (docs/format.md#scan-options).
/// </summary>
internal static class StartupKeys
{
    public const string SnapshotId = "scan.snapshot-id";
    public const string Tag = "scan.tag-name";
    public const string Watermark = "scan.watermark";
    public const string Version = "scan.version";
    public const string Timestamp = "scan.timestamp";
    public const string TimestampMillis = "scan.timestamp-millis";
    public const string FileCreationTime = "scan.file-creation-time-millis";
    public const string CreationTime = "scan.creation-time-millis";
    public const string Between = "incremental-between";
    public const string BetweenTimestamp = "incremental-between-timestamp";
    public const string ToAutoTag = "incremental-to-auto-tag";

    private static readonly string[] Incremental = [BetweenTimestamp, Between, ToAutoTag];

    /// <summary>What a read begins with: option <c>scan.mode</c>, else what the other options say.</summary>
    /// <param name="options">A table's options, perhaps with those of a read laid over them.</param>
    /// <returns>Never <see cref="StartupMode.Default"/> nor <see cref="StartupMode.Full"/>.</returns>
    /// <exception cref="PaimonException">Invalid: options contradict each other, or one is missing.</exception>
    public static StartupMode CheckedMode(TableOptions options)
    {
        var mode = ModeOf(options);
        CheckTogether(options, mode);
        return mode;
    }

    private static StartupMode ModeOf(TableOptions options)
    {
        var mode = options.GetEnum("scan.mode", StartupMode.Default);
        return mode switch
        {
            StartupMode.Full => StartupMode.LatestFull,
            not StartupMode.Default => mode,
            _ when IsSet(options, TimestampMillis, Timestamp) => StartupMode.FromTimestamp,
            _ when IsSet(options, SnapshotId, Tag, Watermark, Version) => StartupMode.FromSnapshot,
            _ when IsSet(options, FileCreationTime) => StartupMode.FromFileCreationTime,
            _ when IsSet(options, CreationTime) => StartupMode.FromCreationTimestamp,
            _ when IsSet(options, Incremental) => StartupMode.Incremental,
            _ => StartupMode.LatestFull,
        };
    }

    // Which options go with a mode and which do not, as Paimon has it.
    private static void CheckTogether(TableOptions options, StartupMode mode)
    {
        string[] needsOne = mode switch
        {
            StartupMode.FromTimestamp => [TimestampMillis, Timestamp],
            StartupMode.FromSnapshot => [SnapshotId, Tag, Watermark, Version],
            StartupMode.FromSnapshotFull => [SnapshotId],
            StartupMode.FromFileCreationTime => [FileCreationTime],
            StartupMode.FromCreationTimestamp => [CreationTime],
            StartupMode.Incremental => Incremental,
            _ => [],
        };
        if (needsOne.Length > 0 && needsOne.Count(options.Contains) != 1)
        {
            PaimonException.ThrowInvalid(
                $"A read with scan.mode '{Text(mode)}' needs exactly one of the options {string.Join(", ", needsOne)}; "
                + $"given are: {Given(options, needsOne)}.");
        }

        string[] checkedKeys =
            [SnapshotId, Tag, TimestampMillis, Timestamp, FileCreationTime, .. Incremental];
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

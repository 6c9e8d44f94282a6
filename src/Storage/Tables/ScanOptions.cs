using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The table options that say which state a batch read shows, as Paimon's dynamic options do. Those that are not understood
/// are refused by name: ignoring one would show another state than the one asked for.
/// </summary>
internal static class ScanOptions
{
    private static readonly string[] Refused =
    [
        "scan.timestamp", "scan.timestamp-millis", "scan.watermark", "scan.version", "scan.file-creation-time-millis",
        "scan.creation-time-millis", "scan.fallback-branch", "scan.primary-branch", "scan.fallback-delta-branch",
        "scan.fallback-snapshot-branch", "incremental-between", "incremental-between-timestamp", "incremental-to-auto-tag",
        "query-auth.enabled",
    ];

    /// <summary>Points a scan at the state that a table's options name.</summary>
    /// <exception cref="PaimonException">Unsupported: an option that is not understood. Invalid: options contradict.</exception>
    public static TableScan Apply(TableOptions options, TableScan scan)
    {
        foreach (var key in Refused)
        {
            if (options.TryGet(key, out var text) && text.Length > 0 && !(key == "query-auth.enabled" && text == "false"))
            {
                PaimonException.ThrowUnsupported($"Reading with option '{key}' = '{text}' is not supported.");
            }
        }

        var snapshot = options.GetInt64("scan.snapshot-id");
        var tag = options.GetString("scan.tag-name");
        if (snapshot is not null && tag is not null)
        {
            PaimonException.ThrowInvalid("Options 'scan.snapshot-id' and 'scan.tag-name' name two states; give one of them.");
        }

        switch (options.GetString("scan.mode", "default"))
        {
            case "default" or "from-snapshot" or "from-snapshot-full":
                break;
            case "full" or "latest" or "latest-full" when snapshot is null && tag is null:
                break;
            case var mode:
                PaimonException.ThrowUnsupported($"Batch reads with option 'scan.mode' = '{mode}' are not supported.");
                break;
        }

        return snapshot is not null ? scan.AsOfSnapshot(snapshot.Value) : tag is not null ? scan.AsOfTag(tag) : scan;
    }
}

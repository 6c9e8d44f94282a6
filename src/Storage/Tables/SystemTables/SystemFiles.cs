using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>Totals over files.</summary>
/// <param name="Count">The files.</param>
/// <param name="RecordCount">Their rows.</param>
/// <param name="SizeBytes">Their sizes.</param>
/// <param name="LastUpdate">When the newest was written, local time; null where unknown.</param>
internal readonly record struct SystemFiles(long Count, long RecordCount, long SizeBytes, NanoTimestamp? LastUpdate)
{
    /// <summary>Adds files up.</summary>
    public static SystemFiles Of(IEnumerable<ManifestEntry> entries)
    {
        var files = entries.Select(entry => entry.File).ToList();
        return new SystemFiles(
            files.Count,
            files.Sum(file => file.RowCount),
            files.Sum(file => file.FileSizeBytes),
            files.Max(file => file.CreationTimeMillis) is { } millis ? new NanoTimestamp(millis, 0) : null);
    }
}

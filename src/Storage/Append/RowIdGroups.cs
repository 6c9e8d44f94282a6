using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Groups the files of a table with <c>data-evolution.enabled</c> by the row ids that they hold: files of the same rows hold
/// different columns, or newer values of the same ones (docs/format.md#data-evolution).
/// </summary>
internal static class RowIdGroups
{
    /// <summary>Groups files.</summary>
    /// <param name="files">The live files of a bucket.</param>
    /// <returns>The groups by row id; in each the newest file first.</returns>
    /// <exception cref="CorruptDataException">A file has no row ids, or ranges of row ids overlap but differ.</exception>
    public static List<IReadOnlyList<DataFileMeta>> Of(IReadOnlyList<DataFileMeta> files)
    {
        var groups = new List<IReadOnlyList<DataFileMeta>>();
        var group = new List<DataFileMeta>();
        var end = long.MinValue;
        foreach (var file in files.OrderBy(FirstRowId).ThenByDescending(file => file.MaxSequenceNumber))
        {
            if (group.Count > 0 && FirstRowId(file) < end)
            {
                if (FirstRowId(file) != FirstRowId(group[0]) || file.RowCount != group[0].RowCount)
                {
                    CorruptDataException.Throw(
                        $"The files {group[0].FileName} and {file.FileName} hold row ids {Range(group[0])} and {Range(file)};"
                        + " files that share rows must hold the same ones.");
                }
            }
            else if (group.Count > 0)
            {
                groups.Add(group);
                group = [];
            }

            group.Add(file);
            end = FirstRowId(file) + file.RowCount;
        }

        if (group.Count > 0)
        {
            groups.Add(group);
        }

        return groups;
    }

    private static long FirstRowId(DataFileMeta file) =>
        file.FirstRowId
        ?? throw new CorruptDataException($"The manifest entry of the file {file.FileName} has no row ids; its table has them.");

    private static string Range(DataFileMeta file) => $"{file.FirstRowId} to {file.FirstRowId + file.RowCount - 1}";
}

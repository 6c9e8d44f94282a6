using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Files whose rows wait for their buckets (docs/format.md#postponed-buckets).</summary>
internal static class PostponedFiles
{
    /// <summary>
    /// The files of one partition in the order in which they were written: by the time of their creation, those of one millisecond by
    /// their schema, after a change of which a writer counts its files anew, and by the number that their writer gave them.
    /// </summary>
    public static IReadOnlyList<DataFileMeta> InOrder(IEnumerable<DataFileMeta> files) =>
        [.. files.OrderBy(file => file.CreationTimeMillis).ThenBy(file => file.SchemaId).ThenBy(NumberOf)];

    private static int NumberOf(DataFileMeta file)
    {
        var name = file.FileName.AsSpan();
        name = name[(name.LastIndexOf('-') + 1)..];
        var dot = name.IndexOf('.');
        return dot > 0 && int.TryParse(name[..dot], out var number) ? number : 0;
    }
}

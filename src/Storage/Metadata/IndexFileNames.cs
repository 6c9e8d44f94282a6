using PaimonSharp.Data;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The names of the index files that one writer makes, in all its buckets. Safe for several threads.</summary>
/// <param name="ids">Where the random part comes from.</param>
internal sealed class IndexFileNames(IdSource ids)
{
    private readonly string _uuid = ids.NextUuid();
    private int _next = -1;

    /// <summary>The next name.</summary>
    public string Next() => $"index-{_uuid}-{Interlocked.Increment(ref _next)}";
}

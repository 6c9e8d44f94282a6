using PaimonSharp.Data;

namespace PaimonSharp.Merge;

/// <summary>
/// Merge engine <c>deduplicate</c>: the newest version wins with its kind; a retraction stays as the key's tombstone.
/// </summary>
/// <param name="ignoreDelete">Option <c>ignore-delete</c>: retractions are passed over, as older files may hold some.</param>
internal readonly struct DeduplicateMerge(bool ignoreDelete = false) : IMergeFunction
{
    /// <inheritdoc/>
    public int Select(MergeGroup group)
    {
        var version = group.Count - 1;
        while (ignoreDelete && version >= 0 && group.KindOf(version).IsRetract())
        {
            version--;
        }

        return version;
    }
}

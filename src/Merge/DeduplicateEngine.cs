using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge;

/// <summary>
/// Merge engine <c>deduplicate</c>: the newest version wins with its kind; a retraction stays as the key's tombstone.
/// </summary>
/// <param name="ignoreDelete">Option <c>ignore-delete</c>: retractions are passed over, as older files may hold some.</param>
internal sealed class DeduplicateEngine(bool ignoreDelete) : MergeEngine
{
    /// <inheritdoc/>
    public override bool NeedsValues => false;

    /// <inheritdoc/>
    public override BoundMerge Bind(RowType columns) => new DeduplicateMerge(ignoreDelete);
}

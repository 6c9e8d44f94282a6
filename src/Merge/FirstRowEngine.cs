using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge;

/// <summary>Merge engine <c>first-row</c>: the oldest version stays; retractions are passed over or an error.</summary>
/// <param name="ignoreDelete">Option <c>ignore-delete</c>.</param>
internal sealed class FirstRowEngine(bool ignoreDelete) : MergeEngine
{
    /// <inheritdoc/>
    public override bool NeedsValues => false;

    /// <inheritdoc/>
    public override BoundMerge Bind(RowType columns) => new FirstRowMerge(ignoreDelete);
}

using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Whether and why a table's compactions look keys up in higher levels (docs/format.md#lookup-compaction). Where they do, a
/// row above level 0 is the key's whole state as of its file: of several such rows only that of the lowest level counts.
/// Immutable.
/// </summary>
/// <param name="IsFirstRow">Merge engine first-row: a key is new or not.</param>
/// <param name="ProducesChangelog">Changelog producer lookup.</param>
/// <param name="HasDeletionVectors">Option <c>deletion-vectors.enabled</c>: rows found are marked as deleted.</param>
/// <param name="IsForced">Option <c>force-lookup</c>.</param>
internal sealed record LookupStrategy(bool IsFirstRow, bool ProducesChangelog, bool HasDeletionVectors, bool IsForced)
{
    /// <summary>True when compactions look keys up, so that every file of level 0 has to go through one.</summary>
    public bool NeedsLookup => IsFirstRow || ProducesChangelog || HasDeletionVectors || IsForced;

    /// <summary>True when of the rows of a key above level 0 only that of the lowest level counts.</summary>
    public bool CountsLowestLevelOnly => NeedsLookup && !IsFirstRow;

    /// <summary>What a table's options say.</summary>
    /// <param name="options">The table's options.</param>
    public static LookupStrategy Of(TableOptions options) => new(
        options.GetName("merge-engine", "deduplicate") == "first-row",
        options.GetName("changelog-producer", "none") == "lookup",
        options.GetBoolean("deletion-vectors.enabled", false),
        options.GetBoolean("force-lookup", false));
}

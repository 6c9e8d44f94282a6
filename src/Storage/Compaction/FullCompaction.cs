using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Merges all runs to the highest level (docs/format.md#full-compaction). Where that is how they are already, only the files are
/// rewritten that hold what a rewrite would leave out, or all with option <c>compaction.force-rewrite-all-files</c>.
/// </summary>
/// <param name="options">The table's options.</param>
/// <param name="isWorthRewriting">True for a file at the highest level that holds rows which a rewrite leaves out; null for none.</param>
internal sealed class FullCompaction(TableOptions options, Func<DataFileMeta, bool>? isWorthRewriting = null) : ICompactStrategy
{
    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels)
    {
        if (levels.Runs.Count == 0)
        {
            return null;
        }

        if (levels.Runs is not [var only] || only.Level != levels.MaxLevel)
        {
            return CompactUnit.FromRuns(levels.MaxLevel, levels.Runs);
        }

        DataFileMeta[] files =
        [
            .. only.Run.Files.Where(file => RewritesAll(options) || (isWorthRewriting is not null && isWorthRewriting(file))),
        ];
        return files.Length == 0 ? null : new CompactUnit(levels.MaxLevel, files) { RewritesEachFile = true };
    }

    /// <summary>Option <c>compaction.force-rewrite-all-files</c>.</summary>
    /// <param name="options">The table's options.</param>
    public static bool RewritesAll(TableOptions options) => options.GetBoolean("compaction.force-rewrite-all-files", false);
}

using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Carries out the steps that a <see cref="CompactTask"/> decides on, with what the table wants to come of them: merged files
/// alone, or a changelog and deletion vectors too. One compaction at a time.
/// </summary>
internal interface ICompactRewriter
{
    /// <summary>Merges files.</summary>
    /// <param name="outputLevel">The level of the result.</param>
    /// <param name="dropDelete">True when no older version of a key is left outside, so that retractions need not stay.</param>
    /// <param name="sections">The files: sections of runs, in key order.</param>
    /// <param name="cancellationToken">Gives up; files that are not finished are removed.</param>
    ValueTask<CompactResult> RewriteAsync(
        int outputLevel,
        bool dropDelete,
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        CancellationToken cancellationToken);

    /// <summary>Moves one file to another level, as it is where that is enough.</summary>
    /// <param name="outputLevel">The level that it goes to.</param>
    /// <param name="file">The file, on another level.</param>
    /// <param name="cancellationToken">Gives up; files that are not finished are removed.</param>
    ValueTask<CompactResult> UpgradeAsync(int outputLevel, DataFileMeta file, CancellationToken cancellationToken);

    /// <summary>Ends the compaction begun with the first call of another method: makes durable what belongs to all of its steps.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bucket's deletion vectors, when the compaction changed them.</returns>
    ValueTask<IndexManifestEntry?> FinishAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what a compaction that failed did.</summary>
    void Abandon();
}

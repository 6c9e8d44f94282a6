using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Files that a strategy chose to be merged, and the level that they go to. Immutable.</summary>
/// <param name="OutputLevel">The level of the result.</param>
/// <param name="Files">The files of whole runs.</param>
internal sealed record CompactUnit(int OutputLevel, IReadOnlyList<DataFileMeta> Files)
{
    /// <summary>True to rewrite every file by itself, whatever its size and level.</summary>
    public bool RewritesEachFile { get; init; }

    /// <summary>True when there is nothing to do: a single file, where it is to be.</summary>
    public bool IsDone => !RewritesEachFile && Files is [var only] && only.Level == OutputLevel;

    /// <summary>All files of some runs.</summary>
    /// <param name="outputLevel">The level of the result.</param>
    /// <param name="runs">The runs.</param>
    public static CompactUnit FromRuns(int outputLevel, IEnumerable<LevelRun> runs) =>
        new(outputLevel, [.. runs.SelectMany(run => run.Run.Files)]);
}

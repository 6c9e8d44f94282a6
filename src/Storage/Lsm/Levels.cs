using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The live files of a bucket as an LSM tree: at level 0 every file is a run of its own, newest first; each higher level is one
/// run. Immutable: a change gives a new tree.
/// </summary>
internal sealed class Levels
{
    private readonly RowType _keyType;

    /// <summary>Makes a tree.</summary>
    /// <param name="files">The live files.</param>
    /// <param name="keyType">The trimmed primary key.</param>
    /// <param name="levelCount">The number of levels asked for; more when files are on higher ones.</param>
    public Levels(IReadOnlyList<DataFileMeta> files, RowType keyType, int levelCount)
    {
        Files = files;
        _keyType = keyType;
        LevelCount = Math.Max(levelCount, files.Count == 0 ? 0 : files.Max(file => file.Level) + 1);
        Runs = [.. LevelZero(), .. HigherLevels()];
    }

    /// <summary>The live files.</summary>
    public IReadOnlyList<DataFileMeta> Files { get; }

    /// <summary>The number of levels.</summary>
    public int LevelCount { get; }

    /// <summary>The highest level.</summary>
    public int MaxLevel => LevelCount - 1;

    /// <summary>All runs: level 0, newest first, then one for each level that has files.</summary>
    public IReadOnlyList<LevelRun> Runs { get; }

    /// <summary>The highest level that has files, 0 when there are none.</summary>
    public int NonEmptyHighestLevel => Runs.Count == 0 ? 0 : Runs[^1].Level;

    /// <summary>The tree with some files replaced by others.</summary>
    /// <param name="before">Files that leave.</param>
    /// <param name="after">Files that come.</param>
    public Levels Replace(IReadOnlyList<DataFileMeta> before, IReadOnlyList<DataFileMeta> after)
    {
        var removed = before.Select(file => (file.FileName, file.Level)).ToHashSet();
        return new Levels(
            [.. Files.Where(file => !removed.Contains((file.FileName, file.Level))), .. after], _keyType, LevelCount);
    }

    private IEnumerable<LevelRun> LevelZero() =>
        Files.Where(file => file.Level == 0)
            .OrderByDescending(file => file.MaxSequenceNumber)
            .ThenBy(file => file.MinSequenceNumber)
            .ThenBy(file => file.CreationTimeMillis)
            .ThenBy(file => file.FileName, StringComparer.Ordinal)
            .Select(file => new LevelRun(0, new SortedRun([file])));

    private IEnumerable<LevelRun> HigherLevels()
    {
        foreach (var level in Files.Where(file => file.Level > 0).GroupBy(file => file.Level).OrderBy(group => group.Key))
        {
            var files = level.ToArray();
            var ranges = new KeyRanges(files, _keyType);
            var order = Enumerable.Range(0, files.Length).ToArray();
            Array.Sort(order, ranges.CompareByMinThenMax);
            for (var i = 1; i < order.Length; i++)
            {
                if (ranges.Min.Compare(order[i], ranges.Max, order[i - 1]) <= 0)
                {
                    throw new Data.Errors.CorruptDataException(
                        $"Files {files[order[i - 1]].FileName} and {files[order[i]].FileName} of level {level.Key} overlap; "
                        + "key ranges of one level must be disjoint.");
                }
            }

            yield return new LevelRun(level.Key, new SortedRun([.. order.Select(i => files[i])]));
        }
    }
}

using Microsoft.Extensions.Logging;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Carries out one unit (docs/format.md#compaction-task):
/// <list type="number">
/// <item>The files are split into sections whose keys do not overlap.</item>
/// <item>A section of several runs is rewritten.</item>
/// <item>In a section of one run, small files are rewritten together with their neighbours, large ones only change their
/// level, unless they may hold deletes that the highest level must not keep or rows that have expired, or everything is to be
/// rewritten.</item>
/// </list>
/// For one thread.
/// </summary>
internal sealed partial class CompactTask
{
    private const double SmallFileRatio = 0.7;

    private readonly KeyValueWriteContext _context;
    private readonly BucketFiles _bucket;
    private readonly ICompactRewriter _rewriter;
    private readonly CompactUnit _unit;
    private readonly IReadOnlyList<DataFileMeta> _files;
    private readonly bool _dropDelete;
    private readonly int _maxLevel;
    private readonly bool _rewritesAll;
    private readonly List<DataFileMeta> _before = [];
    private readonly List<DataFileMeta> _after = [];
    private readonly List<DataFileMeta> _changelog = [];

    /// <summary>Prepares a compaction.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="rewriter">Carries out what is decided here.</param>
    /// <param name="levels">The bucket's tree.</param>
    /// <param name="unit">What to merge.</param>
    public CompactTask(
        KeyValueWriteContext context, BucketFiles bucket, ICompactRewriter rewriter, Levels levels, CompactUnit unit)
    {
        _bucket = bucket;
        _context = context;
        _rewriter = rewriter;
        _unit = unit;
        _files = levels.Files;
        _maxLevel = levels.MaxLevel;
        _rewritesAll = FullCompaction.RewritesAll(context.Options);
        _dropDelete = unit.OutputLevel != 0
            && (unit.OutputLevel >= levels.NonEmptyHighestLevel || LookupStrategy.Of(context.Options).HasDeletionVectors);
    }

    /// <summary>True for a file of which a rewrite leaves rows out for their age; none by default.</summary>
    public Func<DataFileMeta, bool> HasExpiredRows { get; init; } = _ => false;

    /// <summary>
    /// Runs. Nothing is done in a bucket that has files of other columns than the writer's schema has, and a newer one: what they
    /// have more would be lost.
    /// </summary>
    /// <param name="cancellationToken">Gives up; its files are removed, as after every failure.</param>
    public async ValueTask<CompactResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _bucket.Readers.FindNewerColumnsAsync(_files, _context.Schema, cancellationToken).ConfigureAwait(false) is { } newer)
            {
                LogNewerColumns(
                    _context.Environment.LoggerFactory.CreateLogger<CompactTask>(),
                    _bucket.Directory,
                    newer.FileName,
                    newer.SchemaId,
                    _context.Schema.Id);
                _rewriter.Abandon();
                return new CompactResult([], []);
            }

            await CompactAsync(cancellationToken).ConfigureAwait(false);
            var vectors = await _rewriter.FinishAsync(cancellationToken).ConfigureAwait(false);
            return new CompactResult(_before, _after) { Changelog = _changelog, DeletionVectors = vectors };
        }
        catch
        {
            _rewriter.Abandon();
            await RemoveAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask RemoveAsync()
    {
        var kept = _before.Select(file => file.FileName).ToHashSet();
        foreach (var file in _after.Where(file => !kept.Contains(file.FileName)).Concat(_changelog))
        {
            await _bucket.TryDeleteAsync(_context.Environment.FileIO, file).ConfigureAwait(false);
        }
    }

    private async ValueTask CompactAsync(CancellationToken cancellationToken)
    {
        var minBytes = (long)(_context.TargetFileSizeBytes
            * _context.Options.GetDouble("compaction.small-file-ratio", SmallFileRatio));
        if (_unit.RewritesEachFile)
        {
            foreach (var file in _unit.Files)
            {
                await MergeAsync([[new SortedRun([file])]], cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var candidates = new List<IReadOnlyList<SortedRun>>();
        foreach (var section in IntervalPartition.Split(_unit.Files, _context.KeyType))
        {
            if (section.Count > 1)
            {
                candidates.Add(section);
                continue;
            }

            foreach (var file in section[0].Files)
            {
                if (file.FileSizeBytes < minBytes)
                {
                    candidates.Add([new SortedRun([file])]);
                }
                else
                {
                    await RewriteAsync(candidates, cancellationToken).ConfigureAwait(false);
                    await UpgradeAsync(file, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        await RewriteAsync(candidates, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RewriteAsync(List<IReadOnlyList<SortedRun>> sections, CancellationToken cancellationToken)
    {
        if (sections is [[{ Files: [var only] }]])
        {
            sections.Clear();
            await UpgradeAsync(only, cancellationToken).ConfigureAwait(false);
        }
        else if (sections.Count > 0)
        {
            await MergeAsync(sections, cancellationToken).ConfigureAwait(false);
            sections.Clear();
        }
    }

    private async ValueTask UpgradeAsync(DataFileMeta file, CancellationToken cancellationToken)
    {
        if (_rewritesAll || (_unit.OutputLevel == _maxLevel && file.DeleteRowCount != 0) || HasExpiredRows(file))
        {
            await MergeAsync([[new SortedRun([file])]], cancellationToken).ConfigureAwait(false);
        }
        else if (file.Level != _unit.OutputLevel)
        {
            Add(await _rewriter.UpgradeAsync(_unit.OutputLevel, file, cancellationToken).ConfigureAwait(false));
        }
    }

    private async ValueTask MergeAsync(
        IReadOnlyList<IReadOnlyList<SortedRun>> sections, CancellationToken cancellationToken) =>
        Add(await _rewriter.RewriteAsync(_unit.OutputLevel, _dropDelete, sections, cancellationToken).ConfigureAwait(false));

    private void Add(CompactResult step)
    {
        _before.AddRange(step.Before);
        _after.AddRange(step.After);
        _changelog.AddRange(step.Changelog);
    }

    [LoggerMessage(
        1103,
        LogLevel.Warning,
        "{Bucket}: not compacted, as {File} has the columns of schema {Newer} and the writer those of {Own}; give the writer the new schema")]
    private static partial void LogNewerColumns(ILogger logger, string bucket, string file, long newer, long own);
}

using PaimonSharp.Merge;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Merges files and finds out what becomes of each key beside it: for the changelog of producers full-compaction and lookup, for
/// deletion vectors, for first-row (docs/format.md#lookup-compaction). One compaction at a time.
/// </summary>
internal sealed class ChangelogRewriter : ICompactRewriter
{
    private readonly KeyValueWriteContext _context;
    private readonly BucketFiles _bucket;
    private readonly LookupStrategy _strategy;
    private readonly MergeRewriter _plain;
    private readonly BucketLookup? _lookup;
    private readonly BucketDeletions? _deletions;
    private readonly Levels _levels;
    private readonly bool _makesChangelog;
    private LookupLevels? _lookupLevels;

    /// <summary>Prepares compactions of a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="levels">The bucket's tree as the compaction finds it.</param>
    /// <param name="lookup">Finds rows of higher levels; null for changelog producer full-compaction.</param>
    /// <param name="deletions">The bucket's deletion vectors; null where the table has none.</param>
    public ChangelogRewriter(
        KeyValueWriteContext context,
        BucketFiles bucket,
        Levels levels,
        BucketLookup? lookup,
        BucketDeletions? deletions)
    {
        _context = context;
        _strategy = LookupStrategy.Of(context.Options);
        _lookup = lookup;
        _deletions = deletions;
        _levels = levels;
        _makesChangelog = lookup is null || _strategy.ProducesChangelog;
        _bucket = deletions is null ? bucket : bucket with { Readers = bucket.Readers.WithDeletions(deletions.Of) };
        _plain = new MergeRewriter(context, _bucket);
    }

    /// <inheritdoc/>
    public async ValueTask<CompactResult> RewriteAsync(
        int outputLevel,
        bool dropDelete,
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (_lookup is null ? outputLevel == _levels.MaxLevel : outputLevel > 0 && HasLevelZero(sections))
        {
            return await RunAsync(outputLevel, sections, dropDelete, rewrites: true, cancellationToken).ConfigureAwait(false);
        }

        var result = await _plain.RewriteAsync(outputLevel, dropDelete, sections, cancellationToken).ConfigureAwait(false);
        DropVectors(result.Before);
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask<CompactResult> UpgradeAsync(
        int outputLevel, DataFileMeta file, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (_lookup is null ? outputLevel != _levels.MaxLevel : file.Level != 0)
        {
            return await _plain.UpgradeAsync(outputLevel, file, cancellationToken).ConfigureAwait(false);
        }

        return await RunAsync(
            outputLevel,
            [[new SortedRun([file])]],
            dropDelete: _deletions is not null,
            rewrites: _lookup is not null && NeedsRewrite(outputLevel, file),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IndexManifestEntry?> FinishAsync(CancellationToken cancellationToken) =>
        _deletions is null ? null : await _deletions.WriteAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Abandon() => _deletions?.Rollback();

    private static bool HasLevelZero(IReadOnlyList<IReadOnlyList<SortedRun>> sections) =>
        sections.Any(section => section.Any(run => run.Files.Any(file => file.Level == 0)));

    private ValueTask LoadAsync(CancellationToken cancellationToken) =>
        _deletions?.LoadAsync(cancellationToken) ?? ValueTask.CompletedTask;

    // A file of level 0 may only move up when that changes no row of it.
    private bool NeedsRewrite(int outputLevel, DataFileMeta file)
    {
        if (_context.Formats.Of(file.Level, false).Format.Identifier != _context.Formats.Of(outputLevel, false).Format.Identifier)
        {
            return true;
        }

        // With deletion vectors retractions are not kept above level 0.
        if (_deletions is not null && file.DeleteRowCount != 0)
        {
            return true;
        }

        return outputLevel != _levels.MaxLevel
            && (_context.Engine is not DeduplicateEngine || _context.SequenceIndexes.Length > 0);
    }

    private async ValueTask<CompactResult> RunAsync(
        int outputLevel,
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        bool dropDelete,
        bool rewrites,
        CancellationToken cancellationToken)
    {
        var before = await CreateBeforeAsync(outputLevel, cancellationToken).ConfigureAwait(false);
        var changes = _makesChangelog ? new ChangelogRows(_context.Schema, _context.Options) : null;
        var data = NewWriter(outputLevel, isChangelog: false);
        await using var disposeData = data.ConfigureAwait(false);
        var changelog = NewWriter(outputLevel, isChangelog: true);
        await using var disposeChangelog = changelog.ConfigureAwait(false);
        var space = _context.WriteMemory.RentSpace();
        var bucket = _bucket with { Readers = _bucket.Readers.ForRewrite() };
        foreach (var section in sections)
        {
            var runs = await MergeRuns.OpenAsync(section, _context.CompactionPlan, bucket.Readers, cancellationToken)
                .ConfigureAwait(false);
            var reader = new ChangelogReader(runs, _context, bucket, before, changes);
            await using var disposeReader = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(space.MergedBlock, dropDelete, space.AllBlock, cancellationToken).ConfigureAwait(false))
            {
                if (rewrites)
                {
                    await data.WriteAsync(reader.Kept, cancellationToken).ConfigureAwait(false);
                }

                await changelog.WriteAsync(space.AllBlock, cancellationToken).ConfigureAwait(false);
            }
        }

        _context.WriteMemory.ReturnSpace(space);

        // All files or none: where one cannot be ended, the others go too.
        await data.EndAsync(cancellationToken).ConfigureAwait(false);
        await changelog.EndAsync(cancellationToken).ConfigureAwait(false);
        var replaced = sections.SelectMany(section => section).SelectMany(run => run.Files).ToList();
        if (rewrites)
        {
            DropVectors(replaced);
        }

        return new CompactResult(
            replaced,
            rewrites
                ? await data.FinishAsync(cancellationToken).ConfigureAwait(false)
                : [.. replaced.Select(file => file with { Level = outputLevel })])
        {
            Changelog = await changelog.FinishAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    private async ValueTask<BeforeRows> CreateBeforeAsync(int outputLevel, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_lookup is null)
        {
            return new TopLevelRows(_levels.MaxLevel, _strategy.CountsLowestLevelOnly);
        }

        _lookupLevels ??= await _lookup.OpenAsync(_context, _levels).ConfigureAwait(false);
        Func<string, long, bool> take = _deletions is null ? static (_, _) => true
            : _context.CompactionPlan.SequenceOrder is null ? _deletions.Take
            : _deletions.TakeAsFirstFound;
        return new HigherLevelRows(_context, _strategy, _bucket, _lookupLevels, outputLevel, take);
    }

    // Files are written one after another: the changelog of a compaction is told to be of the writer, as in Paimon.
    private KeyValueFileWriter NewWriter(int level, bool isChangelog) => new(
        _context,
        new KeyValueFileTarget(_bucket.Directory, isChangelog, level, isChangelog ? FileSource.Append : FileSource.Compact));

    private void DropVectors(IReadOnlyList<DataFileMeta> files)
    {
        foreach (var file in files)
        {
            _deletions?.Remove(file.FileName);
        }
    }
}

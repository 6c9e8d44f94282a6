using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Writes one bucket: rows go into its write buffer, from there, while a commit is not due, to the local disk, and at last to
/// level 0; runs that have become too many are compacted in the background. What was done since the last commit is handed over by
/// <see cref="PrepareCommit"/>. One thread.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Disposed by AbortAsync.")]
internal sealed class MergeTreeWriter : IBucketWriter
{
    /// <summary>With fewer rows a second thread gains nothing.</summary>
    private const int ParallelFlushRows = 16 * 1024;

    private const long MaxBufferBytes = 1L << 30;

    private readonly BucketFiles _bucket;
    private readonly BucketChanges _changes;
    private readonly CompactManager _compaction;
    private readonly ILogger _logger;
    private readonly SpillStore _spills;
    private KeyValueWriteContext _context;
    private WriteBuffer _buffer;
    private SpilledRows _spilled;
    private bool _isBehind;

    /// <summary>Continues a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="totalBuckets">The table's buckets.</param>
    /// <param name="liveFiles">The bucket's live files.</param>
    /// <param name="indexFiles">The bucket's index files.</param>
    /// <param name="lookups">The lookup files of all buckets.</param>
    /// <param name="spills">The rows of all buckets that write buffers have no room for.</param>
    /// <param name="scheduler">Runs compactions.</param>
    public MergeTreeWriter(
        KeyValueWriteContext context,
        BucketFiles bucket,
        int totalBuckets,
        IReadOnlyList<DataFileMeta> liveFiles,
        IReadOnlyList<IndexManifestEntry> indexFiles,
        Lazy<LookupStore> lookups,
        SpillStore spills,
        CompactionScheduler scheduler)
    {
        var vectors = indexFiles.FirstOrDefault(file => file.IndexType == IndexManifestEntry.DeletionVectorsIndex);
        _context = context;
        _bucket = bucket;
        _changes = new BucketChanges(context.Environment.FileIO, bucket, totalBuckets, vectors);
        _compaction = new CompactManager(
            context, bucket, new BucketRewriters(context, bucket, vectors, lookups), scheduler, liveFiles);
        var nextSequence = liveFiles.Count == 0 ? 0 : liveFiles.Max(file => file.MaxSequenceNumber) + 1;
        _buffer = new WriteBuffer(context, nextSequence);
        _spills = spills;
        _logger = context.Environment.LoggerFactory.CreateLogger<MergeTreeWriter>();
        _spilled = new SpilledRows(context.CompactionPlan, spills);
    }

    /// <inheritdoc/>
    public BucketId Id => _bucket.Id;

    /// <inheritdoc/>
    public long BufferedBytes => _buffer.SizeBytes;

    /// <inheritdoc/>
    public bool IsFull => BufferedBytes > MaxBufferBytes;

    /// <inheritdoc/>
    public bool IsForgottenWhenIdle => false;

    /// <inheritdoc/>
    public bool IsIdle => _buffer.RowCount == 0 && _spilled.IsEmpty && _changes.IsEmpty;

    /// <inheritdoc/>
    public bool IsCompacting => _compaction.IsUnfinished;

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, int start, int count) => _buffer.Append(batch, start, count);

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, ReadOnlySpan<int> rows) => _buffer.Append(batch, rows);

    /// <summary>Goes on with another schema; the buffer must have been flushed.</summary>
    /// <param name="context">The new schema and its options.</param>
    public void UseContext(KeyValueWriteContext context)
    {
        _context = context;
        _buffer = new WriteBuffer(context, _buffer.FirstSequence);
        _spilled = new SpilledRows(context.CompactionPlan, _spills);
        _compaction.UseContext(context);
    }

    /// <inheritdoc/>
    public async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        if (_spilled.HasRoom && await TrySpillAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await StartCompactionAsync(isFull: false, wait: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes all rows to level 0 and those of the buffer, where asked for, to changelog files.</summary>
    /// <param name="cancellationToken">Gives up; rows that are not written stay.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _isBehind |= _compaction.HasTooManyRuns && !(_buffer.RowCount == 0 && _spilled.IsEmpty);
        if (!_spilled.IsEmpty)
        {
            // One run of all rows if that is possible, else those of the buffer make another one.
            if (_buffer.RowCount > 0)
            {
                await TrySpillAsync(cancellationToken).ConfigureAwait(false);
            }

            await FlushSpilledAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_buffer.RowCount > 0)
        {
            await FlushBufferAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FlushSpilledAsync(CancellationToken cancellationToken)
    {
        var reader = _spilled.Open(_bucket);
        await using var disposeReader = reader.ConfigureAwait(false);
        var writer = new KeyValueFileWriter(_context, Target(isChangelog: false));
        await using var disposeWriter = writer.ConfigureAwait(false);
        var space = _context.WriteMemory.RentSpace();
        await RewritePipeline.RunAsync(reader, writer, space, cancellationToken).ConfigureAwait(false);
        _context.WriteMemory.ReturnSpace(space);
        AddFlush(await writer.FinishAsync(cancellationToken).ConfigureAwait(false), []);
        await _spilled.ClearAsync().ConfigureAwait(false);
    }

    // The changelog has all rows as they are, whichever of them a later one replaces: it is written at once.
    private async ValueTask<bool> TrySpillAsync(CancellationToken cancellationToken)
    {
        _buffer.Sort();
        SpilledRun run;
        try
        {
            run = await _spilled.WriteAsync(_buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Unavailable)
        {
            Spill.Log.NotSpilled(_logger, e, _spills.Options.Directory);
            return false;
        }

        if (_context.HasInputChangelog)
        {
            try
            {
                var changelog = new KeyValueFileWriter(_context, Target(isChangelog: true));
                await using var disposeChangelog = changelog.ConfigureAwait(false);
                await WriteChangelogAsync(changelog, cancellationToken).ConfigureAwait(false);
                _changes.AddFlush([], await changelog.FinishAsync(cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                await run.File.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        _spilled.Add(run);
        _buffer.Clear();
        return true;
    }

    private async ValueTask FlushBufferAsync(CancellationToken cancellationToken)
    {
        _buffer.Sort();
        var (changelog, files) = await WriteBufferAsync(cancellationToken).ConfigureAwait(false);
        AddFlush(files, changelog);
        _buffer.Clear();
    }

    private void AddFlush(IReadOnlyList<DataFileMeta> files, IReadOnlyList<DataFileMeta> changelog)
    {
        _changes.AddFlush(files, changelog);
        _compaction.Add(files);
    }

    /// <inheritdoc/>
    public async ValueTask StartCompactionAsync(bool isFull, bool wait, CancellationToken cancellationToken)
    {
        await TakeCompactionAsync(wait || _isBehind, cancellationToken).ConfigureAwait(false);
        _isBehind = false;
        _compaction.Start(isFull, isAwaited: wait);
    }

    /// <inheritdoc/>
    public async ValueTask EndCompactionAsync(bool wait, CancellationToken cancellationToken)
    {
        await TakeCompactionAsync(wait || _compaction.HasFarTooManyRuns, cancellationToken).ConfigureAwait(false);
        _compaction.ThrowIfFailed();
    }

    /// <inheritdoc/>
    public CommitMessage PrepareCommit()
    {
        var message = _changes.Take();
        var looksUp = LookupStrategy.Of(_context.Options).NeedsLookup && message.CompactBefore.Any(file => file.Level == 0);
        return looksUp || message.CompactBefore.Any(file => file.DeleteRowCount != 0)
            ? message with { CompactKnownFiles = FilesBefore(message) }
            : message;
    }

    /// <inheritdoc/>
    public async ValueTask<CommitMessage> LeaveAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _changes.DropCompactionsAsync().ConfigureAwait(false);
        return _changes.Take();
    }

    /// <inheritdoc/>
    public void Adopt(CommitMessage flushed) => _changes.AddFlush(flushed.NewFiles, flushed.ChangelogFiles);

    /// <inheritdoc/>
    public async ValueTask AbortAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _changes.AbortAsync().ConfigureAwait(false);
    }

    private async ValueTask StopAsync()
    {
        if (await _compaction.CancelAsync().ConfigureAwait(false) is { } result)
        {
            await _changes.AddCompactionAsync(result).ConfigureAwait(false);
        }

        await _spilled.DisposeAsync().ConfigureAwait(false);
    }

    // What other commits of this writer, made or prepared before, have left above level 0.
    private HashSet<string> FilesBefore(CommitMessage message)
    {
        var before = _compaction.Levels.Files.Where(file => file.Level > 0).Select(file => file.FileName)
            .ToHashSet(StringComparer.Ordinal);
        before.ExceptWith(message.CompactAfter.Select(file => file.FileName));
        before.UnionWith(message.CompactBefore.Where(file => file.Level > 0).Select(file => file.FileName));
        return before;
    }

    private async ValueTask TakeCompactionAsync(bool wait, CancellationToken cancellationToken)
    {
        if (await _compaction.TakeAsync(wait, cancellationToken).ConfigureAwait(false) is { } result)
        {
            await _changes.AddCompactionAsync(result).ConfigureAwait(false);
        }
    }

    private async Task<(IReadOnlyList<DataFileMeta> Changelog, IReadOnlyList<DataFileMeta> Data)> WriteBufferAsync(
        CancellationToken cancellationToken)
    {
        var data = new KeyValueFileWriter(_context, Target(isChangelog: false));
        await using var disposeData = data.ConfigureAwait(false);
        if (!_context.HasInputChangelog)
        {
            await WriteDataAsync(data, cancellationToken).ConfigureAwait(false);
            return ([], await data.FinishAsync(cancellationToken).ConfigureAwait(false));
        }

        var changelog = new KeyValueFileWriter(_context, Target(isChangelog: true));
        await using var disposeChangelog = changelog.ConfigureAwait(false);
        if (_buffer.RowCount < ParallelFlushRows)
        {
            await WriteChangelogAsync(changelog, cancellationToken).ConfigureAwait(false);
            await WriteDataAsync(data, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // Encoding is most of a flush, and both files hold the same rows: a thread for each.
            await Task.WhenAll(
                Task.Run(() => WriteChangelogAsync(changelog, cancellationToken), CancellationToken.None),
                WriteDataAsync(data, cancellationToken)).ConfigureAwait(false);
        }

        // All files or none: only now is any of them handed out.
        return (
            await changelog.FinishAsync(cancellationToken).ConfigureAwait(false),
            await data.FinishAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task WriteChangelogAsync(KeyValueFileWriter writer, CancellationToken cancellationToken)
    {
        await _buffer.WriteAllAsync(writer, cancellationToken).ConfigureAwait(false);
        await writer.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteDataAsync(KeyValueFileWriter writer, CancellationToken cancellationToken)
    {
        await _buffer.WriteMergedAsync(writer.WriteAsync, cancellationToken).ConfigureAwait(false);
        await writer.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private KeyValueFileTarget Target(bool isChangelog) => new(_bucket.Directory, isChangelog, 0, FileSource.Append);
}

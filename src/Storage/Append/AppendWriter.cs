using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Writes one bucket of a table without primary key: rows go to files in the order of writing, and with a fixed bucket small
/// files are rewritten together (docs/format.md#append-tables). One thread.
/// </summary>
internal sealed class AppendWriter : IBucketWriter, IAsyncDisposable
{
    private const long BlockBytes = 16L << 20;

    private readonly BucketFiles _bucket;
    private readonly BucketChanges _changes;
    private readonly AppendCompaction? _compaction;
    private readonly BackgroundCompaction _background;
    private IReadOnlyList<DataFileMeta> _picked = [];
    private AppendWriteContext _context;
    private AppendFileWriter _files;
    private ColumnBatch _rows;

    /// <summary>Continues a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="totalBuckets">The table's buckets, -1 for a table without.</param>
    /// <param name="liveFiles">The bucket's live files; of no interest where sequence numbers do not go on.</param>
    /// <param name="indexFiles">The bucket's index files.</param>
    /// <param name="scheduler">Runs compactions.</param>
    public AppendWriter(
        AppendWriteContext context,
        BucketFiles bucket,
        int totalBuckets,
        IReadOnlyList<DataFileMeta> liveFiles,
        IReadOnlyList<IndexManifestEntry> indexFiles,
        CompactionScheduler scheduler)
    {
        var vectors = indexFiles.FirstOrDefault(file => file.IndexType == IndexManifestEntry.DeletionVectorsIndex);
        _background = new BackgroundCompaction(scheduler);
        _context = context;
        _bucket = bucket;
        _changes = new BucketChanges(context.Environment.FileIO, bucket, totalBuckets, vectors);
        var nextSequence = context.ContinuesSequences && liveFiles.Count > 0
            ? liveFiles.Max(file => file.MaxSequenceNumber) + 1
            : 0;
        _files = new AppendFileWriter(context, bucket.Directory, FileSource.Append, nextSequence);
        _rows = new ColumnBatch(context.Schema.RowType);
        if (!context.IsUnaware && !context.IsWriteOnly)
        {
            _compaction = new AppendCompaction(
                context,
                liveFiles,
                context.HasDeletionVectors
                    ? new BucketDeletions(
                        context.Environment.FileIO,
                        bucket,
                        new IndexFileNames(context.Environment.Ids),
                        context.HasVectorsOf64Bit,
                        vectors)
                    : null);
        }
    }

    /// <inheritdoc/>
    public BucketId Id => _bucket.Id;

    /// <inheritdoc/>
    public long BufferedBytes => (_rows.RowCount == 0 ? 0 : _rows.CapacityBytes) + _files.BufferedBytes;

    /// <inheritdoc/>
    public bool IsFull => _rows.SizeBytes >= BlockBytes;

    /// <inheritdoc/>
    public bool IsIdle => _rows.RowCount == 0 && _files.IsEmpty && _changes.IsEmpty;

    /// <inheritdoc/>
    public bool IsCompacting => _background.IsRunning;

    /// <inheritdoc/>
    public bool IsForgottenWhenIdle => _context.IsUnaware;

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, int start, int count) => _rows.AppendRange(batch, start, count);

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < _rows.Columns.Count; i++)
        {
            _rows.Columns[i].AppendGather(batch.Columns[i], rows);
        }

        _rows.EndRows(rows.Length);
    }

    /// <summary>Goes on with another schema; all rows must have been flushed.</summary>
    /// <param name="context">The new schema and its options.</param>
    public void UseContext(AppendWriteContext context)
    {
        _context = context;
        _files = new AppendFileWriter(context, _bucket.Directory, FileSource.Append, _files.NextSequence);
        _rows = new ColumnBatch(context.Schema.RowType);
        _compaction?.UseContext(context);
    }

    /// <inheritdoc/>
    public async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        if (_rows.RowCount == 0)
        {
            await _files.CloseFileAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await _files.WriteAsync(_rows, cancellationToken).ConfigureAwait(false);
        _rows.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows.RowCount > 0)
        {
            await SpillAsync(cancellationToken).ConfigureAwait(false);
        }

        var files = await _files.FinishAsync(cancellationToken).ConfigureAwait(false);
        _changes.AddFlush(files, []);
        _compaction?.Add(files);
    }

    /// <inheritdoc/>
    public async ValueTask StartCompactionAsync(bool isFull, bool wait, CancellationToken cancellationToken)
    {
        await TakeCompactionAsync(wait, cancellationToken).ConfigureAwait(false);
        if (_compaction is null || _background.IsRunning || (_background.TakePause() && !wait))
        {
            return;
        }

        if (_compaction.Pick(isFull) is { Count: > 0 } before)
        {
            _picked = before;
            _background.Start(token => _compaction.RunAsync(before, _bucket, token));
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndCompactionAsync(bool wait, CancellationToken cancellationToken)
    {
        await TakeCompactionAsync(wait, cancellationToken).ConfigureAwait(false);
        _background.ThrowIfFailed();
    }

    /// <inheritdoc/>
    public CommitMessage PrepareCommit() => _changes.Take();

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
        if (await _background.CancelAsync().ConfigureAwait(false) is { } result)
        {
            await _changes.AddCompactionAsync(result).ConfigureAwait(false);
        }

        await _files.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => AbortAsync();

    private async ValueTask TakeCompactionAsync(bool wait, CancellationToken cancellationToken)
    {
        if (await _background.TakeAsync(wait, cancellationToken).ConfigureAwait(false) is { } result)
        {
            _compaction!.AddResult(result.After);
            await _changes.AddCompactionAsync(result).ConfigureAwait(false);
            _picked = [];
        }
        else if (!_background.IsRunning)
        {
            // What a compaction that failed was to merge is there to be chosen again.
            _compaction?.Add(_picked);
            _picked = [];
        }
    }
}

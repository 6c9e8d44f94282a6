using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Writes one bucket: rows go into its write buffer, the buffer is flushed to level 0, and runs that have become too many are
/// compacted. What was done since the last commit is handed over by <see cref="PrepareCommit"/>. One thread.
/// </summary>
internal sealed class MergeTreeWriter : IBucketWriter
{
    /// <summary>With fewer rows a second thread gains nothing.</summary>
    private const int ParallelFlushRows = 16 * 1024;

    private const long MaxBufferBytes = 1L << 30;

    private readonly BucketFiles _bucket;
    private readonly BucketChanges _changes;
    private readonly BucketRewriters _rewriters;
    private KeyValueWriteContext _context;
    private WriteBuffer _buffer;
    private Levels _levels;
    private ICompactStrategy _strategy;

    /// <summary>Continues a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="totalBuckets">The table's buckets.</param>
    /// <param name="liveFiles">The bucket's live files.</param>
    /// <param name="indexFiles">The bucket's index files.</param>
    /// <param name="lookups">The lookup files of all buckets.</param>
    public MergeTreeWriter(
        KeyValueWriteContext context,
        BucketFiles bucket,
        int totalBuckets,
        IReadOnlyList<DataFileMeta> liveFiles,
        IReadOnlyList<IndexManifestEntry> indexFiles,
        Lazy<LookupStore> lookups)
    {
        var vectors = indexFiles.FirstOrDefault(file => file.IndexType == IndexManifestEntry.DeletionVectorsIndex);
        _rewriters = new BucketRewriters(context, bucket, vectors, lookups);
        _context = context;
        _bucket = bucket;
        _changes = new BucketChanges(context.Environment.FileIO, bucket, totalBuckets, vectors);
        _levels = new Levels(liveFiles, context.KeyType, CompactStrategies.LevelCount(context.Options));
        _strategy = CompactStrategies.Create(context.Options, context.Environment.TimeProvider, _levels);
        var nextSequence = liveFiles.Count == 0 ? 0 : liveFiles.Max(file => file.MaxSequenceNumber) + 1;
        _buffer = new WriteBuffer(context, nextSequence);
    }

    /// <inheritdoc/>
    public long BufferedBytes => _buffer.SizeBytes;

    /// <inheritdoc/>
    public bool IsFull => BufferedBytes > MaxBufferBytes;

    /// <inheritdoc/>
    public bool IsForgottenWhenIdle => false;

    /// <inheritdoc/>
    public bool IsIdle => _buffer.RowCount == 0 && _changes.IsEmpty;

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
        _strategy = CompactStrategies.Create(context.Options, context.Environment.TimeProvider, _levels);
    }

    /// <inheritdoc/>
    public ValueTask SpillAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <summary>Writes the rows of the buffer to level 0 and, where asked for, to changelog files.</summary>
    /// <param name="cancellationToken">Gives up; the buffer then keeps its rows.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.RowCount == 0)
        {
            return;
        }

        _buffer.Sort();
        var (changelog, files) = await WriteBufferAsync(cancellationToken).ConfigureAwait(false);
        _changes.AddFlush(files, changelog);
        _levels = _levels.Replace([], files);
        _buffer.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask<int> CompactAsync(bool isFull, CancellationToken cancellationToken)
    {
        if (_context.Options.GetBoolean("write-only", false))
        {
            return isFull
                ? throw new PaimonException(
                    ErrorKind.Invalid,
                    "A writer with option write-only = true does not compact: compact by one of the table opened with"
                    + " write-only = false.")
                : 0;
        }

        var strategy = isFull ? new FullCompaction(_context.Options, HasRowsToLeaveOut) : _strategy;
        if (strategy.Pick(_levels) is not { IsDone: false } unit)
        {
            return 0;
        }

        var task = new CompactTask(_context, _rewriters.Open(_context, _levels), _levels, unit)
        {
            HasExpiredRows = _bucket.Readers.HasExpiredRows,
        };
        var result = await task.RunAsync(cancellationToken).ConfigureAwait(false);
        if (result.Before.Count == 0)
        {
            return 0;
        }

        _levels = _levels.Replace(result.Before, result.After);
        await _changes.AddCompactionAsync(result).ConfigureAwait(false);
        return 1;
    }

    /// <inheritdoc/>
    public CommitMessage PrepareCommit() => _changes.Take();

    /// <inheritdoc/>
    public ValueTask AbortAsync() => _changes.AbortAsync();

    private async Task<(IReadOnlyList<DataFileMeta> Changelog, IReadOnlyList<DataFileMeta> Data)> WriteBufferAsync(
        CancellationToken cancellationToken)
    {
        if (!_context.HasInputChangelog)
        {
            return ([], await WriteDataAsync(cancellationToken).ConfigureAwait(false));
        }

        if (_buffer.RowCount < ParallelFlushRows)
        {
            var before = await WriteChangelogAsync(cancellationToken).ConfigureAwait(false);
            return (before, await WriteDataAsync(cancellationToken).ConfigureAwait(false));
        }

        // Encoding is most of a flush, and both files hold the same rows: a thread for each.
        var changelog = Task.Run(() => WriteChangelogAsync(cancellationToken), CancellationToken.None);
        var data = WriteDataAsync(cancellationToken);
        await Task.WhenAll(changelog, data).ConfigureAwait(false);
        return (await changelog.ConfigureAwait(false), await data.ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<DataFileMeta>> WriteChangelogAsync(CancellationToken cancellationToken)
    {
        var writer = new KeyValueFileWriter(_context, Target(isChangelog: true));
        await using var disposeWriter = writer.ConfigureAwait(false);
        await _buffer.WriteAllAsync(writer, cancellationToken).ConfigureAwait(false);
        return await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<DataFileMeta>> WriteDataAsync(CancellationToken cancellationToken)
    {
        var writer = new KeyValueFileWriter(_context, Target(isChangelog: false));
        await using var disposeWriter = writer.ConfigureAwait(false);
        await _buffer.WriteMergedAsync(writer, cancellationToken).ConfigureAwait(false);
        return await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool HasRowsToLeaveOut(DataFileMeta file) => _rewriters.HasDeletedRows(file) || _bucket.Readers.HasExpiredRows(file);

    private KeyValueFileTarget Target(bool isChangelog) => new(_bucket.Directory, isChangelog, 0, FileSource.Append);
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Writes rows into a table and commits them. Rows are buffered per bucket within <c>memory-budget</c> and
/// <c>write-buffer-size</c>, and become visible and durable, all at once, with <see cref="CommitAsync"/>; what was not
/// committed is dropped on dispose. For one thread at a time. Several writers may write one table: their commits follow one
/// another.
/// </summary>
public sealed class TableWriter : IAsyncDisposable
{
    private const int RowEdgeRows = 1024;
    private const long RowEdgeBytes = 4L << 20;
    private const long SliceBytes = 16L << 20;

    private readonly Table _table;
    private readonly CompactionScheduler _scheduler;
    private readonly BucketSet _buckets;
    private readonly BucketTasks _tasks;
    private readonly List<PreparedCommit> _uncommitted = [];
    private readonly TableCommitter _committer;
    private readonly WriterFaults _faults;
    private readonly OverwriteTarget? _overwrite;
    private readonly CommitMaintenance _maintenance;
    private readonly RowRouting _routing;
    private BucketWriters _writers;
    private DefaultValues? _defaults;
    private ColumnBatch _rows;
    private RowKindField? _kindField;
    private long _rowCount;
    private long _flushedFiles;
    private long _flushedBytes;
    private long _commits;
    private bool _isCommitted;
    private bool _isClosed;

    internal TableWriter(Table table, string commitUser, OverwriteTarget? overwrite = null, LiveBuckets? known = null)
    {
        _table = table;
        _overwrite = overwrite;
        _routing = new RowRouting(table, isOverwrite: overwrite is not null);
        _committer = new TableCommitter(table.Store, commitUser) { NeedsKeyIndex = _routing.HasKeyIndex };
        _faults = new WriterFaults(commitUser);
        _maintenance = new CommitMaintenance(table.Store, commitUser);
        Schema = table.Schema;
        _writers = new BucketWriters(table.Environment, Schema, table.Options, commitUser);
        _scheduler = new CompactionScheduler(_writers.Memory.ParallelCompactions);
        _buckets = new BucketSet(table, _scheduler, isOverwrite: overwrite is not null, known);
        _tasks = new BucketTasks(_buckets, _faults) { Parallelism = _writers.Memory.ParallelTasks };
        _kindField = RowKindField.Create(Schema, table.Options);
        _rows = new ColumnBatch(Schema.RowType, withKinds: true);
        _defaults = DefaultValues.Of(Schema);
    }

    /// <summary>Who commits.</summary>
    public string CommitUser => _committer.CommitUser;

    /// <summary>The schema that rows are written with.</summary>
    public TableSchema Schema { get; private set; }

    /// <summary>What was written until now.</summary>
    public WriteProgress Progress =>
        new(_rowCount + _rows.RowCount, _buckets.BufferedBytes, _flushedFiles, _flushedBytes, _scheduler.Compactions, _commits);

    /// <summary>Compactions of this writer that were given up when they were committed, as another one came first.</summary>
    internal int LostCompactions { get; private set; }

    /// <summary>The compactions that run at a time.</summary>
    internal int ParallelCompactions => _writers.Memory.ParallelCompactions;

    /// <summary>The buckets that are to be compacted in full at the end of a job, where some of its commits do so: those with rows.</summary>
    internal IEnumerable<BucketId> CompactedAtEnd => _writers.DeltaCommits is null ? [] : _buckets.Writers.Select(bucket => bucket.Id);

    /// <summary>Adds rows; they are copied.</summary>
    /// <param name="batch">The columns of <see cref="Schema"/> in order; without kinds all rows are +I.</param>
    /// <param name="cancellationToken">Gives up waiting; the writer is then of no use any more.</param>
    /// <exception cref="PaimonException">
    /// Invalid: other columns than the schema's, NULL in a NOT NULL column, or a partition that has another number of buckets.
    /// No row was added.
    /// </exception>
    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        await WriteBatchAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds one row, or replaces the one with its key; without a primary key there is none to replace.</summary>
    /// <remarks>
    /// Single rows are handed to their buckets in groups, by one of these calls or by the next other one. A group with a row that
    /// no bucket takes, as its partition has another number of buckets, is refused as a whole with Invalid and dropped: none of
    /// its rows is part of a commit, and the writer goes on with the rows after it. Write a batch to know which rows these are.
    /// </remarks>
    /// <param name="values">A value for each column, null for NULL; see <see cref="Data.Text.ValueAppender"/>.</param>
    /// <exception cref="PaimonException">
    /// Invalid: a value does not suit its column, and the row was not added; or the rows gathered were refused.
    /// </exception>
    public ValueTask UpsertAsync(params ReadOnlySpan<object?> values)
    {
        ThrowIfClosed();
        RowAppender.Upsert(_rows, values);
        _kindField?.CheckLast(_rows);
        return WriteRowsWhenManyAsync();
    }

    /// <summary>Deletes one row; it is gathered with those of <see cref="UpsertAsync"/> and refused with them.</summary>
    /// <param name="values">
    /// A value for each column, or for the primary key's columns only, in key order; the changelog's -D row then has NULL, or
    /// zero where NULL may not be, in the others.
    /// </param>
    /// <exception cref="PaimonException">
    /// Invalid: a value does not suit its column, the table has no primary key, or a column of its rows says what they do.
    /// The row was not deleted.
    /// </exception>
    public ValueTask DeleteAsync(params ReadOnlySpan<object?> values)
    {
        ThrowIfClosed();
        if (Schema.PrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("A table without a primary key takes no deletes: rows of it have no key to be found by.");
        }

        if (_kindField is not null)
        {
            PaimonException.ThrowInvalid(
                "Option 'rowkind.field' lets a column say what a row does: upsert a row with -D in it instead of deleting one.");
        }

        RowAppender.Delete(_rows, Schema, values);
        return WriteRowsWhenManyAsync();
    }

    /// <summary>
    /// Goes on with a newer schema: rows written before keep the old one, rows after it have the new one; all are part of the
    /// next commit.
    /// </summary>
    /// <param name="schema">The newer schema, as <see cref="Catalog.AlterTableAsync"/> gave it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask ApplySchemaAsync(TableSchema schema, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var options = _table.OptionsOf(schema);
        TableFeatures.CheckWritable(schema, options);
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.FlushAsync(cancellationToken).ConfigureAwait(false);
        Schema = schema;
        _writers = new BucketWriters(_table.Environment, schema, options, CommitUser);
        _routing.Use(schema, options);
        _kindField = RowKindField.Create(schema, options);
        _rows = new ColumnBatch(schema.RowType, withKinds: true);
        _defaults = DefaultValues.Of(schema);
        foreach (var bucket in _buckets.Writers)
        {
            _writers.Use(bucket);
        }
    }

    /// <summary>Compacts every bucket that has rows, with the next commit.</summary>
    /// <param name="isFull">True to merge all runs of a bucket into one at the highest level, false for those that are worth it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: a full compaction by a writer with option <c>write-only</c>.</exception>
    public async ValueTask CompactAsync(bool isFull = true, CancellationToken cancellationToken = default)
    {
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.RenewStaleAsync(_writers, _uncommitted.Count == 0, cancellationToken).ConfigureAwait(false);
        var live = _writers.NeedsLiveFiles ? await _buckets.LiveAsync(cancellationToken).ConfigureAwait(false) : LiveBuckets.None;
        foreach (var bucket in live.Buckets)
        {
            await BucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        }

        await _tasks.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.CompactAsync(static _ => true, isFull, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Merges runs of one bucket, with the next commit.</summary>
    /// <param name="partition">The partition's values, as texts by name; none in a table without partitions.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="isFull">True to merge all runs; false to merge those that the table's options ask to be merged.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the values name no partition, or a full compaction by a writer with option <c>write-only</c>.
    /// </exception>
    public async ValueTask CompactBucketAsync(
        IReadOnlyDictionary<string, string> partition,
        int bucket,
        bool isFull = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partition);
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        var id = new BucketId(
            PartitionFilter.Parse(Schema, _table.Store.Options.PartitionDefaultName, partition), bucket);
        await CompactBucketsAsync([id], isFull, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes all rows durable and visible as one commit.</summary>
    /// <param name="options">Number, properties, watermark.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the commit happened is then to be read from the table.</param>
    /// <returns>The snapshots made: none, the rows' own, and one for a compaction that they led to.</returns>
    /// <exception cref="PaimonException">As of its two halves. Unless the next call is answered with Closed, it can be made again.</exception>
    public async ValueTask<IReadOnlyList<TableSnapshot>> CommitAsync(
        CommitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        if (_overwrite is null)
        {
            // Before anything is prepared: where the number is refused or cannot be found, the rows wait for another call of this.
            options ??= new CommitOptions();
            var identifier = await _committer.NextIdentifierAsync(options, cancellationToken).ConfigureAwait(false);
            if (options.FollowsDeltaCommits && _writers.DeltaCommits is { } deltaCommits && identifier % deltaCommits == 0)
            {
                await CompactAsync(isFull: true, cancellationToken).ConfigureAwait(false);
            }
        }

        var prepared = await PrepareAsync(options?.WaitForCompaction, cancellationToken).ConfigureAwait(false);
        return await CommitPreparedAsync(prepared, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The first half of a commit: makes all rows durable, visible to nobody. Compactions that the rows give reason to go on in the
    /// background, and what they do is part of a later commit, unless the table's options ask to wait for them.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the writer is then of no use any more.</param>
    /// <returns>What <see cref="CommitPreparedAsync"/> makes visible.</returns>
    /// <exception cref="PaimonException">
    /// Invalid: the rows gathered by <see cref="UpsertAsync"/> were refused, and dropped; nothing was prepared. Or a compaction failed
    /// in the background: no row is lost, nothing was prepared, and the same call made again goes on without it.
    /// </exception>
    public ValueTask<PreparedCommit> PrepareCommitAsync(CancellationToken cancellationToken = default) =>
        PrepareAsync(waitForCompaction: null, cancellationToken);

    /// <summary>The first half of a commit, likewise.</summary>
    /// <param name="waitForCompaction">True to wait for the compactions that the rows give reason to, so that they are part of the commit.</param>
    /// <param name="cancellationToken">Gives up waiting; the writer is then of no use any more.</param>
    /// <returns>What <see cref="CommitPreparedAsync"/> makes visible.</returns>
    public ValueTask<PreparedCommit> PrepareCommitAsync(bool waitForCompaction, CancellationToken cancellationToken = default) =>
        PrepareAsync(waitForCompaction, cancellationToken);

    /// <summary>The second half of a commit.</summary>
    /// <param name="prepared">What was prepared, in the order of preparation.</param>
    /// <param name="options">Number, properties, watermark.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the commit happened is then to be read from the table.</param>
    /// <returns>The snapshots made.</returns>
    /// <exception cref="PaimonException">
    /// Invalid: the number is not above the last one of this commit user; the commit may be tried again. After any other error
    /// it may have happened or not: <see cref="Table.LatestSnapshotOfUserAsync"/> says it, and a new writer goes on from there;
    /// this one answers every further call with Closed and the first error as its cause.
    /// </exception>
    public async ValueTask<IReadOnlyList<TableSnapshot>> CommitPreparedAsync(
        PreparedCommit prepared, CommitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ThrowIfClosed();
        if (!_uncommitted.Contains(prepared))
        {
            PaimonException.ThrowInvalid("This commit was not prepared by this writer, or was committed before.");
        }

        options ??= new CommitOptions();
        var identifier = _overwrite is not null
            ? long.MaxValue
            : await _committer.NextIdentifierAsync(options, cancellationToken).ConfigureAwait(false);

        // From here on the files may be part of the table, even when an error is thrown: they are not ours to remove.
        _uncommitted.Remove(prepared);
        var outcome = await _faults.GuardCommitAsync(_overwrite is not null
            ? OverwriteAsync(prepared, options, cancellationToken)
            : _routing.CommitAsync(
                prepared, messages => _committer.CommitAsync(messages, identifier, options, cancellationToken), cancellationToken))
            .ConfigureAwait(false);
        if (outcome.Snapshots.Count > 0)
        {
            _commits++;
            _buckets.EndCommit(prepared.Number);
            _routing.EndCommit(prepared.Number);
        }

        LostCompactions += outcome.IsCompactionCommitted ? 0 : 1;
        await _buckets.NoticeOtherWritersAsync(outcome, isAllCommitted: _uncommitted.Count == 0).ConfigureAwait(false);
        await MaintainAsync(outcome, identifier, options, cancellationToken).ConfigureAwait(false);
        return [.. outcome.Snapshots.Select(snapshot => TableSnapshot.From(snapshot))];
    }

    /// <summary>Gives what was prepared to a caller who commits it, or removes it, himself.</summary>
    internal IReadOnlyList<CommitMessage> HandOver(PreparedCommit prepared)
    {
        _uncommitted.Remove(prepared);
        return prepared.Messages;
    }

    /// <summary>
    /// Drops what was not committed, with its files. The files of a commit that failed stay, as it may have been published
    /// all the same.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        foreach (var bucket in _buckets.Writers)
        {
            await bucket.AbortAsync().ConfigureAwait(false);
        }

        await _routing.DisposeAsync().ConfigureAwait(false);
        foreach (var prepared in _uncommitted)
        {
            await _committer.AbortAsync(prepared.Messages).ConfigureAwait(false);
        }

        await _buckets.DisposeAsync().ConfigureAwait(false);
        _scheduler.Dispose();
        await _maintenance.DisposeAsync().ConfigureAwait(false);
    }

    private long BufferLimitBytes => Math.Max(0, _writers.Memory.WriteBufferBytes - _routing.SizeBytes);

    /// <summary>Merges runs of some buckets, with the next commit.</summary>
    /// <param name="ids">The buckets.</param>
    /// <param name="isFull">True to merge all runs; false to merge those that the table's options ask to be merged.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when a compaction was given up, as another writer had replaced its files.</returns>
    internal async ValueTask<bool> CompactBucketsAsync(
        IReadOnlyCollection<BucketId> ids, bool isFull, CancellationToken cancellationToken)
    {
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.RenewStaleAsync(_writers, _uncommitted.Count == 0, cancellationToken).ConfigureAwait(false);
        var live = _writers.NeedsLiveFiles ? await _buckets.LiveAsync(cancellationToken).ConfigureAwait(false) : LiveBuckets.None;
        foreach (var id in ids)
        {
            var total = live.TotalOf(id.Partition) ?? _routing.Router.TotalBuckets;
            await _buckets.OpenAsync(id, _writers, total, cancellationToken).ConfigureAwait(false);
        }

        await _tasks.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await _tasks.CompactAsync(bucket => ids.Contains(bucket.Id), isFull, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PreparedCommit> PrepareAsync(bool? waitForCompaction, CancellationToken cancellationToken)
    {
        // An overwrite commits once: what it does not wait for would be lost.
        var wait = waitForCompaction ?? (_overwrite is not null || _writers.WaitsForCompaction);
        await WriteRowsAsync(cancellationToken).ConfigureAwait(false);
        await _tasks.RenewStaleAsync(_writers, _uncommitted.Count == 0, cancellationToken).ConfigureAwait(false);
        await _tasks.PrepareAsync(wait, cancellationToken).ConfigureAwait(false);
        return await _faults.GuardAsync(TakeAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async ValueTask<PreparedCommit> TakeAsync(CancellationToken cancellationToken)
    {
        var number = _buckets.BeginCommit();
        var index = await _routing.PrepareCommitAsync(number, cancellationToken).ConfigureAwait(false);
        var prepared = _buckets.PrepareCommit(number, index);
        foreach (var file in prepared.Messages.SelectMany(message => message.NewFiles))
        {
            _flushedFiles++;
            _flushedBytes += file.FileSizeBytes;
        }

        _uncommitted.Add(prepared);
        return prepared;
    }

    private async ValueTask<CommitOutcome> OverwriteAsync(
        PreparedCommit prepared, CommitOptions options, CancellationToken cancellationToken)
    {
        var outcome = await _committer.OverwriteAsync(prepared.Messages, _overwrite!, options, cancellationToken)
            .ConfigureAwait(false);
        _isCommitted = true;
        return outcome;
    }

    private async ValueTask MaintainAsync(
        CommitOutcome outcome, long identifier, CommitOptions options, CancellationToken cancellationToken)
    {
        var committed = outcome.Snapshots.Count == 0 ? null : new Committable(identifier, [])
        {
            Properties = options.Properties.Count == 0 ? null : options.Properties,
        };
        var expired = await _maintenance.RunAsync(committed, cancellationToken).ConfigureAwait(false);
        if (expired.Count > 0)
        {
            await _buckets.NoticeRemovedAsync(expired, isAllCommitted: _uncommitted.Count == 0).ConfigureAwait(false);
            _routing.Forget(expired);
        }
    }

    private ValueTask WriteRowsWhenManyAsync() =>
        _rows.RowCount < RowEdgeRows && _rows.SizeBytes < RowEdgeBytes
            ? ValueTask.CompletedTask
            : WriteRowsAsync(CancellationToken.None);

    private async ValueTask WriteRowsAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (_rows.RowCount == 0)
        {
            return;
        }

        try
        {
            await WriteBatchAsync(_rows, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Rows that were refused would be refused with every later one too.
            _rows.Clear();
        }
    }

    private async ValueTask WriteBatchAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        RowAppender.CheckBatch(batch, Schema);
        if (batch.RowCount == 0)
        {
            return;
        }

        batch = _defaults?.FillIn(batch) ?? batch;
        batch = _kindField?.Apply(batch) ?? batch;
        var routed = await _faults.GuardRoutingAsync(_routing.RouteAsync(batch, BucketAsync, cancellationToken))
            .ConfigureAwait(false);
        if (routed.RowCount > 0)
        {
            await _faults.GuardAsync(WriteRoutedAsync(routed, cancellationToken)).ConfigureAwait(false);
        }

        _rowCount += batch.RowCount;
    }

    private async ValueTask WriteRoutedAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        // Of large rows only some are taken at a time, so that buffers are flushed in between.
        var router = _routing.Router;
        var sliceRows = (int)Math.Clamp(SliceBytes / Math.Max(1, batch.SizeBytes / batch.RowCount), 1, batch.RowCount);
        for (var target = 0; target < router.TargetCount; target++)
        {
            var rowCount = router.RowsOf(target).Length;
            if (rowCount == 0)
            {
                continue;
            }

            var bucket = _buckets[router.BucketOf(target)];
            for (var start = 0; start < rowCount; start += sliceRows)
            {
                var count = Math.Min(sliceRows, rowCount - start);
                if (rowCount == batch.RowCount)
                {
                    bucket.Write(batch, start, count);
                }
                else
                {
                    bucket.Write(batch, router.RowsOf(target).Slice(start, count));
                }

                if (bucket.IsFull)
                {
                    await bucket.SpillAsync(cancellationToken).ConfigureAwait(false);
                }

                if (sliceRows < batch.RowCount)
                {
                    await _buckets.SpillAboveAsync(BufferLimitBytes, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        await _buckets.SpillAboveAsync(BufferLimitBytes, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<IBucketWriter> BucketAsync(BucketId id, CancellationToken cancellationToken) =>
        _buckets.OpenAsync(id, _writers, _routing.Router.TotalBuckets, cancellationToken);

    private void ThrowIfClosed()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_isCommitted)
        {
            throw new PaimonException(ErrorKind.Closed, "An overwrite commits once: begin another one for more rows.");
        }

        _faults.ThrowIfFailed();
    }
}

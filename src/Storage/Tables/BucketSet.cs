using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The buckets that a writer has rows for or had lately, with what it knows of the table's live files. For one thread at a time.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="scheduler">Runs the compactions of all buckets.</param>
/// <param name="isOverwrite">True when the table's files are replaced and not written on.</param>
/// <param name="known">
/// What buckets go on from when they are opened for the first time, however old it has become meanwhile, as is good enough for who
/// only compacts: files that are there no more make a compaction lose, and rows that came stay as they are. Null to read the table.
/// </param>
internal sealed class BucketSet(
    Table table, CompactionScheduler scheduler, bool isOverwrite, LiveBuckets? known = null) : IAsyncDisposable
{
    private const int ManyBuckets = 64;

    private readonly Dictionary<BucketId, IBucketWriter> _buckets = [];
    private readonly BucketLifetimes _lifetimes = new();
    private readonly RecordExpiry? _expiry = RecordExpiry.Create(table.Schema, table.Options, table.Environment.TimeProvider);
    private readonly Lazy<LookupStore> _lookups =
        new(() => new LookupStore(table.Environment, LookupOptions.Of(table.Options)));

    private readonly SpillStore _spills = new(table.Environment, SpillOptions.Of(table.Options));

    // Of these the files are others than those known.
    private readonly HashSet<BucketId> _changed = [];

    private readonly bool _keepsLive = known is not null;
    private LiveBuckets? _live = known;
    private long _liveSnapshotId = known?.SnapshotId ?? 0;

    /// <summary>The writers of the buckets.</summary>
    public IReadOnlyCollection<IBucketWriter> Writers => _buckets.Values;

    /// <summary>The memory that rows take.</summary>
    public long BufferedBytes => _buckets.Values.Sum(bucket => bucket.BufferedBytes);

    /// <summary>The writer of a bucket that was opened.</summary>
    public IBucketWriter this[BucketId id] => _buckets[id];

    /// <summary>The writer of a bucket, a new one where there is none.</summary>
    /// <param name="id">The bucket.</param>
    /// <param name="writers">Makes it.</param>
    /// <param name="totalBuckets">The buckets of a partition; -1 for a table without.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the partition has another number of buckets.</exception>
    public async ValueTask<IBucketWriter> OpenAsync(
        BucketId id, BucketWriters writers, int totalBuckets, CancellationToken cancellationToken)
    {
        if (!_buckets.TryGetValue(id, out var bucket))
        {
            bucket = await CreateAsync(id, writers, totalBuckets, [], cancellationToken).ConfigureAwait(false);
            _buckets.Add(id, bucket);
        }

        return bucket;
    }

    private async ValueTask<IBucketWriter> CreateAsync(
        BucketId id,
        BucketWriters writers,
        int totalBuckets,
        IReadOnlyList<DataFileMeta> flushed,
        CancellationToken cancellationToken)
    {
        if (_changed.Contains(id))
        {
            _live = null;
        }

        var live = writers.NeedsLiveFiles ? await LiveAsync(cancellationToken).ConfigureAwait(false) : LiveBuckets.None;
        var files = live.FilesOf(id, totalBuckets);
        var place = table.BucketOf(id);
        place = place with { Readers = place.Readers.WithExpiry(_expiry) };
        await place.Readers.PrepareAsync(files, cancellationToken).ConfigureAwait(false);
        return writers.Create(
            place, totalBuckets, [.. files, .. flushed], live.IndexFilesOf(id), _lookups, _spills, scheduler);
    }

    /// <summary>
    /// The live files that new buckets go on from. What is overwritten is not written on: sequence numbers begin anew, and
    /// nothing of it is compacted.
    /// </summary>
    public async ValueTask<LiveBuckets> LiveAsync(CancellationToken cancellationToken)
    {
        if (_live is null)
        {
            _changed.Clear();
            _live = isOverwrite
                ? LiveBuckets.None
                : await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
            _liveSnapshotId = _live.SnapshotId;
        }

        return _live;
    }

    /// <summary>Spills the largest buckets until rows take no more memory than a limit.</summary>
    public async ValueTask SpillAboveAsync(long limitBytes, CancellationToken cancellationToken)
    {
        while (BufferedBytes > limitBytes)
        {
            await _buckets.Values.MaxBy(bucket => bucket.BufferedBytes)!.SpillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the compaction of a bucket before a commit. One that missed a file which another writer has replaced, so that it was
    /// removed with the snapshots that had it, is given up like one that lost at its commit.
    /// </summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="wait">True to wait for the end of what runs.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when the compaction was given up.</returns>
    public async ValueTask<bool> EndCompactionAsync(IBucketWriter bucket, bool wait, CancellationToken cancellationToken)
    {
        try
        {
            await bucket.EndCompactionAsync(wait, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FileMissingException missing)
        {
            var live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
            if (live.Contains(bucket.Id, missing.Path[(missing.Path.LastIndexOf('/') + 1)..]))
            {
                throw;
            }

            // Buckets end their compactions beside one another; nothing else looks at lifetimes meanwhile.
            lock (_lifetimes)
            {
                _lifetimes.MarkStale([bucket.Id]);
            }

            return false;
        }
    }

    /// <summary>Begins to prepare a commit.</summary>
    /// <returns>The number of the commit among those of the writer.</returns>
    public long BeginCommit() => _lifetimes.BeginCommit();

    /// <summary>Takes the files of all buckets for a commit, and forgets buckets that had none for a while.</summary>
    /// <param name="number">What <see cref="BeginCommit"/> gave it.</param>
    /// <param name="index">The index files of buckets that have rows in the commit.</param>
    public PreparedCommit PrepareCommit(long number, IReadOnlyList<HashIndexChange> index)
    {
        var messages = TakeMessages();
        foreach (var (file, replaced, known) in index)
        {
            var at = messages.FindIndex(message => message.Bucket == file.Bucket && message.Partition.Equals(file.Partition));
            if (at < 0)
            {
                at = messages.Count;
                messages.Add(new CommitMessage(file.Partition, file.Bucket, BucketModes.DynamicBucket));
            }

            messages[at] = messages[at] with
            {
                NewIndexFiles = [file],
                DeletedIndexFiles = replaced is null ? [] : [replaced],
                KnownIndexFiles = known,
            };
        }

        return new PreparedCommit(messages, number);
    }

    /// <summary>What was prepared under a number is committed.</summary>
    public void EndCommit(long number) => _lifetimes.EndCommit(number);

    /// <summary>
    /// What other writers added is read for buckets that are new here. After a compaction that lost, all are new: another one
    /// has replaced files that they know.
    /// </summary>
    /// <param name="outcome">The commit's.</param>
    /// <param name="isAllCommitted">False while something is prepared and not committed.</param>
    public async ValueTask NoticeOtherWritersAsync(CommitOutcome outcome, bool isAllCommitted)
    {
        var expected = _liveSnapshotId;
        var isAlone = outcome.IsCompactionCommitted;
        foreach (var snapshot in outcome.Snapshots)
        {
            isAlone &= snapshot.Id == expected + 1;
            expected = snapshot.Id;
        }

        _liveSnapshotId = expected;
        _live = _keepsLive || (isAlone && _live is { IsEmpty: true }) ? _live : null;

        if (!outcome.IsCompactionCommitted)
        {
            _lifetimes.MarkStale(_buckets.Keys);
        }

        await ForgetStaleAsync(isAllCommitted).ConfigureAwait(false);
    }

    /// <summary>Partitions have lost their rows: what buckets know of their files is wrong.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="isAllCommitted">False while something is prepared and not committed.</param>
    public ValueTask NoticeRemovedAsync(IReadOnlyList<BinaryRowBytes> partitions, bool isAllCommitted)
    {
        _live = null;
        _lifetimes.MarkStale(_buckets.Keys.Where(id => partitions.Contains(id.Partition)));
        return ForgetStaleAsync(isAllCommitted);
    }

    /// <summary>True when what some buckets know of their files is wrong.</summary>
    public bool HasStale => _buckets.Keys.Any(_lifetimes.IsStale);

    /// <summary>
    /// Reads the buckets again whose files others have replaced, and which have had rows all the time since: else each compaction
    /// of theirs would lose. Everything must have been flushed, and nothing prepared that is not committed.
    /// </summary>
    /// <param name="writers">Makes their writers.</param>
    /// <param name="cancellationToken">Gives up; the writer is then of no use any more.</param>
    public async ValueTask RenewStaleAsync(BucketWriters writers, CancellationToken cancellationToken)
    {
        var flushed = new List<CommitMessage>();
        foreach (var (id, bucket) in _buckets.Where(bucket => _lifetimes.IsStale(bucket.Key)).ToList())
        {
            flushed.Add(await bucket.LeaveAsync().ConfigureAwait(false));
            Forget(id);
        }

        foreach (var message in flushed.Where(message => !message.IsEmpty))
        {
            var id = new BucketId(message.Partition, message.Bucket);
            var bucket = await CreateAsync(id, writers, message.TotalBuckets, message.NewFiles, cancellationToken)
                .ConfigureAwait(false);
            bucket.Adopt(message);
            _buckets.Add(id, bucket);
        }
    }

    private async ValueTask ForgetStaleAsync(bool isAllCommitted)
    {
        // A bucket counts its rows on for what is prepared and not committed: nothing in the table tells of it yet.
        if (!isAllCommitted)
        {
            return;
        }

        // What runs in a stale bucket would be lost too. Many buckets keep much memory: what they knew is read from the table when
        // there are rows for them again.
        var isMany = _buckets.Count > ManyBuckets;
        foreach (var (id, bucket) in _buckets.Where(bucket => bucket.Value.IsIdle).ToList())
        {
            if (_lifetimes.IsStale(id))
            {
                await bucket.AbortAsync().ConfigureAwait(false);
                Forget(id);
            }
            else if (isMany && !bucket.IsCompacting)
            {
                Forget(id);
            }
        }
    }

    /// <summary>Removes local files; buckets are of no use any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _spills.DisposeAsync().ConfigureAwait(false);
        if (_lookups.IsValueCreated)
        {
            await _lookups.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private List<CommitMessage> TakeMessages()
    {
        var messages = new List<CommitMessage>();
        foreach (var (id, bucket) in _buckets.ToList())
        {
            var message = bucket.PrepareCommit();
            if (!message.IsEmpty)
            {
                _lifetimes.AddWork(id);
                messages.Add(message);
            }
            else if (!bucket.IsCompacting && (bucket.IsForgottenWhenIdle || _lifetimes.IsOver(id)))
            {
                Forget(id);
            }
        }

        return messages;
    }

    private void Forget(BucketId id)
    {
        _buckets.Remove(id);
        _lifetimes.Remove(id);
        if (_keepsLive)
        {
            _changed.Add(id);
        }
        else
        {
            _live = null;
        }
    }
}

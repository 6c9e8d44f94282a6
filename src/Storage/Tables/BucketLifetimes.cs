using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// How long a writer remembers a bucket, as in Paimon: until there is no work for it in a commit and its last work lies before the
/// newest one that was committed. A bucket that is written in every commit so goes on counting its own sequence numbers, whatever
/// other writers do. One thread.
/// </summary>
internal sealed class BucketLifetimes
{
    private readonly Dictionary<BucketId, long> _lastWork = [];
    private readonly HashSet<BucketId> _stale = [];
    private long _prepared;
    private long _committed;

    /// <summary>Begins to prepare a commit.</summary>
    /// <returns>The number of the commit among those of the writer.</returns>
    public long BeginCommit() => ++_prepared;

    /// <summary>There is work for a bucket in the commit that is being prepared.</summary>
    public void AddWork(BucketId id) => _lastWork[id] = _prepared;

    /// <summary>True when a bucket without work in the commit that is being prepared is to be forgotten.</summary>
    public bool IsOver(BucketId id) => _lastWork.GetValueOrDefault(id) < _committed;

    /// <summary>A bucket was forgotten.</summary>
    public void Remove(BucketId id)
    {
        _lastWork.Remove(id);
        _stale.Remove(id);
    }

    /// <summary>What is known of some buckets is wrong: files that they merged had been replaced by another writer.</summary>
    public void MarkStale(IEnumerable<BucketId> ids) => _stale.UnionWith(ids);

    /// <summary>True when a bucket is to be read again as soon as nothing is on its way to the table.</summary>
    public bool IsStale(BucketId id) => _stale.Contains(id);

    /// <summary>A commit was made.</summary>
    /// <param name="number">What <see cref="BeginCommit"/> gave it.</param>
    public void EndCommit(long number) => _committed = Math.Max(_committed, number);
}

using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// The dynamic buckets of a partition: which bucket each key's hash is in, and where new hashes go. Of several assigners each
/// has buckets of its own, those with a number that leaves its own when divided by their number. One thread.
/// </summary>
/// <param name="options">Limits.</param>
internal sealed class PartitionBuckets(DynamicBucketOptions options)
{
    /// <summary>Numbers of buckets are kept in 16 bits by all who write such tables.</summary>
    private const int MaxBuckets = short.MaxValue;

    private const int None = -1;

    private readonly HashToBucket _map = new();
    private readonly List<int> _buckets = [];
    private readonly HashSet<int> _changed = [];
    private readonly int[] _open = NoneOpen(options.Assigners);
    private readonly bool[] _isUsedUp = new bool[options.Assigners];

    /// <summary>The hashes of each bucket by its number; 0 where there is no such bucket.</summary>
    private int[] _counts = [];

    /// <summary>The hashes in all buckets.</summary>
    public int HashCount => _map.Count;

    /// <summary>True when hashes were added that no index file holds.</summary>
    public bool IsChanged => _changed.Count > 0;

    /// <summary>Adds the hashes of an index file.</summary>
    public void Load(int bucket, ReadOnlySpan<int> hashes)
    {
        _map.EnsureCapacity(_map.Count + hashes.Length);
        var count = 0;
        foreach (var hash in hashes)
        {
            count += _map.TryAdd(hash, bucket) ? 1 : 0;
        }

        AddCount(bucket, count);
    }

    /// <summary>The bucket of a key, a new one where the others are full.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="assigner">Who assigns it if it is new.</param>
    public int Assign(int hash, int assigner)
    {
        if (!_map.TryGet(hash, out var bucket))
        {
            bucket = BucketOfNew(hash, assigner);
            _map.TryAdd(hash, bucket);
            AddCount(bucket, 1);
            _changed.Add(bucket);
        }

        return bucket;
    }

    /// <summary>The hashes of a bucket are in no index file any more.</summary>
    public void MarkChanged(int bucket) => _changed.Add(bucket);

    /// <summary>The buckets with hashes that no index file holds, each with all its hashes; they count as held from now on.</summary>
    public IEnumerable<(int Bucket, int[] Hashes)> TakeChanged()
    {
        foreach (var bucket in _changed.Order().ToList())
        {
            _changed.Remove(bucket);
            yield return (bucket, HashesOf(bucket));
        }
    }

    /// <summary>The buckets that have hashes, ascending.</summary>
    public IReadOnlyList<int> Buckets => _buckets;

    /// <summary>All hashes of a bucket, in no order.</summary>
    public int[] HashesOf(int bucket)
    {
        var hashes = new int[_counts[bucket]];
        _map.CopyBucket(bucket, hashes);
        return hashes;
    }

    private static int[] NoneOpen(int assigners)
    {
        var open = new int[assigners];
        open.AsSpan().Fill(None);
        return open;
    }

    private int BucketOfNew(int hash, int assigner)
    {
        var open = _open[assigner];
        if (open != None && _counts[open] < options.TargetRows)
        {
            return open;
        }

        if (!_isUsedUp[assigner])
        {
            open = FindOpen(assigner);
            _open[assigner] = open;
            _isUsedUp[assigner] = open == None;
        }

        return _isUsedUp[assigner] ? AnyBucket(hash) : open;
    }

    private int FindOpen(int assigner)
    {
        for (var bucket = assigner; bucket < _counts.Length; bucket += options.Assigners)
        {
            if (_counts[bucket] > 0 && _counts[bucket] < options.TargetRows)
            {
                return bucket;
            }
        }

        var limit = options.MaxBuckets == DynamicBucketOptions.Unlimited ? MaxBuckets : options.MaxBuckets;
        for (var bucket = assigner; bucket < limit; bucket += options.Assigners)
        {
            if (bucket >= _counts.Length || _counts[bucket] == 0)
            {
                return bucket;
            }
        }

        if (options.MaxBuckets == DynamicBucketOptions.Unlimited)
        {
            PaimonException.ThrowInvalid(
                $"A partition has {_buckets.Count} buckets of {options.TargetRows} keys or more: increase"
                + " 'dynamic-bucket.target-row-num'.");
        }

        return None;
    }

    // When no bucket may be added, new keys are spread over those that there are.
    private int AnyBucket(int hash) => _buckets[(int)((uint)hash % (uint)_buckets.Count)];

    private void AddCount(int bucket, int count)
    {
        if (bucket >= _counts.Length)
        {
            Array.Resize(ref _counts, Math.Max(bucket + 1, 2 * _counts.Length));
        }

        if (_counts[bucket] == 0 && count > 0)
        {
            // In an order that every writer of the table has, so that they would spread new keys alike.
            _buckets.Insert(~_buckets.BinarySearch(bucket), bucket);
        }

        _counts[bucket] += count;
    }
}

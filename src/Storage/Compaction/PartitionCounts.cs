using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Compaction;

/// <summary>The keys in each bucket of a partition, where keys of all partitions have one index. One thread.</summary>
internal sealed class PartitionCounts
{
    private const int Absent = -1;

    private int[] _counts = [];

    /// <summary>No bucket below this one has room.</summary>
    private int _firstOpen;

    /// <summary>Counts keys of a bucket that are there.</summary>
    public void Add(int bucket, int count)
    {
        if (bucket >= _counts.Length)
        {
            var known = _counts.Length;
            Array.Resize(ref _counts, Math.Max(bucket + 1, 2 * known));
            _counts.AsSpan(known).Fill(Absent);
        }

        _counts[bucket] = Math.Max(0, _counts[bucket]) + count;
    }

    /// <summary>A key left a bucket.</summary>
    public void Remove(int bucket)
    {
        _counts[bucket]--;
        _firstOpen = Math.Min(_firstOpen, bucket);
    }

    /// <summary>The bucket of one more key: the first one with room, or a new one.</summary>
    /// <param name="target">The keys of a bucket that is full.</param>
    public int Assign(long target)
    {
        for (; _firstOpen < _counts.Length; _firstOpen++)
        {
            if (_counts[_firstOpen] != Absent && _counts[_firstOpen] < target)
            {
                _counts[_firstOpen]++;
                return _firstOpen;
            }
        }

        var bucket = _counts.AsSpan().IndexOf(Absent);
        bucket = bucket < 0 ? _counts.Length : bucket;
        if (bucket >= KeyPlace.BucketLimit)
        {
            // Not Invalid: rows of the same batch have moved already, and their writer must not go on.
            PaimonException.ThrowUnsupported(
                $"A partition has {bucket} buckets of {target} keys or more: increase 'dynamic-bucket.target-row-num'.");
        }

        Add(bucket, 1);
        _firstOpen = bucket;
        return bucket;
    }
}

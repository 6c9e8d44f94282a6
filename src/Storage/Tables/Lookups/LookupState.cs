using PaimonSharp.Data.Rows;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>The files of one snapshot by partition and bucket: what a lookup sees. Immutable.</summary>
internal sealed class LookupState
{
    private readonly Dictionary<BinaryRowBytes, LookupPartition> _partitions = [];
    private readonly Dictionary<BucketId, LookupBucket> _buckets = [];

    /// <summary>The state of a table without a snapshot.</summary>
    public static LookupState Empty { get; } = new();

    /// <summary>The snapshot, null where there is none.</summary>
    public long? SnapshotId { get; private init; }

    /// <summary>The same as it was read, where it was the newest one; null where that is not known.</summary>
    public Snapshot? Newest { get; private init; }

    /// <summary>The buckets of all partitions, for keys that do not tell theirs.</summary>
    public LookupBucket[] All { get; private set; } = [];

    /// <summary>Sorts the files of a plan; buckets whose files are those of the state before are kept.</summary>
    /// <param name="plan">All files of a snapshot.</param>
    /// <param name="store">The lookup files.</param>
    /// <param name="shape">The table.</param>
    /// <param name="previous">The state before.</param>
    /// <param name="newest">The snapshot, where it is known to be the newest.</param>
    public static LookupState Of(
        ScanPlan plan, LookupStore store, LookupShape shape, LookupState previous, Snapshot? newest)
    {
        var state = new LookupState { SnapshotId = plan.SnapshotId, Newest = newest };
        foreach (var partition in plan.Splits.GroupBy(split => split.Bucket.Partition))
        {
            var buckets = new Dictionary<int, LookupBucket>();
            foreach (var bucket in partition.GroupBy(split => split.Bucket))
            {
                var files = bucket.SelectMany(split => split.Files).ToList();
                var deletions = bucket.First().Deletions;
                var before = previous._buckets.GetValueOrDefault(bucket.Key);
                var next = before is not null && before.Is(files, deletions)
                    ? before
                    : new LookupBucket(store, shape, bucket.Key, files, deletions, before);
                buckets.Add(bucket.Key.Bucket, next);
                state._buckets.Add(bucket.Key, next);
            }

            var totals = partition.Select(split => split.TotalBuckets).Distinct().ToList();
            var total = shape.BucketKeyIndexes.Length > 0 && totals is [var only] ? only : 0;
            state._partitions.Add(partition.Key, new LookupPartition(buckets, total));
        }

        state.All = [.. state._partitions.Values.SelectMany(partition => partition.All)];
        if (!shape.IsPartitionInKey && shape.PartitionKeyIndexes.Length > 0)
        {
            state.JoinByKey(shape);
        }

        return state;
    }

    /// <summary>A partition, or all those that have the values that a key has of it; null where there are no files.</summary>
    /// <param name="partition">The values of <see cref="LookupShape.KeyPartitionType"/>.</param>
    public LookupPartition? Partition(BinaryRowBytes partition) => _partitions.GetValueOrDefault(partition);

    // A key that has some of the partition columns may be in every partition that agrees in them, and in no other.
    private void JoinByKey(LookupShape shape)
    {
        var type = shape.Schema.PartitionType;
        int[] indexes = [.. shape.KeyPartitionType.Fields.Select(field => type.IndexOf(field.Name))];
        var writer = new BinaryRowWriter(shape.KeyPartitionType);
        var joined = _partitions.GroupBy(
            partition =>
            {
                var values = BinaryRows.Read(type, partition.Key);
                return BinaryRowBytes.FromRow(indexes.Length, writer.Write([.. indexes.Select(index => values[index])], 0));
            },
            partition => partition.Value).ToList();
        _partitions.Clear();
        foreach (var group in joined)
        {
            _partitions.Add(group.Key, new LookupPartition([.. group.SelectMany(partition => partition.All)]));
        }
    }
}

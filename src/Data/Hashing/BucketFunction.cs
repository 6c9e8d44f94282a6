using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// Chooses the buckets of rows from their bucket key, as Paimon does (docs/format.md#bucket-function). Nothing is allocated a
/// row. Holds a buffer: one thread at a time.
/// </summary>
public abstract class BucketFunction
{
    private protected BucketFunction()
    {
    }

    /// <summary>Makes a function.</summary>
    /// <param name="type">Which one.</param>
    /// <param name="bucketKeyType">The columns of the bucket key, in its order.</param>
    /// <exception cref="PaimonException">Invalid: the function does not take such a key.</exception>
    public static BucketFunction Create(BucketFunctionType type, RowType bucketKeyType)
    {
        ArgumentNullException.ThrowIfNull(bucketKeyType);
        return type switch
        {
            BucketFunctionType.Default => new DefaultBucketFunction(bucketKeyType),
            BucketFunctionType.Mod => new ModBucketFunction(bucketKeyType),
            BucketFunctionType.Hive => new HiveBucketFunction(bucketKeyType),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a bucket function."),
        };
    }

    /// <summary>Chooses the buckets of a range of rows.</summary>
    /// <param name="keys">The bucket key's columns, in its order.</param>
    /// <param name="start">The first row.</param>
    /// <param name="bucketCount">The buckets of the table or partition, at least 1.</param>
    /// <param name="buckets">Takes each row's bucket, 0 to <paramref name="bucketCount"/> - 1; as many rows as it is long.</param>
    public void Assign(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketCount, 1);
        if (bucketCount == 1)
        {
            buckets.Clear();
            return;
        }

        AssignMany(keys, start, bucketCount, buckets);
    }

    private protected abstract void AssignMany(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets);
}

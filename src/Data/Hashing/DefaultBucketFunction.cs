using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary><c>abs(hash % buckets)</c> of the key's BinaryRow.</summary>
internal sealed class DefaultBucketFunction(RowType keyType) : BucketFunction
{
    private readonly RowHasher _hasher = new(keyType);

    private protected override void AssignMany(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets)
    {
        _hasher.Hash(keys, start, buckets);
        foreach (ref var bucket in buckets)
        {
            bucket = Math.Abs(bucket % bucketCount);
        }
    }
}

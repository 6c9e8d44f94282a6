using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary>The value of a single INT or BIGINT modulo the buckets, never negative; NULL counts as 0.</summary>
internal sealed class ModBucketFunction : BucketFunction
{
    public ModBucketFunction(RowType keyType)
    {
        if (keyType.Fields.Count != 1 || keyType.Fields[0].Type.Root is not (TypeRoot.Int or TypeRoot.BigInt))
        {
            PaimonException.ThrowInvalid(
                $"The bucket function 'mod' takes a bucket key of one INT or BIGINT column; the key is {keyType}.");
        }
    }

    private protected override void AssignMany(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets)
    {
        if (keys[0] is FixedVector<int> ints)
        {
            var values = ints.Values.Slice(start, buckets.Length);
            for (var i = 0; i < values.Length; i++)
            {
                buckets[i] = FloorMod(values[i], bucketCount);
            }
        }
        else
        {
            var values = ((FixedVector<long>)keys[0]).Values.Slice(start, buckets.Length);
            for (var i = 0; i < values.Length; i++)
            {
                buckets[i] = FloorMod(values[i], bucketCount);
            }
        }
    }

    private static int FloorMod(long value, int modulus)
    {
        var rest = (int)(value % modulus);
        return rest < 0 ? rest + modulus : rest;
    }
}

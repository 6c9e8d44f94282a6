using System.Diagnostics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// Hive's bucket: <c>h = 31 * h + hash(column)</c>, without its sign, modulo the buckets. Decimals hash as Java's BigDecimal
/// without trailing zeros of the fraction.
/// </summary>
internal sealed class HiveBucketFunction : BucketFunction
{
    private int[] _hashes = [];

    public HiveBucketFunction(RowType keyType)
    {
        foreach (var field in keyType.Fields)
        {
            if (field.Type.Root is TypeRoot.Timestamp or TypeRoot.TimestampLtz or >= TypeRoot.Array)
            {
                PaimonException.ThrowInvalid($"The bucket function 'hive' does not take the column {field} in a bucket key.");
            }
        }
    }

    private protected override void AssignMany(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets)
    {
        if (_hashes.Length < buckets.Length)
        {
            _hashes = new int[buckets.Length];
        }

        buckets.Clear();
        var hashes = _hashes.AsSpan(0, buckets.Length);
        foreach (var key in keys)
        {
            HashColumn(key, start, hashes);
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] = unchecked((31 * buckets[i]) + (key.IsNull(start + i) ? 0 : hashes[i]));
            }
        }

        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = (buckets[i] & int.MaxValue) % bucketCount;
        }
    }

    private static void HashColumn(ColumnVector column, int start, Span<int> hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            var row = start + i;
            hashes[i] = column switch
            {
                BooleanVector booleans => booleans[row] ? 1 : 0,
                FixedVector<sbyte> bytes => bytes.Values[row],
                FixedVector<short> shorts => shorts.Values[row],
                FixedVector<int> ints => ints.Values[row],
                FixedVector<long> { Type: DecimalType type } decimals => HashDecimal(decimals.Values[row], type.Scale),
                FixedVector<Int128> { Type: DecimalType type } decimals => HashDecimal(decimals.Values[row], type.Scale),
                FixedVector<long> longs => Fold(longs.Values[row]),
                FixedVector<float> floats => HashFloat(floats.Values[row]),
                FixedVector<double> doubles => HashDouble(doubles.Values[row]),
                BinaryVector texts => HashBytes(texts[row]),
                _ => throw new UnreachableException(column.GetType().Name),
            };
        }
    }

    private static int Fold(long value) => (int)(value ^ (value >>> 32));

    private static int HashFloat(float value) =>
        value == 0 ? 0 : float.IsNaN(value) ? 0x7FC00000 : BitConverter.SingleToInt32Bits(value);

    private static int HashDouble(double value) =>
        value == 0 ? 0 : double.IsNaN(value) ? Fold(0x7FF8000000000000) : Fold(BitConverter.DoubleToInt64Bits(value));

    private static int HashBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = 0;
        foreach (var b in bytes)
        {
            hash = unchecked((31 * hash) + (sbyte)b);
        }

        return hash;
    }

    private static int HashDecimal(Int128 unscaled, int scale)
    {
        if (unscaled == 0)
        {
            return 0;
        }

        while (scale > 0 && unscaled % 10 == 0)
        {
            unscaled /= 10;
            scale--;
        }

        var magnitude = (UInt128)Int128.Abs(unscaled);
        var hash = 0;
        for (var shift = 96; shift >= 0; shift -= 32)
        {
            hash = unchecked((31 * hash) + (int)(uint)(magnitude >> shift));
        }

        return unchecked((31 * (unscaled < 0 ? -hash : hash)) + scale);
    }
}

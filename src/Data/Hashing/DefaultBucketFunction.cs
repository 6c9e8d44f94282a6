using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// <c>abs(hash % buckets)</c> of the key's BinaryRow. Keys of one INT, BIGINT or text column, which are most, are hashed
/// without building the row: its bytes are two zero words, the slot's two words and, for a long text, the padded text.
/// </summary>
internal sealed class DefaultBucketFunction : BucketFunction
{
    private const int SingleRowBytes = 16;

    private static readonly uint AfterHeader = Murmur.Mix(Murmur.Mix(Murmur.Seed, 0), 0);

    private readonly BinaryRowWriter _writer;
    private readonly SlotKind? _singleKind;

    public DefaultBucketFunction(RowType keyType)
    {
        _writer = new BinaryRowWriter(keyType);
        _singleKind = keyType.Fields.Count == 1 ? BinaryRowLayout.KindOf(keyType.Fields[0].Type) : null;
    }

    private protected override void AssignMany(ReadOnlySpan<ColumnVector> keys, int start, int bucketCount, Span<int> buckets)
    {
        switch (_singleKind)
        {
            case SlotKind.Int32 when keys[0].NullCount == 0:
                AssignInts(((FixedVector<int>)keys[0]).Values.Slice(start, buckets.Length), bucketCount, buckets);
                break;
            case SlotKind.Int64 when keys[0].NullCount == 0:
                AssignLongs(((FixedVector<long>)keys[0]).Values.Slice(start, buckets.Length), bucketCount, buckets);
                break;
            case SlotKind.Bytes when keys[0].NullCount == 0:
                AssignBytes((BinaryVector)keys[0], start, bucketCount, buckets);
                break;
            default:
                for (var i = 0; i < buckets.Length; i++)
                {
                    buckets[i] = BucketOf(_writer.Hash(keys, start + i), bucketCount);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BucketOf(int hash, int bucketCount) => Math.Abs(hash % bucketCount);

    private static void AssignInts(ReadOnlySpan<int> values, int bucketCount, Span<int> buckets)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var hash = Murmur.Mix(Murmur.Mix(AfterHeader, (uint)values[i]), 0);
            buckets[i] = BucketOf(Murmur.Finish(hash, SingleRowBytes), bucketCount);
        }
    }

    private static void AssignLongs(ReadOnlySpan<long> values, int bucketCount, Span<int> buckets)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var hash = Murmur.Mix(Murmur.Mix(AfterHeader, (uint)values[i]), (uint)(values[i] >> 32));
            buckets[i] = BucketOf(Murmur.Finish(hash, SingleRowBytes), bucketCount);
        }
    }

    private static void AssignBytes(BinaryVector values, int start, int bucketCount, Span<int> buckets)
    {
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = BucketOf(HashBytes(values[start + i]), bucketCount);
        }
    }

    private static int HashBytes(ReadOnlySpan<byte> value)
    {
        Span<byte> tail = stackalloc byte[BinaryRowLayout.SlotBytes];
        tail.Clear();
        if (value.Length <= BinaryRowLayout.MaxInlineBytes)
        {
            value.CopyTo(tail);
            tail[BinaryRowLayout.MaxInlineBytes] = (byte)(BinaryRowLayout.InlineMark | value.Length);
            return Murmur.Finish(MixSlot(AfterHeader, tail), SingleRowBytes);
        }

        var lengthBytes = SingleRowBytes + BinaryRowLayout.RoundUp(value.Length);
        var hash = Murmur.Mix(Murmur.Mix(AfterHeader, (uint)value.Length), SingleRowBytes);
        while (value.Length >= BinaryRowLayout.SlotBytes)
        {
            hash = MixSlot(hash, value);
            value = value[BinaryRowLayout.SlotBytes..];
        }

        if (value.Length > 0)
        {
            value.CopyTo(tail);
            hash = MixSlot(hash, tail);
        }

        return Murmur.Finish(hash, lengthBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MixSlot(uint hash, ReadOnlySpan<byte> slot)
    {
        var words = BinaryPrimitives.ReadUInt64LittleEndian(slot);
        return Murmur.Mix(Murmur.Mix(hash, (uint)words), (uint)(words >> 32));
    }
}

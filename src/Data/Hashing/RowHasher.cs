using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// The hashes of rows: <see cref="Murmur"/> over each row's BinaryRow (docs/format.md#bucket-function). Rows of one INT, BIGINT
/// or text column, which most keys are, are hashed without building the row: its bytes are two zero words, the slot's two words
/// and, for a long text, the padded text. Nothing is allocated a row. Holds a buffer: one thread at a time.
/// </summary>
public sealed class RowHasher
{
    private const int SingleRowBytes = 16;

    private static readonly uint AfterHeader = Murmur.Mix(Murmur.Mix(Murmur.Seed, 0), 0);

    private readonly BinaryRowWriter _writer;
    private readonly SlotKind? _singleKind;

    /// <summary>Makes a hasher.</summary>
    /// <param name="rowType">The row's fields.</param>
    /// <exception cref="PaimonException">Unsupported: a type that rows cannot hold.</exception>
    public RowHasher(RowType rowType)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        _writer = new BinaryRowWriter(rowType);
        _singleKind = rowType.Fields.Count == 1 ? BinaryRowLayout.KindOf(rowType.Fields[0].Type) : null;
    }

    /// <summary>Hashes a range of rows.</summary>
    /// <param name="columns">A vector a field.</param>
    /// <param name="start">The first row.</param>
    /// <param name="hashes">Takes each row's hash; as many rows as it is long.</param>
    public void Hash(ReadOnlySpan<ColumnVector> columns, int start, Span<int> hashes)
    {
        switch (_singleKind)
        {
            case SlotKind.Int32 when columns[0].NullCount == 0:
                HashInts(((FixedVector<int>)columns[0]).Values.Slice(start, hashes.Length), hashes);
                break;
            case SlotKind.Int64 when columns[0].NullCount == 0:
                HashLongs(((FixedVector<long>)columns[0]).Values.Slice(start, hashes.Length), hashes);
                break;
            case SlotKind.Bytes when columns[0].NullCount == 0:
                HashTexts((BinaryVector)columns[0], start, hashes);
                break;
            default:
                for (var i = 0; i < hashes.Length; i++)
                {
                    hashes[i] = _writer.Hash(columns, start + i);
                }

                break;
        }
    }

    private static void HashInts(ReadOnlySpan<int> values, Span<int> hashes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var hash = Murmur.Mix(Murmur.Mix(AfterHeader, (uint)values[i]), 0);
            hashes[i] = Murmur.Finish(hash, SingleRowBytes);
        }
    }

    private static void HashLongs(ReadOnlySpan<long> values, Span<int> hashes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var hash = Murmur.Mix(Murmur.Mix(AfterHeader, (uint)values[i]), (uint)(values[i] >> 32));
            hashes[i] = Murmur.Finish(hash, SingleRowBytes);
        }
    }

    private static void HashTexts(BinaryVector values, int start, Span<int> hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = HashText(values[start + i]);
        }
    }

    private static int HashText(ReadOnlySpan<byte> value)
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

    private static uint MixSlot(uint hash, ReadOnlySpan<byte> slot)
    {
        var words = BinaryPrimitives.ReadUInt64LittleEndian(slot);
        return Murmur.Mix(Murmur.Mix(hash, (uint)words), (uint)(words >> 32));
    }
}

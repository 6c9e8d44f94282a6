using System.Buffers.Binary;
using System.Diagnostics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Rows;

/// <summary>
/// Writes rows of column vectors as Paimon's BinaryRow, byte for byte (docs/format.md#binary-row): keys and partitions in
/// manifests, statistics, and what buckets are chosen by. Reuses one buffer; one thread at a time.
/// </summary>
/// <remarks>
/// <code>
/// row   = kind byte 0 and null bits, a multiple of 8 bytes | 8 bytes a field | variable part, each value padded to 8
/// array = int32 size | null bits, a multiple of 4 bytes | elements | pad to 8 | variable part
/// map   = int32 bytes of the key array | key array | value array
/// </code>
/// </remarks>
public sealed class BinaryRowWriter
{
    private readonly SlotKind[] _kinds;
    private byte[] _buffer;
    private int _end;

    /// <summary>Makes a writer.</summary>
    /// <param name="rowType">The row's fields.</param>
    /// <exception cref="PaimonException">Unsupported: a type that rows cannot hold.</exception>
    public BinaryRowWriter(RowType rowType)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        _kinds = [.. rowType.Fields.Select(field => BinaryRowLayout.KindOf(field.Type))];
        _buffer = new byte[Math.Max(64, 2 * RowBytes(_kinds.Length))];
    }

    /// <summary>Writes one row.</summary>
    /// <param name="columns">A vector a field.</param>
    /// <param name="row">The row of the vectors.</param>
    /// <returns>The row's bytes, valid until the next call.</returns>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<ColumnVector> columns, int row)
    {
        WriteAt(0, columns, row);
        return _buffer.AsSpan(0, _end);
    }

    /// <summary>Writes one row in its serialized form: the number of fields, big endian, before the row's bytes.</summary>
    /// <param name="columns">A vector a field.</param>
    /// <param name="row">The row of the vectors.</param>
    public byte[] WriteSerialized(ReadOnlySpan<ColumnVector> columns, int row)
    {
        var bytes = Write(columns, row);
        var serialized = new byte[bytes.Length + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(serialized, _kinds.Length);
        bytes.CopyTo(serialized.AsSpan(sizeof(int)));
        return serialized;
    }

    /// <summary>The hash of one row, which chooses its bucket.</summary>
    /// <param name="columns">A vector a field.</param>
    /// <param name="row">The row of the vectors.</param>
    public int Hash(ReadOnlySpan<ColumnVector> columns, int row) => Murmur.HashWords(Write(columns, row));

    private static int RowBytes(int arity) => BinaryRowLayout.NullBytes(arity) + (BinaryRowLayout.SlotBytes * arity);

    private void WriteAt(int start, ReadOnlySpan<ColumnVector> columns, int row)
    {
        if (columns.Length != _kinds.Length)
        {
            throw new ArgumentException($"{_kinds.Length} columns are expected, {columns.Length} given.", nameof(columns));
        }

        _end = start;
        AddZeros(RowBytes(columns.Length));
        var slot = start + BinaryRowLayout.NullBytes(columns.Length);
        for (var i = 0; i < columns.Length; i++, slot += BinaryRowLayout.SlotBytes)
        {
            WriteField(start, i, slot, columns[i], _kinds[i], row);
        }
    }

    private void WriteField(int start, int index, int slot, ColumnVector column, SlotKind kind, int row)
    {
        if (!column.IsNull(row))
        {
            WriteValue(start, slot, column, kind, row);
            return;
        }

        var bit = index + BinaryRowLayout.HeaderBits;
        _buffer[start + (bit >> 3)] |= (byte)(1 << (bit & 7));
        var reserved = kind switch
        {
            SlotKind.WideDecimal => BinaryRowLayout.WideDecimalBytes,
            SlotKind.MicrosTimestamp or SlotKind.NanosTimestamp => sizeof(long),
            _ => 0,
        };
        if (reserved > 0)
        {
            // A NULL keeps the place of its value, so that Paimon can update it in place.
            WriteReference(slot, _end - start, 0);
            AddZeros(reserved);
        }
    }

    private void WriteNested(ReadOnlySpan<ColumnVector> columns, int row)
    {
        var start = _end;
        AddZeros(RowBytes(columns.Length));
        var slot = start + BinaryRowLayout.NullBytes(columns.Length);
        for (var i = 0; i < columns.Length; i++, slot += BinaryRowLayout.SlotBytes)
        {
            WriteField(start, i, slot, columns[i], BinaryRowLayout.KindOf(columns[i].Type), row);
        }
    }

    private void WriteValue(int start, int slot, ColumnVector column, SlotKind kind, int row)
    {
        switch (kind)
        {
            case SlotKind.Boolean:
                _buffer[slot] = ((BooleanVector)column)[row] ? (byte)1 : (byte)0;
                break;
            case SlotKind.Int8:
                _buffer[slot] = (byte)((FixedVector<sbyte>)column).Values[row];
                break;
            case SlotKind.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(_buffer.AsSpan(slot), ((FixedVector<short>)column).Values[row]);
                break;
            case SlotKind.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(slot), ((FixedVector<int>)column).Values[row]);
                break;
            case SlotKind.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(slot), ((FixedVector<long>)column).Values[row]);
                break;
            case SlotKind.Single:
                BinaryPrimitives.WriteSingleLittleEndian(_buffer.AsSpan(slot), ((FixedVector<float>)column).Values[row]);
                break;
            case SlotKind.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(slot), ((FixedVector<double>)column).Values[row]);
                break;
            case SlotKind.Bytes:
                WriteBytes(start, slot, ((BinaryVector)column)[row]);
                break;
            case SlotKind.WideDecimal:
                WriteWideDecimal(start, slot, ((FixedVector<Int128>)column).Values[row]);
                break;
            case SlotKind.MicrosTimestamp:
                WriteTimestamp(start, slot, NanoTimestamp.FromMicros(((FixedVector<long>)column).Values[row]));
                break;
            case SlotKind.NanosTimestamp:
                WriteTimestamp(start, slot, ((FixedVector<NanoTimestamp>)column).Values[row]);
                break;
            default:
                WriteNestedValue(start, slot, column, row);
                break;
        }
    }

    private void WriteBytes(int start, int slot, ReadOnlySpan<byte> value)
    {
        if (value.Length <= BinaryRowLayout.MaxInlineBytes)
        {
            value.CopyTo(_buffer.AsSpan(slot));
            _buffer[slot + BinaryRowLayout.MaxInlineBytes] = (byte)(BinaryRowLayout.InlineMark | value.Length);
            return;
        }

        WriteReference(slot, _end - start, value.Length);
        var target = _end;
        AddZeros(BinaryRowLayout.RoundUp(value.Length));
        value.CopyTo(_buffer.AsSpan(target));
    }

    private void WriteWideDecimal(int start, int slot, Int128 value)
    {
        Span<byte> bytes = stackalloc byte[BinaryRowLayout.WideDecimalBytes];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        var sign = value < 0 ? (byte)0xFF : (byte)0;
        var skip = 0;
        while (skip < bytes.Length - 1 && bytes[skip] == sign && ((bytes[skip + 1] ^ sign) & 0x80) == 0)
        {
            skip++;
        }

        WriteReference(slot, _end - start, bytes.Length - skip);
        var target = _end;
        AddZeros(BinaryRowLayout.WideDecimalBytes);
        bytes[skip..].CopyTo(_buffer.AsSpan(target));
    }

    private void WriteTimestamp(int start, int slot, NanoTimestamp value)
    {
        WriteReference(slot, _end - start, value.NanoOfMilli);
        var target = _end;
        AddZeros(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(target), value.EpochMillis);
    }

    private void WriteNestedValue(int start, int slot, ColumnVector column, int row)
    {
        var nested = _end;
        switch (column)
        {
            case ListVector list:
                WriteArray(list.Elements, list.Offsets[row], list.Offsets[row + 1]);
                break;
            case MapVector map:
                AddZeros(sizeof(int));
                WriteArray(map.Keys, map.Offsets[row], map.Offsets[row + 1]);
                BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(nested), _end - nested - sizeof(int));
                WriteArray(map.MapValues, map.Offsets[row], map.Offsets[row + 1]);
                break;
            case StructVector structure:
                WriteNested([.. structure.Children], row);
                break;
            default:
                throw new UnreachableException(column.GetType().Name);
        }

        var length = _end - nested;
        WriteReference(slot, nested - start, length);
        AddZeros(BinaryRowLayout.RoundUp(length) - length);
    }

    private void WriteArray(ColumnVector elements, int from, int to)
    {
        var size = to - from;
        var start = _end;
        var kind = BinaryRowLayout.KindOf(elements.Type);
        var width = BinaryRowLayout.ElementBytes(kind);
        var header = BinaryRowLayout.ArrayHeaderBytes(size);
        AddZeros(BinaryRowLayout.RoundUp(checked(header + (size * width))));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), size);
        for (var i = 0; i < size; i++)
        {
            var slot = start + header + (i * width);
            if (elements.IsNull(from + i))
            {
                _buffer[start + sizeof(int) + (i >> 3)] |= (byte)(1 << (i & 7));
            }
            else if (kind == SlotKind.Single && float.IsNaN(((FixedVector<float>)elements).Values[from + i]))
            {
                BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(slot), 0x7FC00000);
            }
            else if (kind == SlotKind.Double && double.IsNaN(((FixedVector<double>)elements).Values[from + i]))
            {
                BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(slot), 0x7FF8000000000000);
            }
            else
            {
                WriteValue(start, slot, elements, kind, from + i);
            }
        }
    }

    // The low half of a slot holds a length (or a timestamp's nanoseconds), the high half an offset from the container's start.
    private void WriteReference(int slot, int offset, int low) =>
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(slot), ((long)offset << 32) | (uint)low);

    private void AddZeros(int count)
    {
        var needed = (long)_end + count;
        if (needed > _buffer.Length)
        {
            if (needed > Array.MaxLength)
            {
                PaimonException.ThrowInvalid($"A row of {needed} bytes exceeds the limit of {Array.MaxLength}.");
            }

            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length)));
        }

        _buffer.AsSpan(_end, count).Clear();
        _end += count;
    }
}

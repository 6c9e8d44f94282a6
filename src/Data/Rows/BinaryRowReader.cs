using System.Buffers.Binary;
using System.Diagnostics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Rows;

/// <summary>
/// Reads Paimon's BinaryRow into column vectors (layout: <see cref="BinaryRowWriter"/>). Every offset and length is checked:
/// bytes that make no sense give a <see cref="CorruptDataException"/>. Immutable; safe for several threads.
/// </summary>
public sealed class BinaryRowReader
{
    private readonly SlotKind[] _kinds;

    /// <summary>Makes a reader.</summary>
    /// <param name="rowType">The row's fields.</param>
    /// <exception cref="PaimonException">Unsupported: a type that rows cannot hold.</exception>
    public BinaryRowReader(RowType rowType)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        _kinds = [.. rowType.Fields.Select(field => BinaryRowLayout.KindOf(field.Type))];
    }

    /// <summary>The number of fields of a serialized row.</summary>
    /// <param name="serialized">The number of fields, big endian, and the row's bytes.</param>
    /// <exception cref="CorruptDataException">The bytes are shorter than a row of that many fields.</exception>
    public static int ArityOf(ReadOnlySpan<byte> serialized)
    {
        if (serialized.Length < sizeof(int))
        {
            CorruptDataException.Throw($"A serialized row has {serialized.Length} bytes; at least 4 are expected.");
        }

        var arity = BinaryPrimitives.ReadInt32BigEndian(serialized);
        if (arity < 0 || (long)arity * BinaryRowLayout.SlotBytes > serialized.Length - sizeof(int))
        {
            CorruptDataException.Throw($"A serialized row of {serialized.Length} bytes says it has {arity} fields.");
        }

        return arity;
    }

    /// <summary>Reads a serialized row and appends it to the columns.</summary>
    /// <param name="serialized">The number of fields, big endian, and the row's bytes.</param>
    /// <param name="columns">A vector a field.</param>
    /// <exception cref="CorruptDataException">The bytes are no such row; the columns may then hold part of it.</exception>
    public void ReadSerialized(ReadOnlySpan<byte> serialized, ReadOnlySpan<ColumnVector> columns)
    {
        var arity = ArityOf(serialized);
        if (arity != _kinds.Length)
        {
            CorruptDataException.Throw($"A serialized row has {arity} fields; {_kinds.Length} are expected.");
        }

        Read(serialized[sizeof(int)..], columns);
    }

    /// <summary>Reads a row and appends it to the columns.</summary>
    /// <param name="row">The row's bytes.</param>
    /// <param name="columns">A vector a field.</param>
    /// <exception cref="CorruptDataException">The bytes are no such row; the columns may then hold part of it.</exception>
    public void Read(ReadOnlySpan<byte> row, ReadOnlySpan<ColumnVector> columns)
    {
        if (columns.Length != _kinds.Length)
        {
            throw new ArgumentException($"{_kinds.Length} columns are expected, {columns.Length} given.", nameof(columns));
        }

        CheckRow(row, columns.Length);
        var slots = row[BinaryRowLayout.NullBytes(columns.Length)..];
        for (var i = 0; i < columns.Length; i++)
        {
            ReadField(row, slots, i, columns[i], _kinds[i]);
        }
    }

    /// <summary>Reads some fields of a row and appends them to columns.</summary>
    /// <param name="row">The row's bytes.</param>
    /// <param name="fields">The fields' positions in the row.</param>
    /// <param name="columns">Some vectors.</param>
    /// <param name="targets">For each field the position of its vector among those.</param>
    /// <exception cref="CorruptDataException">The bytes are no such row; the columns may then hold part of it.</exception>
    public void ReadFields(
        ReadOnlySpan<byte> row, ReadOnlySpan<int> fields, IReadOnlyList<ColumnVector> columns, ReadOnlySpan<int> targets)
    {
        ArgumentNullException.ThrowIfNull(columns);
        CheckRow(row, _kinds.Length);
        var slots = row[BinaryRowLayout.NullBytes(_kinds.Length)..];
        for (var i = 0; i < fields.Length; i++)
        {
            ReadField(row, slots, fields[i], columns[targets[i]], _kinds[fields[i]]);
        }
    }

    private static void CheckRow(ReadOnlySpan<byte> row, int arity)
    {
        var expected = BinaryRowLayout.NullBytes(arity) + ((long)arity * BinaryRowLayout.SlotBytes);
        if (row.Length < expected)
        {
            CorruptDataException.Throw($"A row of {arity} fields has {row.Length} bytes; at least {expected} are expected.");
        }
    }

    private static void ReadField(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> slots, int index, ColumnVector column, SlotKind kind)
    {
        var bit = index + BinaryRowLayout.HeaderBits;
        if ((row[bit >> 3] & (1 << (bit & 7))) != 0)
        {
            column.AppendNull();
            return;
        }

        ReadValue(row, slots.Slice(index * BinaryRowLayout.SlotBytes, BinaryRowLayout.SlotBytes), column, kind);
    }

    private static void ReadValue(ReadOnlySpan<byte> container, ReadOnlySpan<byte> slot, ColumnVector column, SlotKind kind)
    {
        switch (kind)
        {
            case SlotKind.Boolean:
                ((BooleanVector)column).Append(slot[0] != 0);
                break;
            case SlotKind.Int8:
                ((FixedVector<sbyte>)column).Append((sbyte)slot[0]);
                break;
            case SlotKind.Int16:
                ((FixedVector<short>)column).Append(BinaryPrimitives.ReadInt16LittleEndian(slot));
                break;
            case SlotKind.Int32:
                ((FixedVector<int>)column).Append(BinaryPrimitives.ReadInt32LittleEndian(slot));
                break;
            case SlotKind.Int64:
                ((FixedVector<long>)column).Append(BinaryPrimitives.ReadInt64LittleEndian(slot));
                break;
            case SlotKind.Single:
                ((FixedVector<float>)column).Append(BinaryPrimitives.ReadSingleLittleEndian(slot));
                break;
            case SlotKind.Double:
                ((FixedVector<double>)column).Append(BinaryPrimitives.ReadDoubleLittleEndian(slot));
                break;
            case SlotKind.Bytes:
                ((BinaryVector)column).Append(ReadBytes(container, slot));
                break;
            case SlotKind.WideDecimal:
                ((FixedVector<Int128>)column).Append(ReadWideDecimal(Referenced(container, slot)));
                break;
            case SlotKind.MicrosTimestamp or SlotKind.NanosTimestamp:
                TimestampColumn.Append(column, ReadTimestamp(container, slot, kind));
                break;
            default:
                ReadNestedValue(Referenced(container, slot), column);
                break;
        }
    }

    private static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> container, ReadOnlySpan<byte> slot)
    {
        var mark = slot[BinaryRowLayout.MaxInlineBytes];
        if ((mark & BinaryRowLayout.InlineMark) == 0)
        {
            return Referenced(container, slot);
        }

        var length = mark & ~BinaryRowLayout.InlineMark;
        if (length > BinaryRowLayout.MaxInlineBytes)
        {
            CorruptDataException.Throw($"A value inside its slot says it has {length} bytes; at most 7 fit.");
        }

        return slot[..length];
    }

    private static ReadOnlySpan<byte> Referenced(ReadOnlySpan<byte> container, ReadOnlySpan<byte> slot)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(slot);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(slot[sizeof(uint)..]);
        return At(container, offset, length);
    }

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> container, uint offset, uint length)
    {
        if ((ulong)offset + length > (ulong)container.Length)
        {
            CorruptDataException.Throw(
                $"A value of {length} bytes at {offset} is outside its row or array of {container.Length} bytes.");
        }

        return container.Slice((int)offset, (int)length);
    }

    private static Int128 ReadWideDecimal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < 1 or > BinaryRowLayout.WideDecimalBytes)
        {
            CorruptDataException.Throw($"A DECIMAL has {bytes.Length} bytes; 1 to 16 are expected.");
        }

        Int128 value = (sbyte)bytes[0];
        foreach (var next in bytes[1..])
        {
            value = (value << 8) | next;
        }

        return value;
    }

    private static NanoTimestamp ReadTimestamp(ReadOnlySpan<byte> container, ReadOnlySpan<byte> slot, SlotKind kind)
    {
        var nanos = BinaryPrimitives.ReadUInt32LittleEndian(slot);
        if (nanos > 999_999)
        {
            CorruptDataException.Throw($"A TIMESTAMP has {nanos} nanoseconds beyond its milliseconds; at most 999999 can be.");
        }

        var offset = BinaryPrimitives.ReadUInt32LittleEndian(slot[sizeof(uint)..]);
        var value = new NanoTimestamp(BinaryPrimitives.ReadInt64LittleEndian(At(container, offset, sizeof(long))), (int)nanos);
        if (kind == SlotKind.MicrosTimestamp && !value.TryToMicros(out _))
        {
            CorruptDataException.Throw($"A TIMESTAMP of {value.EpochMillis} ms is outside its type's range.");
        }

        return value;
    }

    private static void ReadNestedValue(ReadOnlySpan<byte> bytes, ColumnVector column)
    {
        switch (column)
        {
            case ListVector list:
                ReadArray(bytes, list.Elements);
                list.EndRow();
                break;
            case MapVector map:
                ReadMap(bytes, map);
                break;
            case StructVector structure:
                CheckRow(bytes, structure.Children.Count);
                var slots = bytes[BinaryRowLayout.NullBytes(structure.Children.Count)..];
                for (var i = 0; i < structure.Children.Count; i++)
                {
                    var child = structure.Children[i];
                    ReadField(bytes, slots, i, child, BinaryRowLayout.KindOf(child.Type));
                }

                structure.EndRow();
                break;
            default:
                throw new UnreachableException(column.GetType().Name);
        }
    }

    private static void ReadMap(ReadOnlySpan<byte> bytes, MapVector map)
    {
        if (bytes.Length < sizeof(int))
        {
            CorruptDataException.Throw($"A map has {bytes.Length} bytes; at least 4 are expected.");
        }

        var keys = At(bytes[sizeof(int)..], 0, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        var keyCount = ReadArray(keys, map.Keys);
        var valueCount = ReadArray(bytes[(sizeof(int) + keys.Length)..], map.MapValues);
        if (keyCount != valueCount)
        {
            CorruptDataException.Throw($"A map has {keyCount} keys and {valueCount} values.");
        }

        map.EndRow();
    }

    private static int ReadArray(ReadOnlySpan<byte> bytes, ColumnVector elements)
    {
        if (bytes.Length < sizeof(int))
        {
            CorruptDataException.Throw($"An array has {bytes.Length} bytes; at least 4 are expected.");
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var kind = BinaryRowLayout.KindOf(elements.Type);
        var width = BinaryRowLayout.ElementBytes(kind);
        if (size < 0 || size > bytes.Length || BinaryRowLayout.ArrayHeaderBytes(size) + ((long)size * width) > bytes.Length)
        {
            CorruptDataException.Throw($"An array of {bytes.Length} bytes says it has {size} elements.");
        }

        var header = BinaryRowLayout.ArrayHeaderBytes(size);
        for (var i = 0; i < size; i++)
        {
            if ((bytes[sizeof(int) + (i >> 3)] & (1 << (i & 7))) != 0)
            {
                elements.AppendNull();
            }
            else
            {
                ReadValue(bytes, bytes.Slice(header + (i * width), width), elements, kind);
            }
        }

        return size;
    }
}

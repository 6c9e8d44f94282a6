using System.Buffers.Binary;
using System.Diagnostics;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Keys;

/// <summary>The typed loops of <see cref="KeyEncoder"/>: one column at a time into the prefixes or the bytes of all keys.</summary>
internal static class KeyColumnWriter
{
    private const byte NotNullMark = 1;
    private const byte Escape = 0xFF;

    /// <summary>Adds a column's bits to the prefixes, <paramref name="shift"/> bits above the lowest.</summary>
    public static void AddToPrefixes(ColumnVector column, bool nullable, int start, Span<ulong> prefixes, int shift)
    {
        switch (column)
        {
            case FixedVector<long> vector:
                AddFixed<long, Int64Key>(vector, nullable, start, prefixes, shift);
                break;
            case FixedVector<int> vector:
                AddFixed<int, Int32Key>(vector, nullable, start, prefixes, shift);
                break;
            case FixedVector<short> vector:
                AddFixed<short, Int16Key>(vector, nullable, start, prefixes, shift);
                break;
            case FixedVector<sbyte> vector:
                AddFixed<sbyte, Int8Key>(vector, nullable, start, prefixes, shift);
                break;
            case FixedVector<float> vector:
                AddFixed<float, SingleKey>(vector, nullable, start, prefixes, shift);
                break;
            case FixedVector<double> vector:
                AddFixed<double, DoubleKey>(vector, nullable, start, prefixes, shift);
                break;
            case BooleanVector vector:
                for (var i = 0; i < prefixes.Length; i++)
                {
                    var bits = nullable ? Marked(!vector.IsNull(start + i), vector[start + i] ? 1UL : 0, 1) : vector[start + i] ? 1UL : 0;
                    prefixes[i] |= bits << shift;
                }

                break;
            default:
                throw new UnreachableException(column.GetType().Name);
        }
    }

    /// <summary>Adds to each key's length that of a string or binary column.</summary>
    public static void AddLengths(BinaryVector column, int start, Span<int> lengths, bool isLast)
    {
        var offsets = column.Offsets.Slice(start, lengths.Length + 1);
        if (isLast)
        {
            for (var i = 0; i < lengths.Length; i++)
            {
                lengths[i] += offsets[i + 1] - offsets[i];
            }

            return;
        }

        var anyZero = column.Bytes[offsets[0]..offsets[^1]].Contains((byte)0);
        var anyNull = column.NullCount > 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (anyNull && column.IsNull(start + i))
            {
                continue;
            }

            lengths[i] = checked(lengths[i] + offsets[i + 1] - offsets[i] + 2 + (anyZero ? column[start + i].Count((byte)0) : 0));
        }
    }

    /// <summary>Writes a column's bytes at the cursors and moves them on.</summary>
    public static void Write(ColumnVector column, bool nullable, int start, Span<int> cursors, Span<byte> bytes, bool isLast)
    {
        if (nullable)
        {
            WriteMarks(column, start, cursors, bytes);
        }

        switch (column)
        {
            case FixedVector<long> vector:
                WriteFixed<long, Int64Key>(vector, start, cursors, bytes);
                break;
            case FixedVector<int> vector:
                WriteFixed<int, Int32Key>(vector, start, cursors, bytes);
                break;
            case FixedVector<short> vector:
                WriteFixed<short, Int16Key>(vector, start, cursors, bytes);
                break;
            case FixedVector<sbyte> vector:
                WriteFixed<sbyte, Int8Key>(vector, start, cursors, bytes);
                break;
            case FixedVector<float> vector:
                WriteFixed<float, SingleKey>(vector, start, cursors, bytes);
                break;
            case FixedVector<double> vector:
                WriteFixed<double, DoubleKey>(vector, start, cursors, bytes);
                break;
            case FixedVector<Int128> vector:
                WriteInt128(vector, start, cursors, bytes);
                break;
            case FixedVector<NanoTimestamp> vector:
                WriteNanoTimestamp(vector, start, cursors, bytes);
                break;
            case BooleanVector vector:
                for (var i = 0; i < cursors.Length; i++)
                {
                    bytes[cursors[i]++] = !vector.IsNull(start + i) && vector[start + i] ? (byte)1 : (byte)0;
                }

                break;
            case BinaryVector vector when isLast:
                WriteRaw(vector, start, cursors, bytes);
                break;
            case BinaryVector vector:
                WriteEscaped(vector, start, cursors, bytes);
                break;
            default:
                throw new UnreachableException(column.GetType().Name);
        }
    }

    private static ulong Marked(bool valid, ulong bits, int widthBytes) =>
        valid ? ((ulong)NotNullMark << (8 * widthBytes)) | bits : 0;

    private static void AddFixed<T, TKey>(FixedVector<T> column, bool nullable, int start, Span<ulong> prefixes, int shift)
        where T : unmanaged
        where TKey : struct, IFixedKey<T>
    {
        var values = column.Values.Slice(start, prefixes.Length);
        if (nullable)
        {
            for (var i = 0; i < values.Length; i++)
            {
                prefixes[i] |= Marked(!column.IsNull(start + i), TKey.ToBits(values[i]), TKey.Width) << shift;
            }

            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            prefixes[i] |= TKey.ToBits(values[i]) << shift;
        }
    }

    private static void WriteMarks(ColumnVector column, int start, Span<int> cursors, Span<byte> bytes)
    {
        for (var i = 0; i < cursors.Length; i++)
        {
            bytes[cursors[i]++] = column.IsNull(start + i) ? (byte)0 : NotNullMark;
        }
    }

    private static void WriteFixed<T, TKey>(FixedVector<T> column, int start, Span<int> cursors, Span<byte> bytes)
        where T : unmanaged
        where TKey : struct, IFixedKey<T>
    {
        var values = column.Values.Slice(start, cursors.Length);
        var anyNull = column.NullCount > 0;
        for (var i = 0; i < values.Length; i++)
        {
            var bits = anyNull && column.IsNull(start + i) ? 0 : TKey.ToBits(values[i]);
            var target = bytes.Slice(cursors[i], TKey.Width);
            switch (TKey.Width)
            {
                case 1:
                    target[0] = (byte)bits;
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)bits);
                    break;
                case 4:
                    BinaryPrimitives.WriteUInt32BigEndian(target, (uint)bits);
                    break;
                default:
                    BinaryPrimitives.WriteUInt64BigEndian(target, bits);
                    break;
            }

            cursors[i] += TKey.Width;
        }
    }

    private static void WriteInt128(FixedVector<Int128> column, int start, Span<int> cursors, Span<byte> bytes)
    {
        var values = column.Values.Slice(start, cursors.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = column.IsNull(start + i) ? UInt128.Zero : (UInt128)values[i] ^ (UInt128.One << 127);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.Slice(cursors[i], 16), bits);
            cursors[i] += 16;
        }
    }

    private static void WriteNanoTimestamp(FixedVector<NanoTimestamp> column, int start, Span<int> cursors, Span<byte> bytes)
    {
        var values = column.Values.Slice(start, cursors.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var isNull = column.IsNull(start + i);
            var target = bytes.Slice(cursors[i], 12);
            BinaryPrimitives.WriteUInt64BigEndian(target, isNull ? 0 : Int64Key.ToBits(values[i].EpochMillis));
            BinaryPrimitives.WriteInt32BigEndian(target[8..], isNull ? 0 : values[i].NanoOfMilli);
            cursors[i] += 12;
        }
    }

    private static void WriteRaw(BinaryVector column, int start, Span<int> cursors, Span<byte> bytes)
    {
        for (var i = 0; i < cursors.Length; i++)
        {
            var value = column[start + i];
            value.CopyTo(bytes[cursors[i]..]);
            cursors[i] += value.Length;
        }
    }

    private static void WriteEscaped(BinaryVector column, int start, Span<int> cursors, Span<byte> bytes)
    {
        var anyNull = column.NullCount > 0;
        for (var i = 0; i < cursors.Length; i++)
        {
            if (anyNull && column.IsNull(start + i))
            {
                continue;
            }

            var value = column[start + i];
            var cursor = cursors[i];
            for (var zero = value.IndexOf((byte)0); zero >= 0; zero = value.IndexOf((byte)0))
            {
                value[..(zero + 1)].CopyTo(bytes[cursor..]);
                cursor += zero + 1;
                bytes[cursor++] = Escape;
                value = value[(zero + 1)..];
            }

            value.CopyTo(bytes[cursor..]);
            cursor += value.Length;
            bytes[cursor++] = 0;
            bytes[cursor++] = 0;
            cursors[i] = cursor;
        }
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Spill;

/// <summary>
/// Column vectors as bytes, near to how they are in memory, for the process that wrote them:
/// <code>
/// column    1 byte: is any row NULL; then the validity bitmap if so; then the values
/// values    fixed width: as in memory, in the machine's order of bytes    BOOLEAN: bits
///           binary: an int for each row's length, then the bytes          ROW: its columns
///           ARRAY: an int for each row's length, then the column of all elements; MAP: the same with keys, then values
/// </code>
/// </summary>
internal static class ColumnBytes
{
    /// <summary>Appends a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="PaimonException">Unsupported: a column of a type that tables do not have.</exception>
    public static void Write(ColumnVector column, IBufferWriter<byte> target)
    {
        target.Write([column.Validity.IsEmpty ? (byte)0 : (byte)1]);
        target.Write(column.Validity);
        switch (column)
        {
            case IFixedVector vector:
                target.Write(vector.ValuesAsBytes);
                break;
            case BinaryVector vector:
                WriteLengths(vector.Offsets, target);
                target.Write(vector.Bytes);
                break;
            case BooleanVector vector:
                target.Write(vector.Bits);
                break;
            default:
                WriteNested(column, target);
                break;
        }
    }

    /// <summary>Appends rows to a column.</summary>
    /// <param name="source">What <see cref="Write"/> wrote; moved behind it.</param>
    /// <param name="column">A column of the same type.</param>
    /// <param name="rows">How many rows were written.</param>
    public static void Read(ref ReadOnlySpan<byte> source, ColumnVector column, int rows)
    {
        var hasNulls = Take(ref source, 1)[0] != 0;
        var validity = hasNulls ? Take(ref source, (rows + 7L) >> 3) : default;
        switch (column)
        {
            case IFixedVector vector:
                var target = vector.AppendUninitializedBytes(rows, validity);
                Take(ref source, target.Length).CopyTo(target);
                break;
            case BinaryVector vector:
                var lengths = TakeLengths(ref source, rows, out var bytes);
                Take(ref source, bytes).CopyTo(vector.AppendUninitialized(lengths, validity));
                break;
            case BooleanVector vector:
                vector.AppendBits(Take(ref source, (rows + 7L) >> 3), rows, validity);
                break;
            default:
                ReadNested(ref source, column, rows, validity);
                break;
        }
    }

    /// <summary>The next bytes of a section.</summary>
    /// <param name="source">The section; moved behind them.</param>
    /// <param name="count">How many.</param>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> source, long count)
    {
        if (count < 0 || count > source.Length)
        {
            CorruptDataException.Throw($"A spilled section ends {count - source.Length} bytes too early.");
        }

        var taken = source[..(int)count];
        source = source[(int)count..];
        return taken;
    }

    private static void WriteNested(ColumnVector column, IBufferWriter<byte> target)
    {
        switch (column)
        {
            case ListVector vector:
                WriteLengths(vector.Offsets, target);
                Write(vector.Elements, target);
                break;
            case MapVector vector:
                WriteLengths(vector.Offsets, target);
                Write(vector.Keys, target);
                Write(vector.MapValues, target);
                break;
            case StructVector vector:
                foreach (var child in vector.Children)
                {
                    Write(child, target);
                }

                break;
            default:
                throw new PaimonException(ErrorKind.Unsupported, $"Columns of type {column.Type} cannot be spilled.");
        }
    }

    private static void ReadNested(ref ReadOnlySpan<byte> source, ColumnVector column, int rows, scoped ReadOnlySpan<byte> validity)
    {
        switch (column)
        {
            case ListVector vector:
                var lengths = TakeLengths(ref source, rows, out var elements);
                Read(ref source, vector.Elements, checked((int)elements));
                vector.EndRows(lengths, validity);
                break;
            case MapVector vector:
                lengths = TakeLengths(ref source, rows, out var entries);
                Read(ref source, vector.Keys, checked((int)entries));
                Read(ref source, vector.MapValues, checked((int)entries));
                vector.EndRows(lengths, validity);
                break;
            case StructVector vector:
                foreach (var child in vector.Children)
                {
                    Read(ref source, child, rows);
                }

                vector.EndRows(rows, validity);
                break;
            default:
                throw new PaimonException(ErrorKind.Unsupported, $"Columns of type {column.Type} cannot be spilled.");
        }
    }

    private static void WriteLengths(ReadOnlySpan<int> offsets, IBufferWriter<byte> target)
    {
        var bytes = (offsets.Length - 1) * sizeof(int);
        var lengths = MemoryMarshal.Cast<byte, int>(target.GetSpan(bytes)[..bytes]);
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = offsets[i + 1] - offsets[i];
        }

        target.Advance(bytes);
    }

    private static ReadOnlySpan<int> TakeLengths(ref ReadOnlySpan<byte> source, int rows, out long total)
    {
        var lengths = MemoryMarshal.Cast<byte, int>(Take(ref source, rows * (long)sizeof(int)));
        total = 0;
        foreach (var length in lengths)
        {
            if (length < 0)
            {
                CorruptDataException.Throw($"A spilled value has the length {length}.");
            }

            total += length;
        }

        return lengths;
    }
}

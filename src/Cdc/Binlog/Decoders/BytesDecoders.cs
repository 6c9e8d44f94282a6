using System.Buffers;
using System.IO.Compression;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>A column of CHAR, VARCHAR or TEXT, turned into UTF-8.</summary>
internal sealed class TextDecoder(int width, MySqlCharset charset) : ColumnDecoder
{
    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (BinaryVector)target;
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
            }
            else
            {
                charset.Append(ValueBytes.Slice(rows, offset, width), vector);
            }
        }
    }
}

/// <summary>A column of BINARY, VARBINARY, BLOB or BIT(n): bytes as they are, BINARY filled up with zeros.</summary>
internal sealed class BytesDecoder(int width, int paddedLength) : ColumnDecoder
{
    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (BinaryVector)target;
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
                continue;
            }

            var value = ValueBytes.Slice(rows, offset, width);
            if (value.Length >= paddedLength)
            {
                vector.Append(value);
            }
            else
            {
                var padded = vector.AppendUninitialized(paddedLength);
                value.CopyTo(padded);
                padded[value.Length..].Clear();
            }
        }
    }
}

/// <summary>A column whose values become texts by a function: JSON, GEOMETRY, ENUM, UUID, and anything with to-string.</summary>
internal sealed class ConvertingDecoder(int width, ValueConversion conversion) : ColumnDecoder
{
    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (BinaryVector)target;
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
                continue;
            }

            buffer.ResetWrittenCount();
            conversion(ValueBytes.Slice(rows, offset, width), buffer);
            vector.Append(buffer.WrittenSpan);
        }
    }
}

/// <summary>Writes the text of a stored value.</summary>
internal delegate void ValueConversion(ReadOnlySpan<byte> value, IBufferWriter<byte> output);

/// <summary>A SET: the labels whose bits are set.</summary>
internal sealed class SetDecoder(int width, byte[][] labels) : ColumnDecoder
{
    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var list = (ListVector)target;
        var elements = (BinaryVector)list.Elements;
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
                continue;
            }

            var bits = ValueBytes.LittleEndian(rows.Slice(offset, width));
            if (labels.Length < 64 && bits >> labels.Length != 0)
            {
                CorruptDataException.Throw($"The SET value {bits} has a bit beyond its {labels.Length} labels.");
            }

            for (var i = 0; bits != 0; i++, bits >>= 1)
            {
                if ((bits & 1) != 0)
                {
                    elements.Append(labels[i]);
                }
            }

            list.EndRow();
        }
    }
}

/// <summary>
/// MariaDB's compressed columns: 00 and the value, or 8 &lt;&lt; 4 | 8 if raw deflate | n, n bytes of the length big-endian, the
/// stream. The empty value has no bytes.
/// </summary>
internal sealed class CompressedColumnDecoder(int width, MySqlCharset? charset) : ColumnDecoder
{
    private const int MaxValueBytes = 1 << 30;

    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (BinaryVector)target;
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
                continue;
            }

            var value = Inflate(ValueBytes.Slice(rows, offset, width));
            if (charset is null)
            {
                vector.Append(value);
            }
            else
            {
                charset.Append(value, vector);
            }
        }
    }

    public static ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] == 0)
        {
            return value.IsEmpty ? value : value[1..];
        }

        var lengthBytes = value[0] & 7;
        if (value[0] >> 4 != 8 || lengthBytes is < 1 or > 4 || value.Length < 1 + lengthBytes)
        {
            CorruptDataException.Throw($"A compressed column value begins with 0x{value[0]:X2}.");
        }

        var length = ValueBytes.BigEndian(value.Slice(1, lengthBytes));
        if (length > MaxValueBytes || length / 1100 > (ulong)value.Length)
        {
            CorruptDataException.Throw($"A compressed column value of {value.Length} bytes claims to hold {length}.");
        }

        var inflated = new byte[length];
        try
        {
            var compressed = new MemoryStream(value[(1 + lengthBytes)..].ToArray());
            using Stream stream = (value[0] & 8) != 0
                ? new DeflateStream(compressed, CompressionMode.Decompress)
                : new ZLibStream(compressed, CompressionMode.Decompress);
            stream.ReadExactly(inflated);
            return inflated;
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw new CorruptDataException("A compressed column value cannot be decompressed.", innerException: cause);
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// MySQL's binary JSON (5.7 and later) as the text that the server prints: <c>", "</c> and <c>": "</c> between items.
/// <code>
/// type u8, body | object, array: count, size (u16 small, u32 large); object: per key offset, length u16;
/// per value type u8 and offset or inlined value; keys; values. Offsets are relative to the body.
/// </code>
/// </summary>
internal static class JsonBinaryText
{
    private const int MaxDepth = 100;

    /// <summary>Appends the text of a value.</summary>
    /// <exception cref="CorruptDataException">The bytes are no JSON.</exception>
    public static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (bytes.IsEmpty)
        {
            output.Write("null"u8);
            return;
        }

        WriteValue(bytes[0], bytes[1..], output, 0);
    }

    private static void WriteValue(byte type, ReadOnlySpan<byte> body, IBufferWriter<byte> output, int depth)
    {
        switch (type)
        {
            case <= 3:
                WriteContainer(body, isLarge: (type & 1) != 0, isArray: type >= 2, output, depth);
                break;
            case 4:
                WriteLiteral(At(body, 0, 1)[0], output);
                break;
            case 5:
                WriteNumber(BinaryPrimitives.ReadInt16LittleEndian(At(body, 0, 2)), output);
                break;
            case 6:
                WriteNumber(BinaryPrimitives.ReadUInt16LittleEndian(At(body, 0, 2)), output);
                break;
            case 7:
                WriteNumber(BinaryPrimitives.ReadInt32LittleEndian(At(body, 0, 4)), output);
                break;
            case 8:
                WriteNumber(BinaryPrimitives.ReadUInt32LittleEndian(At(body, 0, 4)), output);
                break;
            case 9:
                WriteNumber(BinaryPrimitives.ReadInt64LittleEndian(At(body, 0, 8)), output);
                break;
            case 10:
                WriteNumber(BinaryPrimitives.ReadUInt64LittleEndian(At(body, 0, 8)), output);
                break;
            case 11:
                WriteAscii(ServerNumber.Double(BinaryPrimitives.ReadDoubleLittleEndian(At(body, 0, 8)), isJson: true), output);
                break;
            case 12:
                WriteString(Counted(body, 0), output);
                break;
            case 15:
                WriteOpaque(body, output);
                break;
            default:
                CorruptDataException.Throw($"JSON value type {type} is unknown.");
                break;
        }
    }

    private static void WriteContainer(ReadOnlySpan<byte> body, bool isLarge, bool isArray, IBufferWriter<byte> output, int depth)
    {
        if (depth >= MaxDepth)
        {
            CorruptDataException.Throw($"JSON is nested deeper than {MaxDepth}.");
        }

        var width = isLarge ? 4 : 2;
        var count = Number(body, 0, width);
        var size = Number(body, width, width);
        if (size > body.Length || size < 2 * width)
        {
            CorruptDataException.Throw($"A JSON container of {size} bytes does not fit its {body.Length} bytes.");
        }

        body = body[..(int)size];
        var keyEntry = isArray ? 0 : width + 2;
        var valueEntry = 1 + width;
        if (count > (size - (2 * width)) / (keyEntry + valueEntry))
        {
            CorruptDataException.Throw($"A JSON container of {size} bytes cannot have {count} items.");
        }

        var values = (2 * width) + (count * keyEntry);
        output.Write(isArray ? "["u8 : "{"u8);
        for (long i = 0; i < count; i++)
        {
            if (i > 0)
            {
                output.Write(", "u8);
            }

            if (!isArray)
            {
                var key = (2 * width) + (i * keyEntry);
                WriteString(At(body, Number(body, key, width), (int)Number(body, key + width, 2)), output);
                output.Write(": "u8);
            }

            WriteItem(body, values + (i * valueEntry), isLarge, output, depth);
        }

        output.Write(isArray ? "]"u8 : "}"u8);
    }

    private static void WriteItem(ReadOnlySpan<byte> body, long entry, bool isLarge, IBufferWriter<byte> output, int depth)
    {
        var type = At(body, entry, 1)[0];
        var isInlined = type is 4 or 5 or 6 || (isLarge && type is 7 or 8);
        var at = isInlined ? entry + 1 : Number(body, entry + 1, isLarge ? 4 : 2);
        if (at > body.Length)
        {
            CorruptDataException.Throw($"A JSON item stands at byte {at} of {body.Length}.");
        }

        WriteValue(type, body[(int)at..], output, depth + 1);
    }

    /// <summary>Field type u8, length, data of a type that JSON itself does not have.</summary>
    private static void WriteOpaque(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var fieldType = At(body, 0, 1)[0];
        var data = Counted(body, 1);
        switch ((ColumnCode)fieldType)
        {
            case ColumnCode.NewDecimal:
                int precision = At(data, 0, 1)[0];
                int scale = At(data, 1, 1)[0];
                if (precision > 81 || scale > precision || scale > 38)
                {
                    CorruptDataException.Throw($"A DECIMAL({precision},{scale}) in JSON cannot be.");
                }

                WriteAscii(StoredText.Decimal(At(data, 2, WireColumn.DecimalBytes(precision, scale)), precision, scale), output);
                break;
            case ColumnCode.Date or ColumnCode.DateTime or ColumnCode.Timestamp or ColumnCode.Time:
                WriteAscii($"\"{Temporal((ColumnCode)fieldType, BinaryPrimitives.ReadInt64LittleEndian(At(data, 0, 8)))}\"", output);
                break;
            default:
                // The server breaks base64 into lines of 76 characters, and JSON escapes the line end.
                var base64 = Convert.ToBase64String(data, Base64FormattingOptions.InsertLineBreaks);
                var text = base64.Replace("\r\n", "\\n", StringComparison.Ordinal);
                WriteAscii($"\"base64:type{fieldType}:{text}\"", output);
                break;
        }
    }

    /// <summary>Microseconds in the low 24 bits, then the packed date and time; the sign is the whole value's.</summary>
    private static string Temporal(ColumnCode type, long packed)
    {
        var sign = packed < 0 ? "-" : string.Empty;
        packed = Math.Abs(Math.Max(packed, -long.MaxValue));
        var micros = packed & 0xFFFFFF;
        var bits = packed >> 24;
        if (type == ColumnCode.Time)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"{sign}{(bits >> 12) & 1023:00}:{(bits >> 6) & 63:00}:{bits & 63:00}.{micros:000000}");
        }

        var day = bits >> 17;
        var months = day >> 5;
        var date = string.Create(CultureInfo.InvariantCulture, $"{months / 13:0000}-{months % 13:00}-{day & 31:00}");
        return type == ColumnCode.Date
            ? date
            : string.Create(
                CultureInfo.InvariantCulture, $"{date} {(bits >> 12) & 31:00}:{(bits >> 6) & 63:00}:{bits & 63:00}.{micros:000000}");
    }

    private static void WriteString(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (!Utf8.IsValid(text))
        {
            CorruptDataException.Throw("A JSON text is not valid UTF-8.");
        }

        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = 0;
            while (plain < text.Length && text[plain] is >= 32 and not (byte)'"' and not (byte)'\\')
            {
                plain++;
            }

            output.Write(text[..plain]);
            if (plain == text.Length)
            {
                break;
            }

            WriteEscape(text[plain], output);
            text = text[(plain + 1)..];
        }

        output.Write("\""u8);
    }

    private static void WriteEscape(byte character, IBufferWriter<byte> output)
    {
        switch (character)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case 8:
                output.Write("\\b"u8);
                break;
            case 9:
                output.Write("\\t"u8);
                break;
            case 10:
                output.Write("\\n"u8);
                break;
            case 12:
                output.Write("\\f"u8);
                break;
            case 13:
                output.Write("\\r"u8);
                break;
            default:
                WriteAscii($"\\u{(int)character:x4}", output);
                break;
        }
    }

    private static void WriteLiteral(byte literal, IBufferWriter<byte> output)
    {
        switch (literal)
        {
            case 0:
                output.Write("null"u8);
                break;
            case 1:
                output.Write("true"u8);
                break;
            case 2:
                output.Write("false"u8);
                break;
            default:
                CorruptDataException.Throw($"JSON literal {literal} is unknown.");
                break;
        }
    }

    private static void WriteNumber(Int128 value, IBufferWriter<byte> output) =>
        WriteAscii(value.ToString(CultureInfo.InvariantCulture), output);

    private static void WriteAscii(string text, IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(text, output);

    /// <summary>A length in groups of seven bits, lowest first, then that many bytes.</summary>
    private static ReadOnlySpan<byte> Counted(ReadOnlySpan<byte> body, int at)
    {
        ulong length = 0;
        for (var i = 0; i < 5; i++)
        {
            var part = At(body, at + i, 1)[0];
            length |= (ulong)(part & 0x7F) << (7 * i);
            if ((part & 0x80) == 0)
            {
                return At(body, at + i + 1, (long)length);
            }
        }

        CorruptDataException.Throw("A length in JSON has more than five bytes.");
        return default;
    }

    private static long Number(ReadOnlySpan<byte> body, long at, int width) => width == 4
        ? BinaryPrimitives.ReadUInt32LittleEndian(At(body, at, 4))
        : BinaryPrimitives.ReadUInt16LittleEndian(At(body, at, 2));

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> body, long at, long length)
    {
        if (at < 0 || length < 0 || at > body.Length || length > body.Length - at)
        {
            CorruptDataException.Throw($"JSON names {length} bytes at byte {at}; {body.Length} are there.");
        }

        return body.Slice((int)at, (int)length);
    }
}

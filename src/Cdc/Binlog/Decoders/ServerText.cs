using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>Stored values as the text that the server's SELECT gives.</summary>
internal static class ServerText
{
    /// <summary>The conversion for a column.</summary>
    /// <param name="wire">How values are stored.</param>
    /// <param name="source">What they are.</param>
    /// <param name="options">The zone of TIMESTAMP.</param>
    public static ValueConversion ConversionOf(WireColumn wire, MySqlColumnType source, TypeMappingOptions options)
    {
        switch (source.Kind)
        {
            case MySqlTypeKind.Json:
                return JsonBinaryText.Write;
            case MySqlTypeKind.Geometry:
                return GeometryText.Write;
            case MySqlTypeKind.Enum:
                return EnumLabels(source);
            case MySqlTypeKind.Set:
                return SetLabels(source);
            case MySqlTypeKind.Uuid:
                return (value, output) => Ascii(new Guid(Padded(value, 16), bigEndian: true).ToString("D"), output);
            case MySqlTypeKind.Inet4 or MySqlTypeKind.Inet6:
                var addressBytes = source.Kind == MySqlTypeKind.Inet4 ? 4 : 16;
                return (value, output) => Ascii(new IPAddress(Padded(value, addressBytes)).ToString(), output);
            case MySqlTypeKind.Char or MySqlTypeKind.VarChar or MySqlTypeKind.Text or MySqlTypeKind.LongText:
                var charset = ColumnDecoders.CharsetOf(source);
                return (value, output) => Encoding.UTF8.GetBytes(charset.GetString(Plain(wire, value)), output);
            case MySqlTypeKind.Binary or MySqlTypeKind.VarBinary or MySqlTypeKind.Blob or MySqlTypeKind.Vector or MySqlTypeKind.Bit:
                return (value, output) => Ascii(Convert.ToHexString(Plain(wire, value)), output);
            default:
                return (value, output) => Ascii(ScalarText(wire, source, value, options), output);
        }
    }

    /// <summary>The text of a number, date or time.</summary>
    public static string ScalarText(WireColumn wire, MySqlColumnType source, ReadOnlySpan<byte> value, TypeMappingOptions options)
    {
        switch (wire.Code)
        {
            case ColumnCode.Tiny or ColumnCode.Short or ColumnCode.Int24 or ColumnCode.Long or ColumnCode.LongLong:
                return source.IsUnsigned
                    ? ValueBytes.LittleEndian(value).ToString(CultureInfo.InvariantCulture)
                    : ValueBytes.SignedLittleEndian(value).ToString(CultureInfo.InvariantCulture);
            case ColumnCode.Year:
                return value[0] == 0 ? "0000" : (value[0] + 1900).ToString(CultureInfo.InvariantCulture);
            case ColumnCode.Float:
                return ServerNumber.Double(BinaryPrimitives.ReadSingleLittleEndian(value));
            case ColumnCode.Double:
                return ServerNumber.Double(BinaryPrimitives.ReadDoubleLittleEndian(value));
            case ColumnCode.Timestamp2:
                return Timestamp(
                    BinaryPrimitives.ReadUInt32BigEndian(value), ValueBytes.BigEndian(value[4..]), wire.Metadata, options.ServerTimeZone);
            case ColumnCode.Timestamp:
                return Timestamp(BinaryPrimitives.ReadUInt32LittleEndian(value), 0, 0, options.ServerTimeZone);
            case ColumnCode.DateTime:
                var digits = ValueBytes.LittleEndian(value).ToString("D14", CultureInfo.InvariantCulture);
                return digits.Length != 14 ? digits
                    : $"{digits[..4]}-{digits[4..6]}-{digits[6..8]} {digits[8..10]}:{digits[10..12]}:{digits[12..]}";
            case ColumnCode.Time:
                var packed = ValueBytes.SignedLittleEndian(value);
                var size = Math.Abs(packed);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(packed < 0 ? "-" : string.Empty)}{size / 10_000:00}:{size / 100 % 100:00}:{size % 100:00}");
            default:
                return StoredText.Of(wire, value);
        }
    }

    /// <summary>A value without MariaDB's column compression.</summary>
    public static ReadOnlySpan<byte> Plain(WireColumn wire, ReadOnlySpan<byte> value) =>
        wire.Code is ColumnCode.BlobCompressed or ColumnCode.VarCharCompressed ? CompressedColumnDecoder.Inflate(value) : value;

    private static string Timestamp(uint seconds, ulong fraction, int precision, TimeZoneInfo zone)
    {
        if (seconds == 0 && fraction == 0)
        {
            return "0000-00-00 00:00:00" + StoredText.Fraction(0, precision);
        }

        var micros = CivilTime.ToZone(seconds * CivilTime.MicrosPerSecond, zone);
        return DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            + StoredText.Fraction(fraction, precision);
    }

    private static ValueConversion EnumLabels(MySqlColumnType source)
    {
        RequireLabels(source);
        byte[][] labels = [[], .. source.Labels.Select(Encoding.UTF8.GetBytes)];
        return (value, output) =>
        {
            var index = ValueBytes.LittleEndian(value);
            if (index >= (ulong)labels.Length)
            {
                CorruptDataException.Throw($"The ENUM value {index} is beyond its {labels.Length - 1} labels.");
            }

            output.Write(labels[index]);
        };
    }

    private static ValueConversion SetLabels(MySqlColumnType source)
    {
        RequireLabels(source);
        return (value, output) =>
        {
            var bits = ValueBytes.LittleEndian(value);
            var isFirst = true;
            for (var i = 0; bits != 0; i++, bits >>= 1)
            {
                if ((bits & 1) != 0)
                {
                    if (i >= source.Labels.Count)
                    {
                        CorruptDataException.Throw($"A SET value has a bit beyond its {source.Labels.Count} labels.");
                    }

                    Encoding.UTF8.GetBytes((isFirst ? string.Empty : ",") + source.Labels[i], output);
                    isFirst = false;
                }
            }
        };
    }

    private static void RequireLabels(MySqlColumnType source)
    {
        if (source.Labels.Count == 0)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"The log does not tell the labels of {source.Kind}; set binlog_row_metadata=FULL or use the table's schema.");
        }
    }

    private static byte[] Padded(ReadOnlySpan<byte> value, int length)
    {
        var padded = new byte[length];
        value[..Math.Min(length, value.Length)].CopyTo(padded);
        return padded;
    }

    private static void Ascii(string text, IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(text, output);
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace PaimonSharp.Cdc.Binlog.Json;

/// <summary>
/// One JSON object a row change in stored forms: columns by ordinal, text and bytes as {"utf8"} or {"hex"}, floats as {"f"},
/// TIMESTAMP as seconds, ENUM, SET and BIT as integers, JSON as its bytes (docs/cdc.md#raw-rows). Not thread-safe.
/// </summary>
internal sealed class RawRowWriter
{
    private readonly RowLocator _locator = new();
    private int[] _widths = [];

    /// <summary>Writes every change of an event, each with a line end.</summary>
    public void Write(RowsEvent rows, IBufferWriter<byte> output, Utf8JsonWriter json)
    {
        RowsDecoder.RequireFullImage(rows);
        var table = rows.Table!;
        RowsDecoder.WidthsOf(table, ref _widths);
        var widths = _widths.AsSpan(0, table.ColumnCount);
        var images = rows.Kind == RowsKind.Update ? 2 : 1;
        for (var at = 0; at < rows.Rows.Length; at = _locator.Next)
        {
            _locator.Locate(rows.Rows, at, widths);
            if (_locator.Count % images != 0)
            {
                Data.Errors.CorruptDataException.Throw($"An update of {table} ends without the row after it.");
            }

            for (var image = 0; image < _locator.Count; image += images)
            {
                WriteChange(rows, table, image, images, json);
                json.Flush();
                json.Reset();
                output.Write("\n"u8);
            }
        }
    }

    private void WriteChange(RowsEvent rows, TableMap table, int image, int images, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("event", NameOf(rows.Header.Type));
        json.WriteString("table", table.ToString());
        json.WriteStartArray("images");
        for (var i = image; i < image + images; i++)
        {
            json.WriteStartObject();
            for (var column = 0; column < table.ColumnCount; column++)
            {
                json.WritePropertyName(column.ToString(CultureInfo.InvariantCulture));
                var offset = _locator.OffsetsOf(column)[i];
                if (offset < 0)
                {
                    json.WriteNullValue();
                }
                else
                {
                    var value = ValueBytes.Slice(rows.Rows, offset, _widths[column]);
                    WriteValue(table.WireColumns[column], table.Columns[column].Type.IsUnsigned, value, json);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string NameOf(BinlogEventType type) => type switch
    {
        BinlogEventType.WriteRowsV1 => "WRITE_ROWS_V1",
        BinlogEventType.UpdateRowsV1 => "UPDATE_ROWS_V1",
        BinlogEventType.DeleteRowsV1 => "DELETE_ROWS_V1",
        BinlogEventType.WriteRowsV2 => "WRITE_ROWS_V2",
        BinlogEventType.UpdateRowsV2 => "UPDATE_ROWS_V2",
        BinlogEventType.DeleteRowsV2 => "DELETE_ROWS_V2",
        BinlogEventType.MariaWriteRowsCompressedV1 => "MARIA_WRITE_ROWS_COMPRESSED_V1",
        BinlogEventType.MariaUpdateRowsCompressedV1 => "MARIA_UPDATE_ROWS_COMPRESSED_V1",
        BinlogEventType.MariaDeleteRowsCompressedV1 => "MARIA_DELETE_ROWS_COMPRESSED_V1",
        BinlogEventType.MariaWriteRowsCompressedV2 => "MARIA_WRITE_ROWS_COMPRESSED_V2",
        BinlogEventType.MariaUpdateRowsCompressedV2 => "MARIA_UPDATE_ROWS_COMPRESSED_V2",
        _ => "MARIA_DELETE_ROWS_COMPRESSED_V2",
    };

    private static void WriteValue(WireColumn column, bool isUnsigned, ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        switch (column.Code)
        {
            case ColumnCode.Tiny or ColumnCode.Short or ColumnCode.Int24 or ColumnCode.Long or ColumnCode.LongLong when !isUnsigned:
                json.WriteNumberValue(ValueBytes.SignedLittleEndian(value));
                break;
            case ColumnCode.Tiny or ColumnCode.Short or ColumnCode.Int24 or ColumnCode.Long or ColumnCode.LongLong
                or ColumnCode.Enum or ColumnCode.Set or ColumnCode.DateTime or ColumnCode.Timestamp:
                json.WriteNumberValue(ValueBytes.LittleEndian(value));
                break;
            case ColumnCode.Time:
                json.WriteNumberValue(ValueBytes.SignedLittleEndian(value));
                break;
            case ColumnCode.Bit:
                json.WriteNumberValue(ValueBytes.BigEndian(value));
                break;
            case ColumnCode.Year:
                json.WriteNumberValue(value[0] == 0 ? 0 : value[0] + 1900);
                break;
            case ColumnCode.Float or ColumnCode.Double:
                var number = column.Code == ColumnCode.Float
                    ? System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(value)
                    : System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(value);
                json.WriteStartObject();
                json.WriteString("f", FloatText(number));
                json.WriteEndObject();
                break;
            case ColumnCode.NewDecimal or ColumnCode.Date or ColumnCode.Time2 or ColumnCode.DateTime2 or ColumnCode.Timestamp2:
                json.WriteStringValue(StoredText.Of(column, value));
                break;
            default:
                WriteBytes(column, value, json);
                break;
        }
    }

    private static void WriteBytes(WireColumn column, ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var isText = column.Code is not (ColumnCode.Json or ColumnCode.Geometry or ColumnCode.Vector)
            && value.IndexOfAnyInRange((byte)0, (byte)31) < 0 && Utf8.IsValid(value);
        json.WriteStartObject();
        if (isText)
        {
            json.WriteString("utf8", value);
        }
        else
        {
            json.WriteString("hex", Convert.ToHexStringLower(value));
        }

        json.WriteEndObject();
    }

    /// <summary>The shortest digits that give the number back; an exponent from 16 digits on, and always a point or exponent.</summary>
    private static string FloatText(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        if (size is 0 or (>= 1e-4 and < 1e16))
        {
            text = text.Contains('E', StringComparison.Ordinal) ? Plain(text) : text;
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        }

        return double.IsFinite(value) ? Exponential(text) : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    private static string Plain(string text) =>
        decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static string Exponential(string text)
    {
        var sign = text.StartsWith('-') ? "-" : string.Empty;
        text = text[sign.Length..];
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = at < 0 ? text : text[..at];
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        exponent += (point < 0 ? digits.Length : point) - 1;
        digits = digits.Replace(".", string.Empty, StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent -= leading;
        digits = digits[leading..].TrimEnd('0');
        var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}

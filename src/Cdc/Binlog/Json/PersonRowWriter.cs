using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using PaimonSharp.Cdc.Binlog.Decoders;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog.Json;

/// <summary>
/// One JSON object a row change as a person wants it: table, kind, position, GTID, and the rows by column name (by
/// <c>@1</c>, <c>@2</c> … where the log has no names); JSON as text, times as times, labels where the log has them. Not
/// thread-safe.
/// </summary>
internal sealed class PersonRowWriter
{
    private readonly RowLocator _locator = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Dictionary<TableMap, ValueConversion?[]> _conversions = [];
    private int[] _widths = [];

    /// <summary>Writes every change of an event, each with a line end.</summary>
    public void Write(RowsEvent rows, string file, string gtid, IBufferWriter<byte> output, Utf8JsonWriter json)
    {
        RowsDecoder.RequireFullImage(rows);
        var table = rows.Table!;
        RowsDecoder.WidthsOf(table, ref _widths);
        var images = rows.Kind == RowsKind.Update ? 2 : 1;
        for (var at = 0; at < rows.Rows.Length; at = _locator.Next)
        {
            _locator.Locate(rows.Rows, at, _widths.AsSpan(0, table.ColumnCount));
            if (_locator.Count % images != 0)
            {
                CorruptDataException.Throw($"An update of {table} ends without the row after it.");
            }

            for (var image = 0; image < _locator.Count; image += images)
            {
                json.WriteStartObject();
                json.WriteString("table", table.ToString());
                json.WriteString("kind", rows.Kind switch { RowsKind.Write => "insert", RowsKind.Update => "update", _ => "delete" });
                json.WriteString("position", new BinlogPosition(file, rows.Start).ToString());
                if (gtid.Length > 0)
                {
                    json.WriteString("gtid", gtid);
                }

                if (rows.Kind == RowsKind.Write)
                {
                    WriteImage("after"u8, rows, table, image, json);
                }
                else
                {
                    WriteImage("before"u8, rows, table, image, json);
                    if (images == 2)
                    {
                        WriteImage("after"u8, rows, table, image + 1, json);
                    }
                }

                json.WriteEndObject();
                json.Flush();
                json.Reset();
                output.Write("\n"u8);
            }
        }
    }

    private void WriteImage(ReadOnlySpan<byte> name, RowsEvent rows, TableMap table, int image, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        var conversions = ConversionsOf(table);
        for (var column = 0; column < table.ColumnCount; column++)
        {
            json.WritePropertyName(table.Columns[column].Name);
            var offset = _locator.OffsetsOf(column)[image];
            if (offset < 0)
            {
                json.WriteNullValue();
                continue;
            }

            var value = ValueBytes.Slice(rows.Rows, offset, _widths[column]);
            WriteValue(table.WireColumns[column], table.Columns[column].Type, conversions[column], value, json);
        }

        json.WriteEndObject();
    }

    private void WriteValue(
        WireColumn wire, MySqlColumnType type, ValueConversion? conversion, ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        switch (type.Kind)
        {
            case <= MySqlTypeKind.BigInt when type.IsUnsigned:
                json.WriteNumberValue(ValueBytes.LittleEndian(value));
                return;
            case <= MySqlTypeKind.BigInt:
                json.WriteNumberValue(ValueBytes.SignedLittleEndian(value));
                return;
            case MySqlTypeKind.Float when float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(value)):
                json.WriteNumberValue(BinaryPrimitives.ReadSingleLittleEndian(value));
                return;
            case MySqlTypeKind.Double when double.IsFinite(BinaryPrimitives.ReadDoubleLittleEndian(value)):
                json.WriteNumberValue(BinaryPrimitives.ReadDoubleLittleEndian(value));
                return;
            case MySqlTypeKind.Bit:
                json.WriteNumberValue(ValueBytes.BigEndian(value));
                return;
            case MySqlTypeKind.Enum or MySqlTypeKind.Set when conversion is null:
                json.WriteNumberValue(ValueBytes.LittleEndian(value));
                return;
            default:
                break;
        }

        if (conversion is not null)
        {
            _text.ResetWrittenCount();
            conversion(value, _text);
            json.WriteStringValue(_text.WrittenSpan);
            return;
        }

        WritePlainBytes(ServerText.Plain(wire, value), json);
    }

    private static void WritePlainBytes(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteStringValue(bytes);
        }
        else
        {
            json.WriteStringValue("0x" + Convert.ToHexString(bytes));
        }
    }

    /// <summary>Without a known character set or labels there is no conversion, and the stored form is shown.</summary>
    private ValueConversion?[] ConversionsOf(TableMap table)
    {
        if (_conversions.TryGetValue(table, out var conversions))
        {
            return conversions;
        }

        if (_conversions.Count > 1024)
        {
            _conversions.Clear();
        }

        conversions = new ValueConversion?[table.ColumnCount];
        for (var i = 0; i < conversions.Length; i++)
        {
            var type = table.Columns[i].Type;
            var isBytes = type.Kind is MySqlTypeKind.Binary or MySqlTypeKind.VarBinary or MySqlTypeKind.Blob or MySqlTypeKind.Vector;
            var isText = type.Kind is MySqlTypeKind.Char or MySqlTypeKind.VarChar or MySqlTypeKind.Text or MySqlTypeKind.LongText;
            var isUnknown = isText && type.CollationId == 0;
            var hasNoLabels = type.Kind is MySqlTypeKind.Enum or MySqlTypeKind.Set && type.Labels.Count == 0;
            conversions[i] = isBytes || isUnknown || hasNoLabels || type.Kind == MySqlTypeKind.Bit
                ? null
                : ServerText.ConversionOf(table.WireColumns[i], type, TypeMappingOptions.Default);
        }

        _conversions.Add(table, conversions);
        return conversions;
    }
}

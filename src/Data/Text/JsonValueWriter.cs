using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>
/// Writes values as JSON: numbers as numbers (FLOAT as its shortest decimal), NaN and infinities as texts, DECIMAL as a text
/// of full scale, DATE <c>YYYY-MM-DD</c>, TIME <c>HH:MM:SS.mmm</c>, TIMESTAMP(p) <c>YYYY-MM-DDTHH:MM:SS.p</c> (with
/// <c>Z</c> for the local-zone form), binary <c>{"$hex":"00ff"}</c>, ARRAY a list, MAP and MULTISET a list of pairs sorted by
/// their JSON text, ROW an object, NULL null.
/// </summary>
public static class JsonValueWriter
{
    /// <summary>Options for one JSON object a line whose texts stay readable.</summary>
    public static JsonWriterOptions LineOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = false,
        SkipValidation = true,
    };

    /// <summary>Writes a row as an object of its columns.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="row">0 to <see cref="ColumnBatch.RowCount"/> - 1.</param>
    public static void WriteRow(Utf8JsonWriter writer, ColumnBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(batch);
        writer.WriteStartObject();
        WriteMembers(writer, batch, row);
        writer.WriteEndObject();
    }

    /// <summary>Writes a row's columns as members of the object that is open.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="row">0 to <see cref="ColumnBatch.RowCount"/> - 1.</param>
    public static void WriteMembers(Utf8JsonWriter writer, ColumnBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            writer.WritePropertyName(batch.RowType.Fields[i].Name);
            Write(writer, batch.Columns[i], row);
        }
    }

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="column">The column.</param>
    /// <param name="row">0 to Length - 1.</param>
    public static void Write(Utf8JsonWriter writer, ColumnVector column, int row)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(column);
        if (column.IsNull(row))
        {
            writer.WriteNullValue();
            return;
        }

        switch (column)
        {
            case BooleanVector booleans:
                writer.WriteBooleanValue(booleans[row]);
                break;
            case FixedVector<sbyte> bytes:
                writer.WriteNumberValue(bytes.Values[row]);
                break;
            case FixedVector<short> shorts:
                writer.WriteNumberValue(shorts.Values[row]);
                break;
            case FixedVector<int> { Type.Root: TypeRoot.Int } ints:
                writer.WriteNumberValue(ints.Values[row]);
                break;
            case FixedVector<long> { Type.Root: TypeRoot.BigInt } longs:
                writer.WriteNumberValue(longs.Values[row]);
                break;
            case FixedVector<float> floats:
                WriteFloat(writer, floats.Values[row]);
                break;
            case FixedVector<double> doubles:
                WriteDouble(writer, doubles.Values[row]);
                break;
            case BinaryVector { Type.Root: TypeRoot.Char or TypeRoot.VarChar } texts:
                WriteText(writer, texts[row]);
                break;
            case BinaryVector binary:
                writer.WriteStartObject();
                writer.WriteString("$hex", Convert.ToHexStringLower(binary[row]));
                writer.WriteEndObject();
                break;
            case ListVector or MapVector or StructVector:
                WriteNested(writer, column, row);
                break;
            default:
                Span<byte> utf8 = stackalloc byte[TemporalText.MaxBytes];
                writer.WriteStringValue(utf8[..ValueText.FormatNumberOrTime(column, row, 'T', utf8)]);
                break;
        }
    }

    private static void WriteNested(Utf8JsonWriter writer, ColumnVector column, int row)
    {
        switch (column)
        {
            case ListVector list:
                writer.WriteStartArray();
                for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
                {
                    Write(writer, list.Elements, i);
                }

                writer.WriteEndArray();
                break;
            case MapVector map:
                writer.WriteStartArray();
                foreach (var pair in SortedPairs(map, row))
                {
                    writer.WriteRawValue(pair, skipInputValidation: true);
                }

                writer.WriteEndArray();
                break;
            case StructVector structure:
                var fields = ((RowType)structure.Type).Fields;
                writer.WriteStartObject();
                for (var i = 0; i < fields.Count; i++)
                {
                    writer.WritePropertyName(fields[i].Name);
                    Write(writer, structure.Children[i], row);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static string[] SortedPairs(MapVector map, int row)
    {
        var start = map.Offsets[row];
        var pairs = new string[map.Offsets[row + 1] - start];
        var buffer = new ArrayBufferWriter<byte>();
        for (var i = 0; i < pairs.Length; i++)
        {
            buffer.Clear();
            using var writer = new Utf8JsonWriter(buffer, LineOptions);
            writer.WriteStartArray();
            Write(writer, map.Keys, start + i);
            Write(writer, map.MapValues, start + i);
            writer.WriteEndArray();
            writer.Flush();
            pairs[i] = Encoding.UTF8.GetString(buffer.WrittenSpan);
        }

        Array.Sort(pairs, StringComparer.Ordinal);
        return pairs;
    }

    // Bytes that are no UTF-8 are shown with replacement characters instead of failing the whole row.
    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8)
    {
        if (System.Text.Unicode.Utf8.IsValid(utf8))
        {
            writer.WriteStringValue(utf8);
        }
        else
        {
            writer.WriteStringValue(Encoding.UTF8.GetString(utf8));
        }
    }

    private static void WriteFloat(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value) && !IsNegativeZero(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            WriteDouble(writer, value);
        }
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            if (IsNegativeZero(value))
            {
                writer.WriteRawValue("-0.0"u8, skipInputValidation: true);
                return;
            }

            writer.WriteNumberValue(value);
            return;
        }

        writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>Values as texts for people: what a table on a terminal shows. Nested values are shown as JSON.</summary>
public static class ValueText
{
    /// <summary>The text of a value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">0 to Length - 1.</param>
    /// <param name="nullText">What stands for NULL.</param>
    public static string Format(ColumnVector column, int row, string nullText = "NULL")
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.IsNull(row) ? nullText : column switch
        {
            BooleanVector booleans => booleans[row] ? "true" : "false",
            FixedVector<sbyte> bytes => bytes.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<short> shorts => shorts.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<int> { Type.Root: TypeRoot.Int } ints => ints.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<long> { Type.Root: TypeRoot.BigInt } longs => longs.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<float> floats => floats.Values[row].ToString("R", CultureInfo.InvariantCulture),
            FixedVector<double> doubles => doubles.Values[row].ToString("R", CultureInfo.InvariantCulture),
            BinaryVector { Type.Root: TypeRoot.Char or TypeRoot.VarChar } texts => Encoding.UTF8.GetString(texts[row]),
            BinaryVector binary => "0x" + Convert.ToHexStringLower(binary[row]),
            ListVector or MapVector or StructVector => FormatJson(column, row),
            _ => FormatTime(column, row, ' '),
        };
    }

    /// <summary>Writes a DECIMAL, DATE, TIME or TIMESTAMP that is not NULL.</summary>
    internal static int FormatNumberOrTime(ColumnVector column, int row, char separator, Span<byte> utf8)
    {
        switch (column)
        {
            case FixedVector<long> { Type: DecimalType type } decimals:
                return DecimalText.Format(decimals.Values[row], type.Scale, utf8);
            case FixedVector<Int128> { Type: DecimalType type } decimals:
                return DecimalText.Format(decimals.Values[row], type.Scale, utf8);
            case FixedVector<int> { Type.Root: TypeRoot.Date } dates:
                return TemporalText.FormatDate(dates.Values[row], utf8);
            case FixedVector<int> { Type.Root: TypeRoot.Time } times:
                return TemporalText.FormatTime(times.Values[row], utf8);
            default:
                var precision = ((TemporalType)column.Type).Precision;
                var length = TemporalText.FormatTimestamp(TimestampColumn.Get(column, row), precision, separator, utf8);
                if (column.Type.Root == TypeRoot.TimestampLtz)
                {
                    utf8[length++] = (byte)'Z';
                }

                return length;
        }
    }

    /// <summary>The text of a DECIMAL, DATE, TIME or TIMESTAMP that is not NULL.</summary>
    internal static string FormatTime(ColumnVector column, int row, char separator)
    {
        Span<byte> utf8 = stackalloc byte[TemporalText.MaxBytes];
        return Encoding.ASCII.GetString(utf8[..FormatNumberOrTime(column, row, separator, utf8)]);
    }

    private static string FormatJson(ColumnVector column, int row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, JsonValueWriter.LineOptions);
        JsonValueWriter.Write(writer, column, row);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

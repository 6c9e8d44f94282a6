using System.Collections;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>
/// Appends CLR values to column vectors, with checks of type and range: the edge where applications hand rows in. Code that
/// has many rows appends to the vectors themselves.
/// </summary>
/// <remarks>
/// Taken are: bool; every integer type; float and double; decimal and <see cref="Int128"/> (a whole number); string, char[]
/// and UTF-8 byte[]; DateOnly and DateTime; TimeOnly and TimeSpan; DateTime (its clock reading for TIMESTAMP, its instant for
/// the local-zone form), DateTimeOffset; sequences for ARRAY; dictionaries, sequences of pairs for MAP and MULTISET;
/// object?[] for ROW; and for every scalar type its text. NULL is null or <see cref="DBNull"/>.
/// </remarks>
public static class ValueAppender
{
    /// <summary>Appends a value.</summary>
    /// <param name="column">Where to.</param>
    /// <param name="value">The value; null for NULL.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the column does not take such a value, or not this large. The column has no new row then.
    /// </exception>
    public static void Append(ColumnVector column, object? value)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (value is null or DBNull)
        {
            if (!column.Type.IsNullable)
            {
                PaimonException.ThrowInvalid($"NULL is no value of {column.Type}.");
            }

            column.AppendNull();
            return;
        }

        var length = column.Length;
        try
        {
            AppendValue(column, value);
        }
        catch (PaimonException)
        {
            Rewind(column, length);
            throw;
        }
    }

    /// <summary>Removes the part of a nested value that was appended before an error.</summary>
    internal static void Rewind(ColumnVector column, int length) => column.Truncate(length);

    private static void AppendValue(ColumnVector column, object value)
    {
        switch (column)
        {
            case FixedVector<long> { Type: DecimalType } or FixedVector<Int128>:
                ValueConversions.AppendDecimal(column, (DecimalType)column.Type, value);
                break;
            case FixedVector<int> { Type.Root: TypeRoot.Date } dates:
                dates.Append(ValueConversions.ToEpochDay(dates.Type, value));
                break;
            case FixedVector<int> { Type.Root: TypeRoot.Time } times:
                times.Append(ValueConversions.ToMillisOfDay(times.Type, value));
                break;
            case FixedVector<long> { Type: TemporalType } or FixedVector<NanoTimestamp>:
                TimestampColumn.Append(column, ValueConversions.ToTimestamp(column.Type, value));
                break;
            case FixedVector<sbyte> bytes:
                bytes.Append((sbyte)ValueConversions.ToInteger(bytes.Type, value, sbyte.MinValue, sbyte.MaxValue));
                break;
            case FixedVector<short> shorts:
                shorts.Append((short)ValueConversions.ToInteger(shorts.Type, value, short.MinValue, short.MaxValue));
                break;
            case FixedVector<int> ints:
                ints.Append((int)ValueConversions.ToInteger(ints.Type, value, int.MinValue, int.MaxValue));
                break;
            case FixedVector<long> longs:
                longs.Append((long)ValueConversions.ToInteger(longs.Type, value, long.MinValue, long.MaxValue));
                break;
            case FixedVector<float> floats:
                floats.Append((float)ValueConversions.ToFloating(floats.Type, value));
                break;
            case FixedVector<double> doubles:
                doubles.Append(ValueConversions.ToFloating(doubles.Type, value));
                break;
            case BooleanVector booleans:
                booleans.Append(ValueConversions.ToBoolean(booleans.Type, value));
                break;
            case BinaryVector binary:
                ValueConversions.AppendBytes(binary, value);
                break;
            default:
                AppendNested(column, value);
                break;
        }
    }

    private static void AppendNested(ColumnVector column, object value)
    {
        if (value is string || value is not IEnumerable items)
        {
            throw ValueConversions.Refuse(column.Type, value);
        }

        switch (column)
        {
            case ListVector list:
                foreach (var item in items)
                {
                    Append(list.Elements, item);
                }

                list.EndRow();
                break;
            case MapVector map:
                AppendMap(map, items);
                break;
            case StructVector structure:
                AppendRow(structure, items);
                break;
            default:
                throw ValueConversions.Refuse(column.Type, value);
        }
    }

    private static void AppendMap(MapVector map, IEnumerable items)
    {
        if (items is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                Append(map.Keys, entry.Key);
                Append(map.MapValues, entry.Value);
            }
        }
        else
        {
            foreach (var item in items)
            {
                if (item is not KeyValuePair<object, object?> pair)
                {
                    throw new PaimonException(
                        ErrorKind.Invalid,
                        $"{map.Type} takes a dictionary or KeyValuePair<object, object?> items; found {item?.GetType().Name ?? "null"}.");
                }

                Append(map.Keys, pair.Key);
                Append(map.MapValues, pair.Value);
            }
        }

        map.EndRow();
    }

    private static void AppendRow(StructVector structure, IEnumerable items)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (index == structure.Children.Count)
            {
                PaimonException.ThrowInvalid($"{structure.Type} takes {structure.Children.Count} values; there are more.");
            }

            Append(structure.Children[index++], item);
        }

        if (index < structure.Children.Count)
        {
            PaimonException.ThrowInvalid($"{structure.Type} takes {structure.Children.Count} values; there are {index}.");
        }

        structure.EndRow();
    }
}

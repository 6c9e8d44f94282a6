using System.Globalization;
using System.Text.Json;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Testing;

/// <summary>Values of the golden collection's JSON conventions, into column vectors.</summary>
public static class GoldenValues
{
    /// <summary>A row type of columns c0, c1, ... of the types of a JSON array.</summary>
    public static RowType RowTypeOf(JsonElement types) => new(
        [.. types.EnumerateArray().Select((type, i) => new DataField(i, $"c{i}", DataTypeJson.Read(type)))]);

    /// <summary>Vectors of one row.</summary>
    public static ColumnVector[] ToColumns(RowType rowType, JsonElement values)
    {
        var columns = rowType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
        var i = 0;
        foreach (var value in values.EnumerateArray())
        {
            Append(columns[i++], value);
        }

        return columns;
    }

    /// <summary>Appends a value.</summary>
    public static void Append(ColumnVector column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            column.AppendNull();
            return;
        }

        switch (column)
        {
            case ListVector list:
                foreach (var item in value.EnumerateArray())
                {
                    Append(list.Elements, item);
                }

                list.EndRow();
                break;
            case MapVector map:
                foreach (var pair in value.EnumerateArray())
                {
                    Append(map.Keys, pair[0]);
                    Append(map.MapValues, pair[1]);
                }

                map.EndRow();
                break;
            case StructVector structure:
                var fields = ((RowType)structure.Type).Fields;
                for (var i = 0; i < fields.Count; i++)
                {
                    Append(structure.Children[i], value.GetProperty(fields[i].Name));
                }

                structure.EndRow();
                break;
            case FixedVector<float> floats:
                floats.Append(value.ValueKind == JsonValueKind.String ? (float)Special(value.GetString()!) : value.GetSingle());
                break;
            case FixedVector<double> doubles:
                doubles.Append(value.ValueKind == JsonValueKind.String ? Special(value.GetString()!) : value.GetDouble());
                break;
            default:
                ValueAppender.Append(column, value.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number => value.GetInt64(),
                    JsonValueKind.Object => Convert.FromHexString(value.GetProperty("$hex").GetString()!),
                    _ => value.GetString(),
                });
                break;
        }
    }

    private static double Special(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}

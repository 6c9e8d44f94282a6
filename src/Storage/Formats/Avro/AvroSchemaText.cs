using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// The schema text of a data file (docs/format.md#avro-types): nullable types are unions with null first, and nested records
/// are named after the fields that lead to them.
/// </summary>
internal static class AvroSchemaText
{
    private const string Namespace = "org.apache.paimon.avro.generated";

    /// <summary>The schema of a file of rows.</summary>
    /// <exception cref="PaimonException">Unsupported: a column that Avro cannot hold, by name.</exception>
    public static string Of(RowType rowType)
    {
        var text = new StringBuilder();
        AppendRecord(text, rowType, "record", Namespace);
        return text.ToString();
    }

    private static void AppendRecord(StringBuilder text, RowType type, string name, string? space)
    {
        text.Append($$"""{"type":"record","name":"{{name}}",""");
        if (space is not null)
        {
            text.Append($"\"namespace\":\"{space}\",");
        }

        text.Append("\"fields\":[");
        for (var i = 0; i < type.Fields.Count; i++)
        {
            var field = type.Fields[i];
            CheckName(field.Name);
            text.Append(i == 0 ? string.Empty : ",").Append($$"""{"name":"{{field.Name}}","type":""");
            Append(text, field.Type, $"{name}_{field.Name}");
            text.Append(field.Type.IsNullable ? ",\"default\":null}" : "}");
        }

        text.Append("]}");
    }

    private static void Append(StringBuilder text, DataType type, string name)
    {
        if (type.IsNullable)
        {
            text.Append("[\"null\",");
            AppendValue(text, type, name);
            text.Append(']');
        }
        else
        {
            AppendValue(text, type, name);
        }
    }

    private static void AppendValue(StringBuilder text, DataType type, string name)
    {
        switch (type)
        {
            case RowType row:
                AppendRecord(text, row, name, null);
                break;
            case ArrayType array:
                text.Append("{\"type\":\"array\",\"items\":");
                Append(text, array.Element, name);
                text.Append('}');
                break;
            case MapType map:
                AppendMap(text, map.Key, map.Value, name);
                break;
            case MultisetType multiset:
                // The counts of a multiset of texts are written as nullable, those of others are not.
                AppendMap(text, multiset.Element, IsText(multiset.Element) ? DataTypes.Int : DataTypes.Int.NotNull(), name);
                break;
            default:
                text.Append(Scalar(type));
                break;
        }
    }

    private static void AppendMap(StringBuilder text, DataType key, DataType value, string name)
    {
        if (IsText(key))
        {
            text.Append("{\"type\":\"map\",\"values\":");
            Append(text, value, name);
            text.Append('}');
            return;
        }

        text.Append($$"""{"type":"array","items":{"type":"record","name":"{{name}}","fields":[{"name":"key","type":""");
        Append(text, key, $"{name}_key");
        text.Append(key.IsNullable ? ",\"default\":null}" : "}").Append(",{\"name\":\"value\",\"type\":");
        Append(text, value, $"{name}_value");
        text.Append(value.IsNullable ? ",\"default\":null}" : "}").Append("]},\"logicalType\":\"map\"}");
    }

    /// <summary>True for a type whose maps are Avro maps.</summary>
    public static bool IsText(DataType type) => type.Root is TypeRoot.Char or TypeRoot.VarChar;

    private static string Scalar(DataType type) => type switch
    {
        DecimalType d => $$"""{"type":"bytes","logicalType":"decimal","precision":{{d.Precision}},"scale":{{d.Scale}}}""",
        TemporalType { Root: TypeRoot.Time, Precision: <= 3 } => Logical("int", "time-millis"),
        TemporalType { Root: TypeRoot.Timestamp, Precision: <= 3 } => Logical("long", "timestamp-millis"),
        TemporalType { Root: TypeRoot.Timestamp, Precision: <= 6 } => Logical("long", "timestamp-micros"),
        TemporalType { Root: TypeRoot.TimestampLtz, Precision: <= 3 } => Logical("long", "local-timestamp-millis"),
        TemporalType { Root: TypeRoot.TimestampLtz, Precision: <= 6 } => Logical("long", "local-timestamp-micros"),
        { Root: TypeRoot.Date } => Logical("int", "date"),
        { Root: TypeRoot.Boolean } => "\"boolean\"",
        { Root: TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int } => "\"int\"",
        { Root: TypeRoot.BigInt } => "\"long\"",
        { Root: TypeRoot.Float } => "\"float\"",
        { Root: TypeRoot.Double } => "\"double\"",
        { Root: TypeRoot.Char or TypeRoot.VarChar } => "\"string\"",
        { Root: TypeRoot.Binary or TypeRoot.VarBinary } => "\"bytes\"",
        TemporalType => throw new PaimonException(
            ErrorKind.Invalid, $"Avro files cannot hold columns of type {type}, in Paimon neither; use parquet."),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Avro files cannot hold columns of type {type}; use parquet."),
    };

    private static string Logical(string type, string logicalType) =>
        $$"""{"type":"{{type}}","logicalType":"{{logicalType}}"}""";

    private static void CheckName(string name)
    {
        var valid = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterOrDigit(c) || c == '_';
        }

        if (!valid)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"Avro files cannot hold the column '{name}': names are letters, digits and '_'. Use parquet.");
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Schema;

/// <summary>The Parquet schema that Paimon gives to a row type (docs/format.md#parquet).</summary>
internal static class PaimonSchema
{
    private const string RootName = "paimon_schema";

    /// <summary>Where the ids of list elements, map keys and map values begin: half of the largest id of a field.</summary>
    private const int NestedIdBase = 536870911;
    private const int NestedIdsPerField = 1024;

    /// <summary>The schema's nodes depth first, the root first.</summary>
    public static IReadOnlyList<SchemaElement> Build(RowType rowType)
    {
        var elements = new List<SchemaElement>
        {
            new(RootName) { ChildCount = rowType.Fields.Count },
        };
        foreach (var field in rowType.Fields)
        {
            Add(elements, field.Name, field.Type, field.Id, field.Id, 0);
        }

        return elements;
    }

    /// <summary>The bytes of the two's complement of a decimal's unscaled value.</summary>
    public static int DecimalBytes(int precision)
    {
        var limit = (UInt128)1;
        for (var i = 0; i < precision; i++)
        {
            limit *= 10;
        }

        var bytes = 1;
        while ((UInt128)1 << ((8 * bytes) - 1) < limit)
        {
            bytes++;
        }

        return bytes;
    }

    private static void Add(List<SchemaElement> elements, string name, DataType type, int id, int fieldId, int depth)
    {
        var element = new SchemaElement(name)
        {
            Repetition = type.IsNullable ? Repetition.Optional : Repetition.Required,
            FieldId = id,
        };
        switch (type)
        {
            case ArrayType array:
                elements.Add(Group(element, 1, ConvertedType.List, LogicalKind.List));
                elements.Add(new SchemaElement("list") { Repetition = Repetition.Repeated, ChildCount = 1 });
                Add(elements, "element", array.Element, NestedId(fieldId, depth + 1), fieldId, depth + 1);
                break;
            case MapType map:
                AddMap(elements, element, map.Key, map.Value, fieldId, depth + 1);
                break;
            case MultisetType multiset:
                AddMap(elements, element, multiset.Element, DataTypes.Int.NotNull(), fieldId, depth + 1);
                break;
            case RowType row:
                elements.Add(element with { ChildCount = row.Fields.Count });
                foreach (var field in row.Fields)
                {
                    Add(elements, field.Name, field.Type, field.Id, field.Id, 0);
                }

                break;
            default:
                elements.Add(Leaf(element, type));
                break;
        }
    }

    private static void AddMap(
        List<SchemaElement> elements, SchemaElement element, DataType key, DataType value, int fieldId, int depth)
    {
        elements.Add(Group(element, 1, ConvertedType.Map, LogicalKind.Map));
        elements.Add(new SchemaElement("key_value")
        {
            Repetition = Repetition.Repeated,
            ChildCount = 2,
            Converted = ConvertedType.MapKeyValue,
        });
        Add(elements, "key", key.NotNull(), unchecked(NestedIdBase - (NestedIdsPerField * fieldId) - depth), fieldId, depth);
        Add(elements, "value", value, NestedId(fieldId, depth), fieldId, depth);
    }

    private static int NestedId(int fieldId, int depth) => unchecked(NestedIdBase + (NestedIdsPerField * fieldId) + depth);

    private static SchemaElement Group(SchemaElement element, int children, ConvertedType converted, LogicalKind kind) =>
        element with { ChildCount = children, Converted = converted, Logical = new LogicalAnnotation(kind) };

    private static SchemaElement Leaf(SchemaElement element, DataType type) => type switch
    {
        DecimalType decimalType => Decimal(element, decimalType),
        TemporalType temporal => Temporal(element, temporal),
        _ => Simple(element, type),
    };

    private static SchemaElement Simple(SchemaElement element, DataType type) => type.Root switch
    {
        TypeRoot.Boolean => element with { Type = PhysicalType.Boolean },
        TypeRoot.TinyInt => Integer(element, ConvertedType.Int8, 8),
        TypeRoot.SmallInt => Integer(element, ConvertedType.Int16, 16),
        TypeRoot.Int => element with { Type = PhysicalType.Int32 },
        TypeRoot.BigInt => element with { Type = PhysicalType.Int64 },
        TypeRoot.Float => element with { Type = PhysicalType.Float },
        TypeRoot.Double => element with { Type = PhysicalType.Double },
        TypeRoot.Date => element with
        {
            Type = PhysicalType.Int32,
            Converted = ConvertedType.Date,
            Logical = new LogicalAnnotation(LogicalKind.Date),
        },
        TypeRoot.Char or TypeRoot.VarChar => element with
        {
            Type = PhysicalType.ByteArray,
            Converted = ConvertedType.Utf8,
            Logical = new LogicalAnnotation(LogicalKind.String),
        },
        TypeRoot.Binary or TypeRoot.VarBinary => element with { Type = PhysicalType.ByteArray },
        _ => throw new PaimonException(
            ErrorKind.Unsupported, $"The column '{element.Name}' of type {type} cannot be written to Parquet."),
    };

    private static SchemaElement Integer(SchemaElement element, ConvertedType converted, int bitWidth) => element with
    {
        Type = PhysicalType.Int32,
        Converted = converted,
        Logical = new LogicalAnnotation(LogicalKind.Integer, BitWidth: bitWidth, IsSigned: true),
    };

    private static SchemaElement Decimal(SchemaElement element, DecimalType type) => element with
    {
        Type = type.Precision switch
        {
            <= 9 => PhysicalType.Int32,
            <= 18 => PhysicalType.Int64,
            _ => PhysicalType.FixedLenByteArray,
        },
        TypeLength = type.IsCompact ? 0 : DecimalBytes(type.Precision),
        Converted = ConvertedType.Decimal,
        Precision = type.Precision,
        Scale = type.Scale,
        Logical = new LogicalAnnotation(LogicalKind.Decimal, BitWidth: type.Precision, Scale: type.Scale),
    };

    private static SchemaElement Temporal(SchemaElement element, TemporalType type)
    {
        if (type.Root == TypeRoot.Time)
        {
            return element with
            {
                Type = PhysicalType.Int32,
                Converted = ConvertedType.TimeMillis,
                Logical = new LogicalAnnotation(LogicalKind.Time, TimeUnit.Millis, IsUtc: true),
            };
        }

        if (type.Precision > 6)
        {
            return element with { Type = PhysicalType.Int96 };
        }

        var isMillis = type.Precision <= 3;
        return element with
        {
            Type = PhysicalType.Int64,
            Converted = isMillis ? ConvertedType.TimestampMillis : ConvertedType.TimestampMicros,
            Logical = new LogicalAnnotation(
                LogicalKind.Timestamp,
                isMillis ? TimeUnit.Millis : TimeUnit.Micros,
                IsUtc: type.Root == TypeRoot.TimestampLtz),
        };
    }
}

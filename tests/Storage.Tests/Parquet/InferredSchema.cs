using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Paimon's types back from a Parquet schema, to read files whose table is not at hand.</summary>
internal static class InferredSchema
{
    public static RowType Of(IReadOnlyList<SchemaElement> elements)
    {
        var root = SchemaNode.Build(elements, out _);
        return new RowType([.. root.Children.Select(child => Field(child))]);
    }

    private static DataField Field(SchemaNode node) => new(node.Element.FieldId ?? 0, node.Name, TypeOf(node));

    private static DataType TypeOf(SchemaNode node)
    {
        var type = node.IsLeaf ? Leaf(node.Element) : Group(node);
        return node.Element.Repetition == Repetition.Required ? type.NotNull() : type;
    }

    private static DataType Group(SchemaNode node) => node.Element.Converted switch
    {
        ConvertedType.List => DataTypes.Array(TypeOf(node.Children[0].Children[0])),
        ConvertedType.Map or ConvertedType.MapKeyValue =>
            DataTypes.Map(TypeOf(node.Children[0].Children[0]), TypeOf(node.Children[0].Children[1])),
        _ => new RowType([.. node.Children.Select(Field)]),
    };

    private static DataType Leaf(SchemaElement element) => (element.Type, element.Logical.Kind) switch
    {
        (_, LogicalKind.Decimal) => DataTypes.Decimal(element.Logical.BitWidth, element.Logical.Scale),
        _ when element.Converted == ConvertedType.Decimal => DataTypes.Decimal(element.Precision, element.Scale),
        (PhysicalType.Boolean, _) => DataTypes.Boolean,
        (_, LogicalKind.Date) => DataTypes.Date,
        (_, LogicalKind.Time) => DataTypes.Time(3),
        (_, LogicalKind.Timestamp) => Timestamp(element.Logical.Unit == TimeUnit.Millis ? 3
            : element.Logical.Unit == TimeUnit.Micros ? 6 : 9, element.Logical.IsUtc),
        (PhysicalType.Int96, _) => DataTypes.Timestamp(9),
        (PhysicalType.Int32, LogicalKind.Integer) when element.Logical.IsSigned && element.Logical.BitWidth == 8 =>
            DataTypes.TinyInt,
        (PhysicalType.Int32, LogicalKind.Integer) when element.Logical.IsSigned && element.Logical.BitWidth == 16 =>
            DataTypes.SmallInt,
        (PhysicalType.Int32, LogicalKind.Integer) when !element.Logical.IsSigned => DataTypes.BigInt,
        (PhysicalType.Int64, LogicalKind.Integer) when !element.Logical.IsSigned => DataTypes.Decimal(20, 0),
        (PhysicalType.Int32, _) => DataTypes.Int,
        (PhysicalType.Int64, _) => DataTypes.BigInt,
        (PhysicalType.Float, _) => DataTypes.Float,
        (PhysicalType.Double, _) => DataTypes.Double,
        _ when element.Converted == ConvertedType.Utf8 => DataTypes.String,
        _ => DataTypes.Bytes,
    };

    private static DataType Timestamp(int precision, bool isUtc) =>
        isUtc ? DataTypes.TimestampLtz(precision) : DataTypes.Timestamp(precision);
}

using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Types to try.</summary>
internal static class ParquetTypes
{
    public static IReadOnlyList<DataType> Scalars { get; } =
    [
        DataTypes.Boolean, DataTypes.TinyInt, DataTypes.SmallInt, DataTypes.Int, DataTypes.BigInt, DataTypes.Float,
        DataTypes.Double, DataTypes.Decimal(5, 2), DataTypes.Decimal(18, 3), DataTypes.Decimal(38, 10),
        DataTypes.Decimal(20, 0), DataTypes.Char(10), DataTypes.VarChar(20), DataTypes.String, DataTypes.Binary(5),
        DataTypes.Bytes, DataTypes.Date, DataTypes.Time(3), DataTypes.Timestamp(0), DataTypes.Timestamp(3),
        DataTypes.Timestamp(6), DataTypes.Timestamp(9), DataTypes.TimestampLtz(3), DataTypes.TimestampLtz(6),
        DataTypes.TimestampLtz(9),
    ];

    public static IReadOnlyList<DataType> Nested { get; } =
    [
        DataTypes.Array(DataTypes.String),
        DataTypes.Array(DataTypes.Int.NotNull()),
        DataTypes.Array(DataTypes.Array(DataTypes.BigInt)),
        DataTypes.Map(DataTypes.String, DataTypes.Int),
        DataTypes.Map(DataTypes.Int, DataTypes.Array(DataTypes.String)),
        DataTypes.Multiset(DataTypes.String),
        DataTypes.Row(new DataField(10, "a", DataTypes.Int), new DataField(11, "b", DataTypes.String.NotNull())),
        DataTypes.Array(DataTypes.Row(
            new DataField(20, "x", DataTypes.Map(DataTypes.String, DataTypes.Row(new DataField(21, "y", DataTypes.Double)))),
            new DataField(22, "z", DataTypes.Boolean.NotNull()))),
        DataTypes.Row(new DataField(30, "r", DataTypes.Row(new DataField(31, "l", DataTypes.Array(DataTypes.Date))))),
    ];

    public static IReadOnlyList<DataType> All { get; } =
        [.. Scalars, .. Nested, .. Scalars.Select(type => type.NotNull()), .. Nested.Select(type => type.NotNull())];

    public static RowType RowOf(IEnumerable<DataType> types) =>
        new([.. types.Select((type, i) => new DataField(i, $"c{i}", type))]);
}

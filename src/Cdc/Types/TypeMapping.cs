using PaimonSharp.Data.Types;

namespace PaimonSharp.Cdc.Types;

/// <summary>Which Paimon type a MySQL column gets (docs/cdc.md). The snapshot and the binlog share it.</summary>
public static class TypeMapping
{
    /// <summary>The Paimon type of a column.</summary>
    /// <param name="column">The source's column.</param>
    /// <param name="options">The switches.</param>
    /// <param name="isKey">True for a primary key column, which is never nullable.</param>
    public static DataType ToPaimon(MySqlColumn column, TypeMappingOptions options, bool isKey = false)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(options);
        var type = options.ToText ? DataTypes.String : ToPaimon(column.Type, options);
        return isKey || (!column.IsNullable && !options.ToNullable) ? type.NotNull() : type;
    }

    /// <summary>The expression that a snapshot SELECT uses for a column so that its text leads to the binlog's value.</summary>
    /// <param name="column">The source's column.</param>
    /// <remarks>FLOAT is printed with six digits unless the server computes with it as a DOUBLE.</remarks>
    public static string SnapshotExpression(MySqlColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var name = $"`{column.Name.Replace("`", "``", StringComparison.Ordinal)}`";
        return column.Type.Kind == MySqlTypeKind.Float ? $"({name} * 1e0)" : name;
    }

    private static DataType ToPaimon(MySqlColumnType type, TypeMappingOptions options)
    {
        switch (type.Kind)
        {
            case MySqlTypeKind.TinyInt:
                return type.IsTinyInt1 && !options.TinyInt1NotBool ? DataTypes.Boolean
                    : type.IsUnsigned ? DataTypes.SmallInt : DataTypes.TinyInt;
            case MySqlTypeKind.SmallInt:
                return type.IsUnsigned ? DataTypes.Int : DataTypes.SmallInt;
            case MySqlTypeKind.MediumInt or MySqlTypeKind.Int:
                return type.IsUnsigned ? DataTypes.BigInt : DataTypes.Int;
            case MySqlTypeKind.BigInt:
                return type.IsUnsigned && !options.BigIntUnsignedToBigInt ? DataTypes.Decimal(20, 0) : DataTypes.BigInt;
            case MySqlTypeKind.Year:
                return DataTypes.Int;
            case MySqlTypeKind.Float:
                return DataTypes.Float;
            case MySqlTypeKind.Double:
                return DataTypes.Double;
            case MySqlTypeKind.Decimal:
                return type.Precision > DecimalType.MaxPrecision ? DataTypes.String
                    : type.Precision == 0 ? DataTypes.Decimal(38, 18) : DataTypes.Decimal(type.Precision, type.Scale);
            case MySqlTypeKind.Bit:
                return type.Length <= 1 ? DataTypes.Boolean : DataTypes.Binary((type.Length + 7) / 8);
            case MySqlTypeKind.Date:
                return DataTypes.Date;
            case MySqlTypeKind.Time:
                return type.Scale > 3 || options.TimeToString ? DataTypes.String : DataTypes.Time(type.Scale);
            case MySqlTypeKind.DateTime or MySqlTypeKind.Timestamp:
                return DataTypes.Timestamp(type.Scale);
            default:
                return ToPaimonBytes(type, options);
        }
    }

    private static DataType ToPaimonBytes(MySqlColumnType type, TypeMappingOptions options) => type.Kind switch
    {
        MySqlTypeKind.Char when type.Length > 0 && !options.CharToString => DataTypes.Char(type.Length),
        MySqlTypeKind.VarChar when type.Length > 0 && !options.CharToString => DataTypes.VarChar(type.Length),
        MySqlTypeKind.Binary or MySqlTypeKind.VarBinary => DataTypes.VarBinary(Math.Max(1, type.Length)),
        MySqlTypeKind.LongText when options.LongTextToBytes => DataTypes.Bytes,
        MySqlTypeKind.Blob or MySqlTypeKind.Vector => DataTypes.Bytes,
        MySqlTypeKind.Set => DataTypes.Array(DataTypes.String),
        _ => DataTypes.String,
    };
}

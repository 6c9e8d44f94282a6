namespace PaimonSharp.Data.Types;

/// <summary>Makes data types; all are nullable until <see cref="DataType.NotNull"/> is asked.</summary>
public static class DataTypes
{
    /// <summary>BOOLEAN</summary>
    public static DataType Boolean { get; } = new SimpleType(TypeRoot.Boolean);

    /// <summary>TINYINT</summary>
    public static DataType TinyInt { get; } = new SimpleType(TypeRoot.TinyInt);

    /// <summary>SMALLINT</summary>
    public static DataType SmallInt { get; } = new SimpleType(TypeRoot.SmallInt);

    /// <summary>INT</summary>
    public static DataType Int { get; } = new SimpleType(TypeRoot.Int);

    /// <summary>BIGINT</summary>
    public static DataType BigInt { get; } = new SimpleType(TypeRoot.BigInt);

    /// <summary>FLOAT</summary>
    public static DataType Float { get; } = new SimpleType(TypeRoot.Float);

    /// <summary>DOUBLE</summary>
    public static DataType Double { get; } = new SimpleType(TypeRoot.Double);

    /// <summary>DATE</summary>
    public static DataType Date { get; } = new SimpleType(TypeRoot.Date);

    /// <summary>STRING: VARCHAR of the largest length.</summary>
    public static DataType String { get; } = new LengthType(TypeRoot.VarChar, LengthType.MaxLength);

    /// <summary>BYTES: VARBINARY of the largest length.</summary>
    public static DataType Bytes { get; } = new LengthType(TypeRoot.VarBinary, LengthType.MaxLength);

    /// <summary>CHAR(length)</summary>
    /// <param name="length">Characters, at least 1.</param>
    public static DataType Char(int length) => new LengthType(TypeRoot.Char, CheckLength(length));

    /// <summary>VARCHAR(length)</summary>
    /// <param name="length">Characters, at least 1.</param>
    public static DataType VarChar(int length) => new LengthType(TypeRoot.VarChar, CheckLength(length));

    /// <summary>BINARY(length)</summary>
    /// <param name="length">Bytes, at least 1.</param>
    public static DataType Binary(int length) => new LengthType(TypeRoot.Binary, CheckLength(length));

    /// <summary>VARBINARY(length)</summary>
    /// <param name="length">Bytes, at least 1.</param>
    public static DataType VarBinary(int length) => new LengthType(TypeRoot.VarBinary, CheckLength(length));

    /// <summary>DECIMAL(precision, scale)</summary>
    /// <param name="precision">Digits in all, 1 to 38.</param>
    /// <param name="scale">Digits after the point, 0 to <paramref name="precision"/>.</param>
    public static DataType Decimal(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, DecimalType.MaxPrecision);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new DecimalType(precision, scale);
    }

    /// <summary>TIME(precision)</summary>
    /// <param name="precision">Digits of the fraction of a second, 0 to 9; values hold milliseconds.</param>
    public static DataType Time(int precision = 0) => new TemporalType(TypeRoot.Time, CheckPrecision(precision));

    /// <summary>TIMESTAMP(precision)</summary>
    /// <param name="precision">Digits of the fraction of a second, 0 to 9.</param>
    public static DataType Timestamp(int precision = 6) => new TemporalType(TypeRoot.Timestamp, CheckPrecision(precision));

    /// <summary>TIMESTAMP(precision) WITH LOCAL TIME ZONE</summary>
    /// <param name="precision">Digits of the fraction of a second, 0 to 9.</param>
    public static DataType TimestampLtz(int precision = 6) => new TemporalType(TypeRoot.TimestampLtz, CheckPrecision(precision));

    /// <summary>ARRAY&lt;element&gt;</summary>
    /// <param name="element">The type of the elements.</param>
    public static DataType Array(DataType element) => new ArrayType(element);

    /// <summary>MAP&lt;key, value&gt;</summary>
    /// <param name="key">The type of the keys.</param>
    /// <param name="value">The type of the values.</param>
    public static DataType Map(DataType key, DataType value) => new MapType(key, value);

    /// <summary>MULTISET&lt;element&gt;</summary>
    /// <param name="element">The type of the elements.</param>
    public static DataType Multiset(DataType element) => new MultisetType(element);

    /// <summary>ROW&lt;fields&gt;</summary>
    /// <param name="fields">The fields, in order.</param>
    public static RowType Row(params IReadOnlyList<DataField> fields) => new(fields);

    private static int CheckLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return length;
    }

    private static int CheckPrecision(int precision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(precision);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 9);
        return precision;
    }
}

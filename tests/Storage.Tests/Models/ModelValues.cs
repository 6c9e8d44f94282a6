using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Values of a model's columns, as the naive merges and the writer take them.</summary>
internal static class ModelValues
{
    private static readonly DataType[] KeyTypes =
    [
        DataTypes.Int, DataTypes.BigInt, DataTypes.String, DataTypes.TinyInt, DataTypes.Decimal(9, 2), DataTypes.Decimal(30, 5),
        DataTypes.Date, DataTypes.Timestamp(3), DataTypes.Timestamp(9), DataTypes.TimestampLtz(6), DataTypes.Bytes, DataTypes.VarChar(20),
        DataTypes.Double, DataTypes.SmallInt, DataTypes.Float, DataTypes.Time(3), DataTypes.Char(8), DataTypes.Binary(2),
    ];

    private static readonly DataType[] PartitionTypes =
    [
        DataTypes.Int, DataTypes.String, DataTypes.Boolean, DataTypes.Date, DataTypes.BigInt, DataTypes.SmallInt, DataTypes.Decimal(9, 2),
        DataTypes.VarChar(10), DataTypes.Timestamp(3),
    ];

    private static readonly DataType[] PlainTypes =
    [
        DataTypes.Int, DataTypes.BigInt, DataTypes.String, DataTypes.Boolean, DataTypes.Double, DataTypes.Float, DataTypes.SmallInt,
        DataTypes.Decimal(9, 2), DataTypes.Decimal(38, 4), DataTypes.Date, DataTypes.Time(3), DataTypes.Timestamp(6),
        DataTypes.Timestamp(9), DataTypes.TimestampLtz(3), DataTypes.Bytes, DataTypes.Char(4), DataTypes.Array(DataTypes.Int),
        DataTypes.TinyInt, DataTypes.VarChar(100), DataTypes.Binary(1), DataTypes.Time(0), DataTypes.Timestamp(0),
        DataTypes.Map(DataTypes.String.NotNull(), DataTypes.BigInt),
        DataTypes.Row(new DataField(0, "x", DataTypes.Int), new DataField(1, "y", DataTypes.Array(DataTypes.String))),
    ];

    private static readonly DataType[] SequenceTypes =
    [
        DataTypes.BigInt, DataTypes.SmallInt, DataTypes.Decimal(9, 2), DataTypes.Date, DataTypes.Timestamp(3), DataTypes.Timestamp(9),
        DataTypes.TimestampLtz(6),
    ];

    public static DataType NextKeyType(Random random) => Next(random, KeyTypes).NotNull();

    public static DataType NextPartitionType(Random random) => Next(random, PartitionTypes).NotNull();

    /// <summary>The value of a partition column, NULL for one of the partitions where it may be.</summary>
    public static object? Partition(DataType type, int number) => type.IsNullable && number == 1 ? null : Key(type, number);

    public static DataType NextPlainType(Random random) => Next(random, PlainTypes);

    /// <summary>The value of a key's column: another one for each number.</summary>
    public static object Key(DataType type, int number) => type.Root switch
    {
        TypeRoot.Int => (number * 7) - 30,
        TypeRoot.BigInt => ((long)number - 4) << 33,
        TypeRoot.TinyInt => (sbyte)(number - 5),
        TypeRoot.SmallInt => (short)((number - 7) * 190),
        TypeRoot.Float => (number - 3) / 8f,
        TypeRoot.Double => (number - 3) / 4.0,
        TypeRoot.Time => new TimeOnly(3, 0).Add(TimeSpan.FromMilliseconds((number - 9) * 60_123L)),
        TypeRoot.Decimal => (number - 6) / 4m,
        TypeRoot.Boolean => number % 2 == 0,
        TypeRoot.Date => new DateOnly(1970, 1, 1).AddDays((number - 2) * 40),
        TypeRoot.Timestamp => new DateTime(1970, 1, 1).AddMilliseconds((number - 2) * 12_345L),
        TypeRoot.TimestampLtz => new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds((number - 2) * 12_345L),
        TypeRoot.VarBinary or TypeRoot.Binary => number == 0 ? [] : new byte[] { (byte)(number * 11), (byte)number },
        _ => number == 0 ? "" : number % 3 == 0 ? $"é{number}" : $"key {number}",
    };

    /// <summary>A value, rarely NULL where it may be.</summary>
    public static object? Next(Random random, DataType type)
    {
        if (type.IsNullable && random.Next(4) == 0)
        {
            return null;
        }

        var number = random.Next(-9, 30);
        return type.Root switch
        {
            TypeRoot.Int => number,
            TypeRoot.BigInt => (long)number << 20,
            TypeRoot.TinyInt => (sbyte)number,
            TypeRoot.SmallInt => (short)(number * 100),
            TypeRoot.Float => number / 2f,
            TypeRoot.Double => number / 4.0,
            TypeRoot.Boolean => number % 2 == 0,
            TypeRoot.Decimal when ((DecimalType)type).Scale == 0 => (Int128)number,
            TypeRoot.Decimal => number / 4m,
            TypeRoot.Date => new DateOnly(2024, 1, 1).AddDays(number),
            TypeRoot.Time => new TimeOnly(12, 0).AddMinutes(number),
            TypeRoot.Timestamp => new DateTime(2024, 1, 1).AddSeconds(number),
            TypeRoot.TimestampLtz => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(number),
            TypeRoot.VarBinary or TypeRoot.Binary => new byte[] { (byte)number },
            TypeRoot.Char => $"c{Math.Abs(number) % 100:d3}",
            TypeRoot.Array => Enumerable.Range(0, Math.Abs(number) % 4).Select(i => (object?)(number + i)).ToArray(),
            TypeRoot.Map => new Dictionary<object, object?> { [$"m{number}"] = (long)number },
            TypeRoot.Row => new object?[] { number, new object?[] { $"y{number}" } },
            _ => $"text {number}{(number % 7 == 0 ? new string('x', 90) : "")}",
        };
    }

    /// <summary>A type of sequence fields.</summary>
    public static DataType NextSequenceType(Random random) => random.Next(2) == 0 ? DataTypes.Int : Next(random, SequenceTypes);

    /// <summary>A value of a sequence field that must not be NULL.</summary>
    public static object Sequence(DataType type) => type.Root switch
    {
        TypeRoot.Int => 0,
        TypeRoot.BigInt => 0L,
        TypeRoot.SmallInt => (short)0,
        TypeRoot.Decimal => 0m,
        TypeRoot.Date => new DateOnly(2024, 1, 1),
        _ => new DateTime(2024, 1, 1, 0, 0, 0, type.Root == TypeRoot.Timestamp ? DateTimeKind.Unspecified : DateTimeKind.Utc),
    };

    private static DataType Next(Random random, DataType[] types) => types[random.Next(types.Length)];
}

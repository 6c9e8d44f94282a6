using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Tests;

/// <summary>Random values from small domains, so that they often meet.</summary>
internal static class Values
{
    /// <summary>The first number that DECIMAL(20) cannot hold.</summary>
    public static Int128 WideLimit { get; } = Int128.Parse("100000000000000000000", provider: null);

    public static DataType TypeOf(Type type) => type switch
    {
        _ when type == typeof(int) => DataTypes.Int,
        _ when type == typeof(long) => DataTypes.BigInt,
        _ when type == typeof(sbyte) => DataTypes.TinyInt,
        _ when type == typeof(double) => DataTypes.Double,
        _ when type == typeof(Int128) => DataTypes.Decimal(20, 0),
        _ when type == typeof(bool) => DataTypes.Boolean,
        _ => DataTypes.String,
    };

    public static object? Next(Random random, DataType type)
    {
        if (random.Next(4) == 0)
        {
            return null;
        }

        var number = random.Next(-3, 4);
        return type.Root switch
        {
            TypeRoot.Int => random.Next(8) == 0 ? int.MaxValue - number : number,
            TypeRoot.BigInt => (long)number,
            TypeRoot.TinyInt => (sbyte)(number * 40),
            TypeRoot.Double => number / 4.0,
            TypeRoot.Decimal => WideLimit / 3 * number,
            TypeRoot.Boolean => number > 0,
            _ => new string('x', number + 3),
        };
    }
}

using System.Numerics;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Casts between integers and floating-point numbers: integers wrap, fractions are cut, and what exceeds the range of INT or
/// BIGINT becomes its bound (NaN 0); TINYINT and SMALLINT take the low bits of that INT.
/// </summary>
internal static class NumberCasts
{
    /// <summary>A conversion that has a result for every value.</summary>
    private interface IConversion<TFrom, TTo>
    {
        static abstract TTo Convert(TFrom value);
    }

    public static ColumnCast? Find(TypeRoot source, TypeRoot target) => source switch
    {
        TypeRoot.TinyInt => FromInteger<sbyte>(target),
        TypeRoot.SmallInt => FromInteger<short>(target),
        TypeRoot.Int => FromInteger<int>(target),
        TypeRoot.BigInt => FromInteger<long>(target),
        TypeRoot.Float => FromFloating<float>(target),
        TypeRoot.Double => FromFloating<double>(target),
        _ => null,
    };

    private static ColumnCast? FromInteger<T>(TypeRoot target)
        where T : unmanaged, INumber<T> => target switch
        {
            TypeRoot.TinyInt => new FixedCast<T, sbyte, Truncating<T, sbyte>>(),
            TypeRoot.SmallInt => new FixedCast<T, short, Truncating<T, short>>(),
            TypeRoot.Int => new FixedCast<T, int, Truncating<T, int>>(),
            TypeRoot.BigInt => new FixedCast<T, long, Truncating<T, long>>(),
            TypeRoot.Float => new FixedCast<T, float, Truncating<T, float>>(),
            TypeRoot.Double => new FixedCast<T, double, Truncating<T, double>>(),
            _ => null,
        };

    private static ColumnCast? FromFloating<T>(TypeRoot target)
        where T : unmanaged, INumber<T> => target switch
        {
            TypeRoot.TinyInt => new FixedCast<T, sbyte, ThroughInt<T, sbyte>>(),
            TypeRoot.SmallInt => new FixedCast<T, short, ThroughInt<T, short>>(),
            TypeRoot.Int => new FixedCast<T, int, Saturating<T, int>>(),
            TypeRoot.BigInt => new FixedCast<T, long, Saturating<T, long>>(),
            TypeRoot.Float => new FixedCast<T, float, Truncating<T, float>>(),
            TypeRoot.Double => new FixedCast<T, double, Truncating<T, double>>(),
            _ => null,
        };

    private struct Truncating<TFrom, TTo> : IConversion<TFrom, TTo>
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo>
    {
        public static TTo Convert(TFrom value) => TTo.CreateTruncating(value);
    }

    private struct Saturating<TFrom, TTo> : IConversion<TFrom, TTo>
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo>
    {
        public static TTo Convert(TFrom value) => TTo.CreateSaturating(value);
    }

    private struct ThroughInt<TFrom, TTo> : IConversion<TFrom, TTo>
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo>
    {
        public static TTo Convert(TFrom value) => TTo.CreateTruncating(int.CreateSaturating(value));
    }

    private sealed class FixedCast<TFrom, TTo, TConversion> : ColumnCast
        where TFrom : unmanaged
        where TTo : unmanaged
        where TConversion : struct, IConversion<TFrom, TTo>
    {
        public override void Append(ColumnVector source, ColumnVector target)
        {
            // NULL rows hold 0, which every conversion keeps.
            var from = ((FixedVector<TFrom>)source).Values;
            var to = ((FixedVector<TTo>)target).AppendUninitialized(from.Length, source.Validity);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = TConversion.Convert(from[i]);
            }
        }
    }
}

using System.Numerics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Products and quotients of DECIMAL, rounded half up to the column's scale; null where the precision does not hold them. As in
/// Paimon a quotient without an end is an error.
/// </summary>
/// <param name="type">The column's type.</param>
internal readonly struct WideDecimalArithmetic(DecimalType type) : IProductArithmetic<Int128>
{
    private readonly BigInteger _one = BigInteger.Pow(10, type.Scale);
    private readonly BigInteger _limit = BigInteger.Pow(10, type.Precision);

    /// <inheritdoc/>
    public Int128? Multiply(Int128 left, Int128 right) => Round((BigInteger)left * right, _one);

    /// <inheritdoc/>
    public Int128? Divide(Int128 left, Int128 right)
    {
        if (right == 0 || !HasEnd(left, right))
        {
            PaimonException.ThrowInvalid(
                $"Aggregate function product cannot take a value back from a {type}: {left} / {right} has no exact quotient.");
        }

        return Round(left * _one, right);
    }

    // A quotient in lowest terms has an end when only 2 and 5 divide its divisor.
    private static bool HasEnd(BigInteger left, BigInteger right)
    {
        var divisor = BigInteger.Abs(right) / BigInteger.GreatestCommonDivisor(left, right);
        foreach (var factor in (ReadOnlySpan<int>)[2, 5])
        {
            while (divisor % factor == 0)
            {
                divisor /= factor;
            }
        }

        return divisor.IsOne;
    }

    private Int128? Round(BigInteger dividend, BigInteger divisor)
    {
        var size = BigInteger.Abs(divisor);
        var rounded = ((2 * BigInteger.Abs(dividend)) + size) / (2 * size);
        if (rounded >= _limit)
        {
            return null;
        }

        return (Int128)(dividend.Sign * divisor.Sign < 0 ? -rounded : rounded);
    }
}

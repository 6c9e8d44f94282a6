using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Products and quotients of DECIMAL of up to 18 digits, see <see cref="WideDecimalArithmetic"/>.</summary>
/// <param name="type">The column's type.</param>
internal readonly struct CompactDecimalArithmetic(DecimalType type) : IProductArithmetic<long>
{
    private readonly WideDecimalArithmetic _wide = new(type);
    private readonly Int128 _one = PowerOfTen(type.Scale);
    private readonly Int128 _limit = PowerOfTen(type.Precision);

    /// <inheritdoc/>
    public long? Multiply(long left, long right)
    {
        var product = (Int128)left * right;
        var rounded = (Int128.Abs(product) + (_one / 2)) / _one;
        return rounded >= _limit ? null : (long)(product < 0 ? -rounded : rounded);
    }

    /// <inheritdoc/>
    public long? Divide(long left, long right) => (long?)_wide.Divide(left, right);

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}

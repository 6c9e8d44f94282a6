using System.Numerics;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Products of integers wrap around, quotients are cut, as in Java.</summary>
/// <typeparam name="T">The values.</typeparam>
internal readonly struct IntegerArithmetic<T> : IProductArithmetic<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    public T? Multiply(T left, T right) => unchecked(left * right);

    /// <inheritdoc/>
    public T? Divide(T left, T right)
    {
        if (T.IsZero(right))
        {
            PaimonException.ThrowInvalid($"Aggregate function product cannot take 0 back from {left}: it has no quotient.");
        }

        // The smallest value has no opposite; it stays itself.
        return T.IsNegative(right) && right + T.One == T.Zero ? unchecked(T.Zero - left) : left / right;
    }
}

using System.Numerics;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Products and quotients of floating point numbers; dividing by 0 gives an infinity or NaN.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct FloatArithmetic<T> : IProductArithmetic<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public T? Multiply(T left, T right) => left * right;

    /// <inheritdoc/>
    public T? Divide(T left, T right) => left / right;
}

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// How aggregator <c>product</c> multiplies and divides values of a type. Implemented by structs and passed as a type
/// parameter, so that the loop over the versions has no indirect call.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
internal interface IProductArithmetic<T>
    where T : unmanaged
{
    /// <summary>Multiplies two values.</summary>
    /// <returns>The product; null when the column's type cannot hold it.</returns>
    T? Multiply(T left, T right);

    /// <summary>Divides a value by another one.</summary>
    /// <returns>The quotient; null when the column's type cannot hold it.</returns>
    /// <exception cref="Data.Errors.PaimonException">Invalid: there is no quotient.</exception>
    T? Divide(T left, T right);
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The folds of aggregator <c>product</c>, by type.</summary>
internal static class ProductFolds
{
    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <exception cref="PaimonException">Invalid: the column is no number.</exception>
    public static ColumnFold Create(DataField field) => field.Type switch
    {
        DecimalType { IsCompact: true } type =>
            new ProductFold<long, CompactDecimalArithmetic>(type, new CompactDecimalArithmetic(type)),
        DecimalType type => new ProductFold<Int128, WideDecimalArithmetic>(type, new WideDecimalArithmetic(type)),
        { Root: TypeRoot.TinyInt } => new ProductFold<sbyte, IntegerArithmetic<sbyte>>(field.Type, default),
        { Root: TypeRoot.SmallInt } => new ProductFold<short, IntegerArithmetic<short>>(field.Type, default),
        { Root: TypeRoot.Int } => new ProductFold<int, IntegerArithmetic<int>>(field.Type, default),
        { Root: TypeRoot.BigInt } => new ProductFold<long, IntegerArithmetic<long>>(field.Type, default),
        { Root: TypeRoot.Float } => new ProductFold<float, FloatArithmetic<float>>(field.Type, default),
        { Root: TypeRoot.Double } => new ProductFold<double, FloatArithmetic<double>>(field.Type, default),
        _ => throw AggregatorRegistry.TypeError("product", field, "numbers"),
    };
}

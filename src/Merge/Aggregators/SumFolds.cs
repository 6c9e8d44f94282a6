using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The folds of aggregator <c>sum</c>, by type.</summary>
internal static class SumFolds
{
    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <exception cref="PaimonException">Invalid: the column is no number.</exception>
    public static ColumnFold Create(DataField field) => field.Type switch
    {
        DecimalType { IsCompact: false } wide => new WideDecimalSumFold(wide),
        DecimalType compact => new CompactDecimalSumFold(compact),
        { Root: TypeRoot.TinyInt } => new SumFold<sbyte>(field.Type),
        { Root: TypeRoot.SmallInt } => new SumFold<short>(field.Type),
        { Root: TypeRoot.Int } => new SumFold<int>(field.Type),
        { Root: TypeRoot.BigInt } => new SumFold<long>(field.Type),
        { Root: TypeRoot.Float } => new SumFold<float>(field.Type),
        { Root: TypeRoot.Double } => new SumFold<double>(field.Type),
        _ => throw AggregatorRegistry.TypeError("sum", field, "numbers"),
    };
}

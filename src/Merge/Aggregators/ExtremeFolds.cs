using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The folds of aggregators <c>max</c> and <c>min</c>, by type.</summary>
internal static class ExtremeFolds
{
    /// <summary>Makes the fold of a column.</summary>
    /// <param name="type">
    /// The column's type. Values of BOOLEAN and nested types are only refused when two of them meet, as in Paimon.
    /// </param>
    /// <param name="isMax">True for <c>max</c>.</param>
    public static ColumnFold Create(DataType type, bool isMax) => type switch
    {
        DecimalType { IsCompact: false } => new ExtremeFold<FixedOrder<Int128>>(isMax),
        TemporalType { Root: not TypeRoot.Time, Precision: > 6 } =>
            new ExtremeFold<FixedOrder<NanoTimestamp>>(isMax),
        _ => Create(type.Root, isMax),
    };

    /// <summary>True for a type whose values are compared.</summary>
    public static bool HasOrder(DataType type) => Create(type, isMax: true) is not ExtremeFold<NoOrder>;

    private static ColumnFold Create(TypeRoot root, bool isMax) => root switch
    {
        TypeRoot.TinyInt => new ExtremeFold<FixedOrder<sbyte>>(isMax),
        TypeRoot.SmallInt => new ExtremeFold<FixedOrder<short>>(isMax),
        TypeRoot.Int or TypeRoot.Date or TypeRoot.Time => new ExtremeFold<FixedOrder<int>>(isMax),
        TypeRoot.BigInt or TypeRoot.Decimal or TypeRoot.Timestamp or TypeRoot.TimestampLtz =>
            new ExtremeFold<FixedOrder<long>>(isMax),
        TypeRoot.Float => new ExtremeFold<FloatOrder<float>>(isMax),
        TypeRoot.Double => new ExtremeFold<FloatOrder<double>>(isMax),
        TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary => new ExtremeFold<BytesOrder>(isMax),
        _ => new ExtremeFold<NoOrder>(isMax),
    };
}

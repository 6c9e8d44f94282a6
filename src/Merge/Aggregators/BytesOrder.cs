using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The order of strings and binary values: by unsigned bytes.</summary>
internal readonly struct BytesOrder : IVectorOrder
{
    /// <inheritdoc/>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow) =>
        ((BinaryVector)left)[leftRow].SequenceCompareTo(((BinaryVector)right)[rightRow]);
}

using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// The order of a type's values, for aggregators. Implemented by structs and passed as a type parameter, so that the loop over
/// the versions has no indirect call.
/// </summary>
internal interface IVectorOrder
{
    /// <summary>Compares two values that are not NULL.</summary>
    static abstract int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow);
}

using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>Judges by a column's bounds whether any of its values can meet a condition.</summary>
internal static class LeafBounds
{
    public static bool MayMatch(LeafPredicate leaf, in ColumnBounds bounds)
    {
        if (leaf.Operator == PredicateOperator.IsNull)
        {
            return bounds.NullCount != 0;
        }

        if (bounds.NullCount is { } nulls && nulls >= bounds.RowCount)
        {
            return false;
        }

        var literals = leaf.Literals;
        switch (leaf.Operator)
        {
            case PredicateOperator.IsNotNull:
                return true;
            case PredicateOperator.In:
                for (var i = 0; i < literals.Length; i++)
                {
                    if (!literals.IsNull(i) && !IsBelow(literals, i, bounds) && !IsAbove(literals, i, bounds))
                    {
                        return true;
                    }
                }

                return false;
            case PredicateOperator.NotIn:
                for (var i = 0; i < literals.Length; i++)
                {
                    if (literals.IsNull(i) || IsOnly(literals, i, bounds))
                    {
                        return false;
                    }
                }

                return true;
        }

        return literals.NullCount == 0 ? MayCompare(leaf, bounds) : leaf.Operator == PredicateOperator.NotBetween;
    }

    private static bool MayCompare(LeafPredicate leaf, in ColumnBounds bounds)
    {
        var literals = leaf.Literals;
        return leaf.Operator switch
        {
            PredicateOperator.Equal => !IsBelow(literals, 0, bounds) && !IsAbove(literals, 0, bounds),
            PredicateOperator.NotEqual => !IsOnly(literals, 0, bounds),
            PredicateOperator.LessThan => !bounds.HasMin || Compare(bounds.Min!, bounds.Row, literals, 0) < 0,
            PredicateOperator.LessOrEqual => !IsBelow(literals, 0, bounds),
            PredicateOperator.GreaterThan => !bounds.HasMax || Compare(bounds.Max!, bounds.Row, literals, 0) > 0,
            PredicateOperator.GreaterOrEqual => !IsAbove(literals, 0, bounds),
            PredicateOperator.StartsWith => MayStartWith(((BinaryVector)literals)[0], bounds),
            PredicateOperator.Between => !IsAbove(literals, 0, bounds) && !IsBelow(literals, 1, bounds)
                && Compare(literals, 0, literals, 1) <= 0,
            PredicateOperator.NotBetween => !bounds.HasMin || !bounds.HasMax
                || Compare(bounds.Min!, bounds.Row, literals, 0) < 0 || Compare(bounds.Max!, bounds.Row, literals, 1) > 0,
            _ => true,
        };
    }

    // The literal is below all values.
    private static bool IsBelow(ColumnVector literals, int i, in ColumnBounds bounds) =>
        bounds.HasMin && Compare(literals, i, bounds.Min!, bounds.Row) < 0;

    // The literal is above all values.
    private static bool IsAbove(ColumnVector literals, int i, in ColumnBounds bounds) =>
        bounds.HasMax && Compare(literals, i, bounds.Max!, bounds.Row) > 0;

    // All values are the literal.
    private static bool IsOnly(ColumnVector literals, int i, in ColumnBounds bounds) =>
        bounds.HasMin && bounds.HasMax
        && Compare(literals, i, bounds.Min!, bounds.Row) == 0 && Compare(literals, i, bounds.Max!, bounds.Row) == 0;

    private static bool MayStartWith(ReadOnlySpan<byte> prefix, in ColumnBounds bounds)
    {
        if (bounds.HasMax && ((BinaryVector)bounds.Max!)[bounds.Row].SequenceCompareTo(prefix) < 0)
        {
            return false;
        }

        if (!bounds.HasMin)
        {
            return true;
        }

        var min = ((BinaryVector)bounds.Min!)[bounds.Row];
        return min[..Math.Min(min.Length, prefix.Length)].SequenceCompareTo(prefix) <= 0;
    }

    private static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow) =>
        ValueOrder.Compare(left, leftRow, right, rightRow);
}

using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// Answers conditions by an index that knows the rows of values. Where an index tells apart what a condition does not (-0.0 from
/// 0.0), or does not tell apart what a condition does (nanoseconds), the answer holds more rows rather than fewer.
/// </summary>
/// <param name="type">How values became keys.</param>
/// <param name="rowCount">The rows of the file.</param>
internal abstract class RowIndexReader(IndexKeyType type, int rowCount) : FileIndexReader
{
    private protected IndexKeyType Type { get; } = type;

    private protected int RowCount { get; } = rowCount;

    /// <inheritdoc/>
    public override FileIndexResult Test(LeafPredicate leaf)
    {
        var literals = leaf.Literals;
        for (var i = 0; i < literals.Length; i++)
        {
            if (!literals.IsNull(i) && !IndexKeyType.HasKey(literals, i))
            {
                return FileIndexResult.All;
            }
        }

        switch (leaf.Operator)
        {
            case PredicateOperator.IsNull:
                return new FileIndexResult(RoaringBitmap.AndNot(RoaringBitmap.OfRange(0, RowCount), NotNull()));
            case PredicateOperator.IsNotNull:
                return new FileIndexResult(NotNull());
            case PredicateOperator.Equal or PredicateOperator.In:
                return new FileIndexResult(Among(literals));
            case PredicateOperator.NotEqual or PredicateOperator.NotIn:
                return literals.NullCount > 0 ? FileIndexResult.None
                    : Type.IsRounded ? new FileIndexResult(NotNull())
                    : new FileIndexResult(RoaringBitmap.AndNot(NotNull(), Among(literals)));
        }

        if (literals.NullCount > 0)
        {
            return FileIndexResult.All;
        }

        return leaf.Operator switch
        {
            PredicateOperator.LessThan => Below(literals, 0, orEqual: false),
            PredicateOperator.LessOrEqual => Below(literals, 0, orEqual: true),
            PredicateOperator.GreaterThan => Above(literals, 0, orEqual: false),
            PredicateOperator.GreaterOrEqual => Above(literals, 0, orEqual: true),
            PredicateOperator.Between => Above(literals, 0, orEqual: true).And(Below(literals, 1, orEqual: true)),
            PredicateOperator.NotBetween => Below(literals, 0, orEqual: false).Or(Above(literals, 1, orEqual: false)),
            _ => FileIndexResult.All,
        };
    }

    /// <summary>The rows that have a value.</summary>
    private protected abstract RoaringBitmap NotNull();

    /// <summary>The rows of a value.</summary>
    private protected abstract RoaringBitmap Equal(IndexKey key);

    /// <summary>The rows of values below another one; null when the index does not tell.</summary>
    private protected abstract RoaringBitmap? LessThan(IndexKey key, bool orEqual);

    /// <summary>The rows of values above another one; null when the index does not tell.</summary>
    private protected abstract RoaringBitmap? GreaterThan(IndexKey key, bool orEqual);

    private RoaringBitmap Among(ColumnVector literals)
    {
        var rows = new RoaringBitmap();
        for (var i = 0; i < literals.Length; i++)
        {
            if (!literals.IsNull(i))
            {
                var (low, high) = KeysOf(literals, i);
                rows.Unite(Equal(low));
                if (!low.Equals(high))
                {
                    rows.Unite(Equal(high));
                }
            }
        }

        return rows;
    }

    private FileIndexResult Below(ColumnVector literals, int row, bool orEqual)
    {
        var (low, high) = KeysOf(literals, row);
        return new FileIndexResult(LessThan(orEqual ? high : low, orEqual || Type.IsRounded));
    }

    private FileIndexResult Above(ColumnVector literals, int row, bool orEqual)
    {
        var (low, high) = KeysOf(literals, row);
        return new FileIndexResult(GreaterThan(orEqual ? low : high, orEqual || Type.IsRounded));
    }

    // The keys of -0.0 and 0.0 are -1 and 0, and neighbours.
    private (IndexKey Low, IndexKey High) KeysOf(ColumnVector literals, int row)
    {
        var key = Type.Read(literals, row);
        return Type.IsFloating && key.Number is 0 or -1 ? (new IndexKey(-1, null), new IndexKey(0, null)) : (key, key);
    }
}

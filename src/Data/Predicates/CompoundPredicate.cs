using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>AND or OR of conditions; never directly inside one of the same kind.</summary>
public sealed class CompoundPredicate : Predicate
{
    internal CompoundPredicate(bool isAnd, IReadOnlyList<Predicate> children)
    {
        IsAnd = isAnd;
        Children = children;
    }

    /// <summary>True for AND, false for OR.</summary>
    public bool IsAnd { get; }

    /// <summary>The conditions, at least two.</summary>
    public IReadOnlyList<Predicate> Children { get; }

    /// <inheritdoc/>
    public override Predicate Negate() => Combine(!IsAnd, [.. Children.Select(child => child.Negate())]);

    /// <inheritdoc/>
    public override bool MayMatch(Func<string, ColumnBounds?> boundsOf) =>
        IsAnd ? Children.All(child => child.MayMatch(boundsOf)) : Children.Any(child => child.MayMatch(boundsOf));

    /// <inheritdoc/>
    public override Predicate? Project(IReadOnlyCollection<string> columns)
    {
        var kept = new List<Predicate>();
        foreach (var child in Children)
        {
            if (child.Project(columns) is { } part)
            {
                kept.Add(part);
            }
            else if (!IsAnd)
            {
                return null;
            }
        }

        return kept.Count == 0 ? null : Combine(IsAnd, kept);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Predicate> SplitConjunction() => IsAnd ? Children : [this];

    /// <summary>The condition as SQL.</summary>
    public override string ToString() =>
        string.Join(IsAnd ? " AND " : " OR ", Children.Select(child => child is CompoundPredicate ? $"({child})" : child.ToString()));

    internal override void AddColumns(List<string> columns)
    {
        foreach (var child in Children)
        {
            child.AddColumns(columns);
        }
    }

    internal override void EvaluateInto(ColumnBatch batch, RowSelection selection)
    {
        Children[0].EvaluateInto(batch, selection);
        var part = new RowSelection();
        for (var i = 1; i < Children.Count; i++)
        {
            if (IsAnd && selection.IsEmpty)
            {
                return;
            }

            part.Reset(batch.RowCount);
            Children[i].EvaluateInto(batch, part);
            if (IsAnd)
            {
                selection.And(part);
            }
            else
            {
                selection.Or(part);
            }
        }
    }
}

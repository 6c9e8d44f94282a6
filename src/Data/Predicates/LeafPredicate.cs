using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>A condition on one column.</summary>
public sealed class LeafPredicate : Predicate
{
    private readonly LeafEvaluator _evaluator;

    internal LeafPredicate(string column, PredicateOperator operation, ColumnVector literals)
    {
        Column = column;
        Operator = operation;
        Literals = literals;
        CheckLiterals();
        _evaluator = new LeafEvaluator(this);
    }

    /// <summary>The column's name.</summary>
    public string Column { get; }

    /// <summary>What is asked of its value.</summary>
    public PredicateOperator Operator { get; }

    /// <summary>The literals, one a row, of the column's type.</summary>
    public ColumnVector Literals { get; }

    internal bool IsEquality => Operator is PredicateOperator.Equal or PredicateOperator.In;

    /// <inheritdoc/>
    public override Predicate Negate() => new LeafPredicate(Column, Opposite(Operator), Literals);

    /// <inheritdoc/>
    public override bool MayMatch(Func<string, ColumnBounds?> boundsOf)
    {
        ArgumentNullException.ThrowIfNull(boundsOf);
        return boundsOf(Column) is not { } bounds || LeafBounds.MayMatch(this, bounds);
    }

    /// <inheritdoc/>
    public override Predicate? Project(IReadOnlyCollection<string> columns) => columns.Contains(Column) ? this : null;

    /// <summary>The condition as SQL.</summary>
    public override string ToString()
    {
        var literals = Enumerable.Range(0, Literals.Length).Select(row => ValueText.Format(Literals, row)).ToArray();
        return Operator switch
        {
            PredicateOperator.Equal => $"{Column} = {literals[0]}",
            PredicateOperator.NotEqual => $"{Column} <> {literals[0]}",
            PredicateOperator.LessThan => $"{Column} < {literals[0]}",
            PredicateOperator.LessOrEqual => $"{Column} <= {literals[0]}",
            PredicateOperator.GreaterThan => $"{Column} > {literals[0]}",
            PredicateOperator.GreaterOrEqual => $"{Column} >= {literals[0]}",
            PredicateOperator.IsNull => $"{Column} IS NULL",
            PredicateOperator.IsNotNull => $"{Column} IS NOT NULL",
            PredicateOperator.StartsWith => $"{Column} LIKE {literals[0]}%",
            PredicateOperator.NotStartsWith => $"{Column} NOT LIKE {literals[0]}%",
            PredicateOperator.EndsWith => $"{Column} LIKE %{literals[0]}",
            PredicateOperator.NotEndsWith => $"{Column} NOT LIKE %{literals[0]}",
            PredicateOperator.Contains => $"{Column} LIKE %{literals[0]}%",
            PredicateOperator.NotContains => $"{Column} NOT LIKE %{literals[0]}%",
            PredicateOperator.In => $"{Column} IN ({string.Join(", ", literals)})",
            PredicateOperator.NotIn => $"{Column} NOT IN ({string.Join(", ", literals)})",
            PredicateOperator.Between => $"{Column} BETWEEN {literals[0]} AND {literals[1]}",
            _ => $"{Column} NOT BETWEEN {literals[0]} AND {literals[1]}",
        };
    }

    internal static ColumnVector MakeLiterals(DataField field, ReadOnlySpan<object?> literals)
    {
        var vector = ColumnVector.Create(field.Type.Nullable());
        foreach (var literal in literals)
        {
            try
            {
                ValueAppender.Append(vector, literal);
            }
            catch (PaimonException e)
            {
                throw new PaimonException(e.Kind, $"Column '{field.Name}': {e.Message}", e);
            }
        }

        return vector;
    }

    /// <summary>The literals without NULL and repeats.</summary>
    internal ColumnVector DistinctLiterals()
    {
        var distinct = ColumnVector.Create(Literals.Type);
        for (var row = 0; row < Literals.Length; row++)
        {
            var isNew = !Literals.IsNull(row);
            for (var seen = 0; isNew && seen < distinct.Length; seen++)
            {
                isNew = ValueOrder.Compare(Literals, row, distinct, seen) != 0;
            }

            if (isNew)
            {
                distinct.AppendRange(Literals, row, 1);
            }
        }

        return distinct;
    }

    internal override void AddColumns(List<string> columns)
    {
        if (!columns.Contains(Column))
        {
            columns.Add(Column);
        }
    }

    internal override void EvaluateInto(ColumnBatch batch, RowSelection selection)
    {
        var index = batch.RowType.IndexOf(Column);
        if (index < 0 || batch.Columns[index].GetType() != Literals.GetType())
        {
            PaimonException.ThrowInvalid(
                $"The condition on '{Column}' ({Literals.Type}) does not fit the rows, whose type is {batch.RowType}.");
        }

        _evaluator.Evaluate(batch.Columns[index], batch.RowCount, selection);
    }

    private static PredicateOperator Opposite(PredicateOperator operation) => operation switch
    {
        PredicateOperator.Equal => PredicateOperator.NotEqual,
        PredicateOperator.NotEqual => PredicateOperator.Equal,
        PredicateOperator.LessThan => PredicateOperator.GreaterOrEqual,
        PredicateOperator.GreaterOrEqual => PredicateOperator.LessThan,
        PredicateOperator.LessOrEqual => PredicateOperator.GreaterThan,
        PredicateOperator.GreaterThan => PredicateOperator.LessOrEqual,

        // All others stand in pairs, the positive one first.
        _ => ((int)operation & 1) == 0 ? operation + 1 : operation - 1,
    };

    private void CheckLiterals()
    {
        var expected = Operator switch
        {
            PredicateOperator.IsNull or PredicateOperator.IsNotNull => 0,
            PredicateOperator.Between or PredicateOperator.NotBetween => 2,
            PredicateOperator.In or PredicateOperator.NotIn => Literals.Length,
            _ => 1,
        };
        if (Literals.Length != expected)
        {
            PaimonException.ThrowInvalid(
                $"{Operator} on column '{Column}' takes {expected} literals; {Literals.Length} are given.");
        }

        if (Operator is >= PredicateOperator.StartsWith and <= PredicateOperator.NotContains && Literals is not BinaryVector)
        {
            PaimonException.ThrowInvalid($"{Operator} takes a text column; '{Column}' is {Literals.Type}.");
        }

        if (expected > 0 && Literals is ListVector or MapVector or StructVector)
        {
            PaimonException.ThrowInvalid($"Column '{Column}' ({Literals.Type}) can only be tested for NULL.");
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>
/// A condition on rows: AND and OR of conditions on single columns, which are named. SQL's logic: a comparison with NULL is
/// never true; as negation exists only inside of leaves (<see cref="Negate"/>), "unknown" and "false" select the same rows.
/// Immutable; safe for several threads.
/// </summary>
public abstract class Predicate
{
    private const int MaxEqualityKeys = 1000;

    private protected Predicate()
    {
    }

    /// <summary>The names of the columns that are asked for, without repeats.</summary>
    public IReadOnlyList<string> Columns
    {
        get
        {
            var columns = new List<string>();
            AddColumns(columns);
            return columns;
        }
    }

    /// <summary>Makes a condition on one column.</summary>
    /// <param name="rowType">The columns that exist.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="literals">
    /// CLR values or texts (<see cref="Text.ValueAppender"/>): none for IS NULL, two for BETWEEN, any number for IN, else one.
    /// </param>
    /// <exception cref="PaimonException">Invalid: no such column, or a literal is no value of its type.</exception>
    public static Predicate Leaf(RowType rowType, string column, PredicateOperator operation, params ReadOnlySpan<object?> literals)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        var index = rowType.IndexOf(column);
        if (index < 0)
        {
            PaimonException.ThrowInvalid(
                $"There is no column '{column}'; the columns are {string.Join(", ", rowType.Fields.Select(field => field.Name))}.");
        }

        return new LeafPredicate(column, operation, LeafPredicate.MakeLiterals(rowType.Fields[index], literals));
    }

    /// <summary>Both, or all.</summary>
    /// <param name="children">The conditions, at least one.</param>
    public static Predicate And(params IReadOnlyList<Predicate> children) => Combine(isAnd: true, children);

    /// <summary>Either, or any.</summary>
    /// <param name="children">The conditions, at least one.</param>
    public static Predicate Or(params IReadOnlyList<Predicate> children) => Combine(isAnd: false, children);

    /// <summary>The condition that is true where this one is false, and for no row where this one is unknown.</summary>
    public abstract Predicate Negate();

    /// <summary>Selects the rows of a batch for which the condition is true.</summary>
    /// <param name="batch">The rows; columns are found by name.</param>
    /// <param name="selection">Takes the rows; what it held is lost.</param>
    /// <exception cref="PaimonException">Invalid: the batch has no such column, or of another type.</exception>
    public void Evaluate(ColumnBatch batch, RowSelection selection)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(selection);
        selection.Reset(batch.RowCount);
        EvaluateInto(batch, selection);
    }

    /// <summary>False when no row of a set can meet the condition, judged by what is known of its columns.</summary>
    /// <param name="boundsOf">What is known of a column; null when nothing is.</param>
    public abstract bool MayMatch(Func<string, ColumnBounds?> boundsOf);

    /// <summary>The part of the condition that asks for some columns only: true wherever the whole is true.</summary>
    /// <param name="columns">The columns that may be asked for.</param>
    /// <returns>null when nothing of the condition can be told by them.</returns>
    public abstract Predicate? Project(IReadOnlyCollection<string> columns);

    /// <summary>The conditions of which all must hold: the children of an AND at the top, else the condition itself.</summary>
    public virtual IReadOnlyList<Predicate> SplitConjunction() => [this];

    /// <summary>
    /// The only keys that rows which meet the condition can have in some columns, where equalities (=, IN) pin down all of
    /// them: for pruning buckets and for lookups. At most 1,000 keys are listed.
    /// </summary>
    /// <param name="keyType">The key's columns.</param>
    /// <param name="keys">A vector a column; row i of all of them is a key. No row when no key can match.</param>
    /// <returns>False when the condition leaves a column open.</returns>
    public bool TryGetKeys(RowType keyType, [NotNullWhen(true)] out ColumnVector[]? keys)
    {
        ArgumentNullException.ThrowIfNull(keyType);
        keys = null;
        var literals = new ColumnVector[keyType.Fields.Count];
        var total = 1L;
        for (var i = 0; i < literals.Length; i++)
        {
            var found = SplitConjunction().OfType<LeafPredicate>()
                .FirstOrDefault(leaf => leaf.Column == keyType.Fields[i].Name && leaf.IsEquality);
            if (found is null
                || !found.Literals.Type.EqualsIgnoringNullability(keyType.Fields[i].Type)
                || HasEqualsOfOtherBits(found.Literals))
            {
                return false;
            }

            literals[i] = found.DistinctLiterals();
            total *= literals[i].Length;
            if (total > MaxEqualityKeys)
            {
                return false;
            }
        }

        keys = literals.Length == 0 ? null : CrossProduct(literals, (int)total);
        return keys is not null;
    }

    internal abstract void AddColumns(List<string> columns);

    internal abstract void EvaluateInto(ColumnBatch batch, RowSelection selection);

    internal static Predicate Combine(bool isAnd, IReadOnlyList<Predicate> children)
    {
        ArgumentNullException.ThrowIfNull(children);
        if (children.Count == 0)
        {
            throw new ArgumentException("At least one condition is expected.", nameof(children));
        }

        var flat = new List<Predicate>();
        foreach (var child in children)
        {
            if (child is CompoundPredicate compound && compound.IsAnd == isAnd)
            {
                flat.AddRange(compound.Children);
            }
            else
            {
                flat.Add(child);
            }
        }

        return flat.Count == 1 ? flat[0] : new CompoundPredicate(isAnd, flat);
    }

    // 0.0 and -0.0 are equal, and so are all NaNs, but their bytes, and so their buckets, differ.
    private static bool HasEqualsOfOtherBits(ColumnVector literals)
    {
        for (var row = 0; row < literals.Length; row++)
        {
            var value = literals switch
            {
                FixedVector<float> floats => floats.Values[row],
                FixedVector<double> doubles => doubles.Values[row],
                _ => 1,
            };
            if (!literals.IsNull(row) && (value == 0 || double.IsNaN(value)))
            {
                return true;
            }
        }

        return false;
    }

    private static ColumnVector[] CrossProduct(ColumnVector[] literals, int total)
    {
        var keys = new ColumnVector[literals.Length];
        var repeat = total;
        for (var i = 0; i < keys.Length; i++)
        {
            var count = literals[i].Length;
            repeat = count == 0 ? 0 : repeat / count;
            var rows = new int[total];
            for (var row = 0; row < total; row++)
            {
                rows[row] = row / repeat % count;
            }

            keys[i] = ColumnVector.Create(literals[i].Type);
            keys[i].AppendGather(literals[i], rows);
        }

        return keys;
    }
}

using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Random reads of some rows and some columns of a state.</summary>
internal sealed class ModelReads(Random random)
{
    private static readonly PredicateOperator[] Comparisons =
    [
        PredicateOperator.Equal, PredicateOperator.NotEqual, PredicateOperator.LessThan, PredicateOperator.LessOrEqual,
        PredicateOperator.GreaterThan, PredicateOperator.GreaterOrEqual,
    ];

    /// <summary>Reads.</summary>
    /// <param name="expected">All rows of the state.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="scan">A scan of it.</param>
    public async Task CheckAsync(ColumnBatch expected, TableSchema schema, TableScan scan)
    {
        var rows = Enumerable.Range(0, expected.RowCount).ToArray();
        var filter = random.Next(6) == 0 ? null : NewPredicate(schema, expected, depth: 2);
        if (filter is not null)
        {
            var selection = new RowSelection();
            filter.Evaluate(expected, selection);
            rows = new int[selection.Count];
            selection.CopyRowsTo(rows);
        }

        int[] columns =
            [.. Enumerable.Range(0, schema.Fields.Count).Where(_ => random.Next(3) > 0).Append(random.Next(schema.Fields.Count)).Distinct()];
        if (random.Next(2) == 0)
        {
            columns = [.. Enumerable.Range(0, schema.Fields.Count)];
        }

        var projected = new ColumnBatch(
            schema.RowType.Project(columns), [.. columns.Select(index => expected.Columns[index])], expected.RowCount);
        var texts = rows.Select(row => TableKit.Text(projected, row)).Order(StringComparer.Ordinal).ToList();
        var names = columns.Select(index => schema.Fields[index].Name).ToList();
        var found = await TableKit.RowsAsync(scan.Filter(filter).Project(names));
        Assert.True(
            texts.SequenceEqual(found),
            $"where {filter}, columns {string.Join(", ", names)}\nexpected\n{string.Join("\n", texts)}\nfound\n{string.Join("\n", found)}");
    }

    private Predicate NewPredicate(TableSchema schema, ColumnBatch rows, int depth)
    {
        if (depth > 0 && random.Next(2) == 0)
        {
            Predicate[] children = [NewPredicate(schema, rows, depth - 1), NewPredicate(schema, rows, depth - 1)];
            return random.Next(2) == 0 ? Predicate.And(children) : Predicate.Or(children);
        }

        var index = random.Next(schema.Fields.Count);
        var field = schema.Fields[index];
        var literals = rows.RowCount == 0 || field.Type is RowType or ArrayType or MapType
            ? []
            : Enumerable.Range(0, 3).Select(_ => ValueReader.GetValue(rows.Columns[index], random.Next(rows.RowCount)))
                .Where(literal => literal is not null).ToArray();
        if (literals.Length == 0)
        {
            return Leaf(random.Next(2) == 0 ? PredicateOperator.IsNull : PredicateOperator.IsNotNull);
        }

        return random.Next(9) switch
        {
            0 => Leaf(PredicateOperator.In, literals),
            1 => Leaf(PredicateOperator.NotIn, literals),
            2 => Leaf(random.Next(2) == 0 ? PredicateOperator.IsNull : PredicateOperator.IsNotNull),
            _ => Leaf(Comparisons[random.Next(Comparisons.Length)], literals[0]),
        };

        Predicate Leaf(PredicateOperator operation, params object?[] values) => Predicate.Leaf(schema.RowType, field.Name, operation, values);
    }
}

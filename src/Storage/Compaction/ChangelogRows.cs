using PaimonSharp.Data;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Says what a changelog tells of merged keys (docs/format.md#changelog-rows). Rows are named, not copied. Reusable; one thread.
/// <code>
/// before       after     changelog
/// none or -    +         +I after
/// none or -    -         nothing
/// +            -         -D before
/// +            +         -U before, +U after; nothing where both are equal and row-deduplicate is set
/// </code>
/// </summary>
internal sealed class ChangelogRows
{
    private readonly bool _keepsKind;
    private readonly int[]? _compared;
    private RowReference[] _rows = [];
    private RowKind[] _kinds = [];
    private int _count;

    /// <summary>Reads the options.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="options">The table's options.</param>
    public ChangelogRows(TableSchema schema, TableOptions options)
    {
        // As in Paimon, a new key of first-row keeps the kind that it was written with.
        _keepsKind = options.GetName("merge-engine", "deduplicate") == "first-row";
        if (options.GetBoolean("changelog-producer.row-deduplicate", false))
        {
            // As in Paimon, a column that there is not, or no more, is no error.
            var ignored = options.GetList("changelog-producer.row-deduplicate-ignore-fields");
            _compared =
            [
                .. Enumerable.Range(0, schema.Fields.Count).Where(i => !ignored.Contains(schema.Fields[i].Name)
                    && !schema.PrimaryKeys.Contains(schema.Fields[i].Name)),
            ];
        }
    }

    /// <summary>The rows of the changelog; the source after all others is that of the merged rows.</summary>
    public ReadOnlyMemory<RowReference> RowsMemory => _rows.AsMemory(0, _count);

    /// <summary>Their kinds.</summary>
    public ReadOnlySpan<RowKind> Kinds => _kinds.AsSpan(0, _count);

    /// <summary>Chooses the changelog of a range of results.</summary>
    /// <param name="results">What was merged.</param>
    /// <param name="start">The first result.</param>
    /// <param name="count">How many.</param>
    /// <param name="before">The rows before.</param>
    /// <param name="merged">The rows of the range, from row 0 on.</param>
    /// <param name="sources">The vectors of each column that the rows before are in.</param>
    public void Choose(
        MergeResult results, int start, int count, BeforeRows before, ColumnBatch merged, ColumnVector[]?[] sources)
    {
        _count = 0;
        if (_rows.Length < 2 * count)
        {
            _rows = new RowReference[2 * count];
            _kinds = new RowKind[2 * count];
        }

        var mergedSource = Array.Find(sources, columns => columns is not null)!.Length;
        for (var row = 0; row < count; row++)
        {
            var group = results.Groups[start + row];
            var change = before.Changes[group];
            if (change is not (KeyChange.New or KeyChange.Known))
            {
                continue;
            }

            var after = new RowReference(mergedSource, row);
            var isAdd = results.Kinds[start + row].IsAdd();
            if (change == KeyChange.New)
            {
                if (isAdd)
                {
                    Add(_keepsKind ? results.Kinds[start + row] : RowKind.Insert, after);
                }
            }
            else if (!isAdd)
            {
                Add(RowKind.Delete, before.Before[group]);
            }
            else if (_compared is null || !AreEqual(before.Before[group], row, merged, sources))
            {
                Add(RowKind.UpdateBefore, before.Before[group]);
                Add(RowKind.UpdateAfter, after);
            }
        }
    }

    private void Add(RowKind kind, RowReference row)
    {
        _kinds[_count] = kind;
        _rows[_count++] = row;
    }

    private bool AreEqual(RowReference before, int after, ColumnBatch merged, ColumnVector[]?[] sources)
    {
        foreach (var column in _compared!)
        {
            if (sources[column] is { } vectors
                && !VectorEquality.AreEqual(vectors[before.Source], before.Row, merged.Columns[column], after))
            {
                return false;
            }
        }

        return true;
    }
}

using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// Applies a changelog as it grows. That of a compaction has to fit the state: a key that is new, images that are there. Of producer
/// input the changes are what was written, an upsert each; they follow the order of commits only.
/// </summary>
internal sealed class ModelChangelog(ModelShape shape)
{
    private readonly SortedDictionary<string, string> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = [];
    private long _next = 1;
    private string? _before;
    private bool _hasOldColumns;

    /// <summary>False when it can be followed no more, as a change of the schema came after changes had expired.</summary>
    public bool IsKnown { get; private set; } = true;

    /// <summary>The rows, sorted.</summary>
    public IEnumerable<string> Rows => _rows.Values
        .Concat(_counts.SelectMany(row => Enumerable.Repeat(row.Value < 0 ? $"{row.Value} {row.Key}" : row.Key, Math.Abs(row.Value))))
        .Order(StringComparer.Ordinal);

    /// <summary>The columns have changed: goes through all changes again.</summary>
    public void Restart(bool hasExpired)
    {
        IsKnown &= !hasExpired;
        _hasOldColumns = true;
        _rows.Clear();
        _counts.Clear();
        _next = 1;
    }

    /// <summary>Applies what was committed since the last call.</summary>
    /// <returns>The changes.</returns>
    public async Task<IReadOnlyList<string>> FollowAsync(Table table)
    {
        var latest = (await table.LatestSnapshotAsync())?.Id ?? 0;
        var changes = new List<string>();
        if (!IsKnown || latest < _next)
        {
            return changes;
        }

        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = _next, Bounded = true });
        _next = latest + 1;

        int[] keys = [.. table.Schema.IndexesOf(table.Schema.PrimaryKeys)];
        var keyType = table.Schema.RowType.Project(keys);
        await foreach (var (_, rows) in stream.ReadAsync())
        {
            for (var row = 0; row < rows.RowCount; row++)
            {
                var text = TableKit.Text(rows, row);
                var key = new ColumnBatch(keyType, [.. keys.Select(index => rows.Columns[index])], rows.RowCount);
                changes.Add($"{rows.KindOf(row).ToShortText()} {text}");
                Apply(rows.KindOf(row), TableKit.Text(key, row), text);
            }
        }

        return changes;
    }

    private void Apply(RowKind kind, string key, string row)
    {
        // What changed a column that was dropped since shows nothing of it.
        Assert.False(
            shape.DropsEqualImages && !_hasOldColumns && kind == RowKind.UpdateAfter && _before == row, $"-U and +U {row}, which changes nothing");
        _before = kind == RowKind.UpdateBefore ? row : null;
        if (shape.Buckets == ModelBuckets.CrossPartition)
        {
            // A key that moves is in two buckets, whose compactions have no order.
            _counts[row] = _counts.GetValueOrDefault(row) + (kind.IsAdd() ? 1 : -1);
            return;
        }

        if (shape.Producer != "input")
        {
            switch (kind)
            {
                case RowKind.Insert:
                    Assert.False(_rows.ContainsKey(key), $"+I {row}, which is there");
                    break;
                case RowKind.UpdateAfter:
                    // A row that is the first of its key keeps the kind it was written with (fact 40).
                    Assert.True(shape.IsFirstRow || !_rows.ContainsKey(key), $"+U {row} without -U");
                    break;
                default:
                    Assert.True(
                        _rows.GetValueOrDefault(key) == row,
                        $"{kind.ToShortText()} {row}, but there is {_rows.GetValueOrDefault(key) ?? "nothing"}");
                    break;
            }
        }

        if (kind.IsAdd())
        {
            _rows[key] = row;
        }
        else
        {
            _rows.Remove(key);
        }
    }
}

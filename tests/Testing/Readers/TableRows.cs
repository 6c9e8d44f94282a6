using System.Text;
using System.Text.Json;
using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Testing.Readers;

/// <summary>Rows and changes of a table as our engine reads them, each row as its JSON text.</summary>
public static class TableRows
{
    /// <summary>The rows of the newest snapshot, sorted by their text.</summary>
    /// <param name="folder">The table's folder.</param>
    public static async Task<List<string>> ScanAsync(string folder)
    {
        var table = await Table.OpenAsync(folder);
        var rows = new List<string>();
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                rows.Add(ToJson(batch, row));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>All changes in their order: snapshot, kind, the row's JSON text and that of its primary key.</summary>
    /// <param name="folder">The table's folder.</param>
    public static async Task<List<TableChange>> ChangesAsync(string folder)
    {
        var table = await Table.OpenAsync(folder);
        var keys = table.Schema.IndexesOf(table.Schema.PrimaryKeys);
        var changes = new List<TableChange>();
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        await foreach (var (snapshot, rows) in stream.ReadAsync())
        {
            for (var row = 0; row < rows.RowCount; row++)
            {
                var key = string.Join('\u0001', keys.Select(column => ToJson(rows.Columns[column], row)));
                changes.Add(new TableChange(snapshot, rows.KindOf(row), key, ToJson(rows, row)));
            }
        }

        return changes;
    }

    /// <summary>
    /// Replays changes: +I only where the key is absent; -U and -D only where exactly this row is present; +U only after the
    /// -U of its key. Fails the test at the first change that breaks this.
    /// </summary>
    /// <param name="changes">In their order.</param>
    /// <param name="what">Named in the failure.</param>
    /// <returns>The rows that are there in the end, sorted.</returns>
    public static List<string> Fold(IEnumerable<TableChange> changes, string what)
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        var updating = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var isThere = rows.TryGetValue(change.Key, out var present);
            var isGood = change.Kind switch
            {
                RowKind.Insert => !isThere && !updating.Contains(change.Key),
                RowKind.UpdateAfter => updating.Remove(change.Key),
                _ => isThere && present == change.Row,
            };
            Assert.True(isGood, $"{what}: {change} does not follow from {present ?? "no row"}");
            if (change.Kind.IsAdd())
            {
                rows[change.Key] = change.Row;
            }
            else
            {
                rows.Remove(change.Key);
                if (change.Kind == RowKind.UpdateBefore)
                {
                    updating.Add(change.Key);
                }
            }
        }

        Assert.True(updating.Count == 0, $"{what}: a -U has no +U: {updating.FirstOrDefault()}");
        var left = rows.Values.ToList();
        left.Sort(StringComparer.Ordinal);
        return left;
    }

    /// <summary>A row as a JSON object.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="row">Which one.</param>
    public static string ToJson(ColumnBatch batch, int row) => Write(writer => JsonValueWriter.WriteRow(writer, batch, row));

    /// <summary>A value as JSON.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">Which row.</param>
    public static string ToJson(ColumnVector column, int row) => Write(writer => JsonValueWriter.Write(writer, column, row));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

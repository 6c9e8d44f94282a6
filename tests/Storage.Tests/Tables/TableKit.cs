using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Catalogs in memory, and rows as texts to compare.</summary>
internal static class TableKit
{
    public static StorageEnvironment NewEnvironment(int seed = 1) => new(new MemoryFileIO()) { Ids = new SeededIds(seed) };

    public static ValueTask<Catalog> OpenCatalogAsync(StorageEnvironment? environment = null) =>
        Catalog.OpenAsync("/warehouse", environment ?? NewEnvironment());

    public static async Task<List<string>> RowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                rows.Add(Text(batch, row));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>What a stream gives from a snapshot on, or from the newest state on where none is named.</summary>
    public static async Task<List<string>> ChangesAsync(Table table, long? from, Predicate? filter = null)
    {
        var changes = new List<string>();
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = from, Bounded = true, Filter = filter });
        await foreach (var batch in stream.ReadAsync())
        {
            for (var row = 0; row < batch.Rows.RowCount; row++)
            {
                changes.Add($"{batch.SnapshotId} {new Row(batch.Rows, row)}");
            }
        }

        return changes;
    }

    public static string Text(ColumnBatch batch, int row)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            JsonValueWriter.WriteRow(writer, batch, row);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

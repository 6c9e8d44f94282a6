using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Testing.Readers;

/// <summary>
/// Proves a primary-key table that our engine wrote, by readers that share no code with it:
/// <list type="bullet">
/// <item>the independent checker finds no violation in any snapshot and reads the rows and the changes that we read;</item>
/// <item>the changes, replayed strictly, are the rows;</item>
/// <item>DuckDB reads every Parquet file with the values that we read in it.</item>
/// </list>
/// </summary>
public static class TableProof
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Proves all tables of a warehouse.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    public static async Task ProveWarehouseAsync(string warehouse)
    {
        var tables = Directory.EnumerateDirectories(warehouse, "*.db").SelectMany(Directory.EnumerateDirectories).ToList();
        Assert.NotEmpty(tables);
        foreach (var table in tables)
        {
            await ProveAsync(table);
        }
    }

    /// <summary>Proves one table.</summary>
    /// <param name="folder">The table's folder.</param>
    public static async Task ProveAsync(string folder)
    {
        var rows = await TableRows.ScanAsync(folder);
        var table = await Table.OpenAsync(folder);
        if (table.Options.GetString("changelog-producer", "none") != "none")
        {
            var changes = await TableRows.ChangesAsync(folder);
            AssertSame(rows, TableRows.Fold(changes, folder), $"{folder}: the folded changelog");
            await CheckChangesAsync(folder, changes);
        }

        await PaimonCheck.AssertValidAsync(folder);
        if (await table.LatestSnapshotAsync() is not null)
        {
            var theirs = (await PaimonCheck.ReadAsync(folder)).Select(Normal).Order(StringComparer.Ordinal);
            AssertSame(rows.Select(Normal).Order(StringComparer.Ordinal), theirs, $"{folder}: the rows that paimon-check reads");
        }

        if (File.Exists(ServerInstallation.Program("duckdb", "duckdb")))
        {
            await DuckDbFiles.CompareAsync(folder);
        }
    }

    /// <summary>Fails the test at the first difference of two sorted lists.</summary>
    /// <param name="expected">Sorted.</param>
    /// <param name="actual">Sorted.</param>
    /// <param name="what">Named in the failure.</param>
    public static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual, string what)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        if (left.SequenceEqual(right, StringComparer.Ordinal))
        {
            return;
        }

        var (missing, surplus) = (Without(left, right), Without(right, left));
        Assert.Fail(
            $"{what}: {left.Count} rows expected, {right.Count} found.\n"
            + $"missing ({missing.Count}): {string.Join("\n  ", missing.Take(3))}\n"
            + $"surplus ({surplus.Count}): {string.Join("\n  ", surplus.Take(3))}");
    }

    private static async Task CheckChangesAsync(string folder, List<TableChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var theirs = (await PaimonCheck.ChangelogAsync(folder, 1)).Select(Normal).Order(StringComparer.Ordinal);
        var ours = changes
            .Select(c => Normal($"{{\"_snapshot\":{c.Snapshot},\"_row_kind\":\"{c.Kind.ToShortText()}\",{c.Row[1..]}"))
            .Order(StringComparer.Ordinal);
        AssertSame(ours, theirs, $"{folder}: the changes that paimon-check reads");
    }

    private static List<string> Without(List<string> rows, List<string> others)
    {
        var counts = others.CountBy(row => row).ToDictionary();
        var left = new List<string>();
        foreach (var row in rows)
        {
            if (counts.TryGetValue(row, out var count) && count > 0)
            {
                counts[row] = count - 1;
            }
            else
            {
                left.Add(row);
            }
        }

        return left;
    }

    private static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Normal(document.RootElement);
    }

    /// <summary>One text for one value: numbers by value, members by name.</summary>
    private static string Normal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => $"{JsonSerializer.Serialize(m.Name, Relaxed)}:{Normal(m.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Normal)) + "]",
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString(), Relaxed),
        JsonValueKind.Number when !value.TryGetInt64(out _) => value.GetDouble().ToString("R"),
        _ => value.GetRawText(),
    };
}

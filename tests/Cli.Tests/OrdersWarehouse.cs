using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Cli.Tests;

/// <summary>
/// A warehouse on disk with the table shop.orders: snapshot 1 inserts 1 to 3, snapshot 2 pays 1 and deletes 3, snapshot 3
/// inserts 4.
/// </summary>
internal sealed class OrdersWarehouse : IDisposable
{
    private readonly TempDirectory _folder = new("warehouse");

    public string Path => _folder.Path;

    public string TablePath => System.IO.Path.Combine(Path, "shop.db", "orders");

    public static async Task<OrdersWarehouse> CreateAsync(string? fileFormat = null)
    {
        var warehouse = new OrdersWarehouse();
        var catalog = await Catalog.OpenAsync(warehouse.Path);
        var definition = new TableDefinition()
            .Column("id", DataTypes.BigInt).Column("status", DataTypes.String).Column("amount", DataTypes.Decimal(10, 2))
            .PrimaryKey("id").Option("changelog-producer", "input").Option("write-only", "true");
        var table = await catalog.CreateTableAsync(
            new Identifier("shop", "orders"), fileFormat is null ? definition : definition.Option("file.format", fileFormat));
        await using var writer = table.NewWriter("orders");
        await writer.UpsertAsync(1, "NEW", 9.50m);
        await writer.UpsertAsync(2, "NEW", 20m);
        await writer.UpsertAsync(3, "NEW", null);
        await writer.CommitAsync();
        await writer.UpsertAsync(1, "PAID", 9.50m);
        await writer.DeleteAsync(3);
        await writer.CommitAsync();
        await writer.UpsertAsync(4, "L'Hôtel", 1234.56m);
        await writer.CommitAsync();
        return warehouse;
    }

    /// <summary>Adds one more snapshot with one row.</summary>
    public async Task UpsertAsync(long id, string status)
    {
        var table = await Table.OpenAsync(TablePath);
        await using var writer = table.NewWriter("more");
        await writer.UpsertAsync(id, status, null);
        await writer.CommitAsync();
    }

    /// <summary>The tool with this warehouse.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) =>
        ToolRun.OfAsync(new Dictionary<string, string> { ["PAIMONSHARP_WAREHOUSE"] = Path }, arguments);

    /// <summary>
    /// The newest file below the table whose name begins so. <c>manifest-list-</c> means the newest snapshot's list of its
    /// changes, <c>manifest-</c> the oldest manifest: files that a scan needs.
    /// </summary>
    public string FileOf(string folder, string prefix)
    {
        var directory = System.IO.Path.Combine(TablePath, folder);
        if (prefix == "manifest-list-")
        {
            using var snapshot = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(TablePath, "snapshot", "snapshot-3")));
            return System.IO.Path.Combine(directory, snapshot.RootElement.GetProperty("deltaManifestList").GetString()!);
        }

        var files = Directory.GetFiles(directory, prefix + "*").Order(StringComparer.Ordinal);
        return prefix == "manifest-" ? files.First() : files.Last();
    }

    public void Dispose() => _folder.Dispose();
}

using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

var catalog = await Catalog.OpenAsync(args.Length > 0 ? args[0] : "./warehouse");
var run = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
var table = await catalog.CreateTableAsync(new Identifier("shop", $"orders_{run}"), new TableDefinition()
    .Column("id", DataTypes.BigInt).Column("status", DataTypes.String).Column("amount", DataTypes.Decimal(10, 2))
    .PrimaryKey("id").Option("changelog-producer", "input"));

await using var writer = table.NewWriter();
await writer.UpsertAsync(1, "NEW", 9.50m);
await writer.UpsertAsync(2, "NEW", 20m);
await writer.CommitAsync();
await writer.UpsertAsync(1, "PAID", 9.50m);
await writer.DeleteAsync(2);
await writer.CommitAsync();

await foreach (var row in table.NewScan().Project("id", "status").ReadRowsAsync())
{
    Console.WriteLine($"{row.GetInt64("id")} {row.GetString("status")}");
}

var order = await table.GetAsync(1);
Console.WriteLine($"order 1: {order}");

await foreach (var changes in table.NewChangelogStream(new() { FromSnapshot = 1, Bounded = true }).ReadAsync())
{
    for (var i = 0; i < changes.Rows.RowCount; i++)
    {
        Console.WriteLine($"snapshot {changes.SnapshotId}: {new Row(changes.Rows, i)}");
    }
}

// Without a primary key every row stays.
var events = await catalog.CreateTableAsync(new Identifier("shop", $"events_{run}"), new TableDefinition()
    .Column("day", DataTypes.Date).Column("event", DataTypes.String).PartitionedBy("day"));
await using var log = events.NewWriter();
await log.UpsertAsync("2026-01-31", "login");
await log.UpsertAsync("2026-01-31", "login");
await log.CommitAsync();

await foreach (var row in events.NewScan().ReadRowsAsync())
{
    Console.WriteLine(row);
}

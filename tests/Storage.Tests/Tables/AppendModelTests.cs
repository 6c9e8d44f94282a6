using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Random tables without a primary key under random operations against a list of rows.</summary>
public class AppendModelTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_table_holds_what_a_list_holds_and_its_changes_give_the_same() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static async Task RunAsync(int seed)
    {
        var random = new RandomValues(seed);
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed));
        var table = await catalog.CreateTableAsync(Name, NewDefinition(random));
        var model = new List<string>();
        var committed = new List<List<string>>();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 30; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await writer.CompactAsync();
                    break;
                case 1 or 2 or 3:
                    await CommitAsync(writer, model, committed);
                    break;
                case 4:
                    await CommitAsync(writer, model, committed);
                    await writer.DisposeAsync();
                    table = await catalog.GetTableAsync(Name);
                    writer = table.NewWriter("model");
                    break;
                case 5 when random.Next(3) == 0:
                    await writer.DisposeAsync();
                    writer = table.NewWriter("model");
                    model = committed.Count == 0 ? [] : [.. committed[^1]];
                    break;
                default:
                    var rows = random.Next(40);
                    var batch = new ColumnBatch(
                        table.Schema.RowType, [.. table.Schema.Fields.Select(field => random.Column(field.Type, rows))], rows);
                    model.AddRange(Enumerable.Range(0, rows).Select(row => TableKit.Text(batch, row)));
                    await writer.WriteAsync(batch);
                    break;
            }
        }

        await CommitAsync(writer, model, committed);
        await writer.DisposeAsync();
        await CheckAsync(table, model, committed);
    }

    private static TableDefinition NewDefinition(RandomValues random)
    {
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int)
            .Option("target-file-size", random.Next(2) == 0 ? "1 kb" : "128 mb")
            .Option("write-buffer-size", random.Next(3) == 0 ? "1 kb" : "256 mb")
            .Option("compaction.min.file-num", $"{2 + random.Next(4)}");
        for (var i = random.Next(4); i >= 0; i--)
        {
            definition = definition.Column($"v{i}", random.Scalar());
        }

        // Avro has no finer times.
        if (random.Next(2) == 0 && definition.Columns.All(column => column.Type is not TemporalType { Precision: > 6 }))
        {
            definition = definition.Option("file.format", "avro");
        }

        if (random.Next(2) == 0)
        {
            definition = definition.Option("bucket", $"{1 + random.Next(3)}").Option("bucket-key", "k");
        }

        return random.Next(3) == 0 ? definition.Column("p", DataTypes.Boolean).PartitionedBy("p") : definition;
    }

    private static async Task CommitAsync(TableWriter writer, List<string> model, List<List<string>> committed)
    {
        foreach (var snapshot in await writer.CommitAsync())
        {
            Assert.Equal(committed.Count + 1, snapshot.Id);
            committed.Add([.. model.Order(StringComparer.Ordinal)]);
        }
    }

    private static async Task CheckAsync(Table table, List<string> model, List<List<string>> committed)
    {
        Assert.Equal(model.Order(StringComparer.Ordinal), await TableKit.RowsAsync(table.NewScan()));
        for (var id = 1; id <= committed.Count; id++)
        {
            Assert.Equal(committed[id - 1], await TableKit.RowsAsync(table.NewScan().AsOfSnapshot(id)));
        }

        var changes = new List<string>();
        await foreach (var change in table.NewChangelogStream(new() { FromSnapshot = 1, Bounded = true }).ReadAsync())
        {
            changes.AddRange(Enumerable.Range(0, change.Rows.RowCount).Select(row => TableKit.Text(change.Rows, row)));
        }

        Assert.Equal(model.Order(StringComparer.Ordinal), changes.Order(StringComparer.Ordinal));
    }
}

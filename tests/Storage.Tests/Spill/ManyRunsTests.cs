using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Spill;

/// <summary>Sections of more runs than a merge reads side by side.</summary>
public class ManyRunsTests
{
    private static readonly Identifier Name = new("db", "t");

    private static readonly string[][] Engines =
    [
        [],
        ["sequence.field=v"],
        ["sequence.field=v", "sequence.field.sort-order=descending"],
        ["merge-engine=partial-update", "partial-update.remove-record-on-delete=true"],
        ["merge-engine=aggregation", "fields.v.aggregate-function=sum", "fields.s.aggregate-function=last_value"],
        ["merge-engine=first-row", "ignore-delete=true"],
    ];

    private static readonly string[][] Changelogs =
        [[], ["changelog-producer=full-compaction"], ["changelog-producer=lookup"], ["deletion-vectors.enabled=true"]];

    [Fact]
    public void Any_threshold_and_any_buffer_give_the_same_rows_and_the_same_changelog() =>
        Prop.ForAll<int>(seed => CompareAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task A_value_lost_by_a_cast_is_told_of_when_its_run_was_spilled()
    {
        using var folder = new TempDirectory("spill");
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, new TableDefinition()
            .Column("k", DataTypes.Int)
            .Column("d", DataTypes.Decimal(9, 2))
            .PrimaryKey("k")
            .Option("num-sorted-run.compaction-trigger", "1000")
            .Option("lookup.local-dir", folder.Path)
            .Option("sort-spill-threshold", "1")
            .Option("sort-spill-buffer-size", "1 b"));
        await UpsertAsync(table, 1, 5m);
        await UpsertAsync(table, 1, 1234567.89m);
        await UpsertAsync(table, 2, 5m);
        await catalog.AlterTableAsync(Name, new SchemaChange.UpdateColumnType(["d"], DataTypes.Decimal(4, 1)));
        table = await catalog.GetTableAsync(Name);
        Assert.Equal(["""{"k":1,"d":null}""", """{"k":2,"d":"5.0"}"""], await TableKit.RowsAsync(table.NewScan()));
        await using (var writer = table.NewWriter())
        {
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CompactAsync());
            Assert.Contains("column 'd'", error.Message, StringComparison.Ordinal);
        }

        await UpsertAsync(table, 1, 6m);
        await using (var writer = table.NewWriter())
        {
            await writer.CompactAsync();
            Assert.Single(await writer.CommitAsync());
        }

        Assert.Equal(["""{"k":1,"d":"6.0"}""", """{"k":2,"d":"5.0"}"""], await TableKit.RowsAsync(table.NewScan()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_full_local_disk_is_told_of_and_the_table_is_as_it_was()
    {
        var disk = new SimulatedFileSystem(1) { SpaceBytes = 0 };
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment() with { ScratchFiles = disk });
        var table = await catalog.CreateTableAsync(Name, Definition(Engines[0], [], spills: true));
        for (var i = 0; i < 4; i++)
        {
            await WriteAsync(table, new Random(i));
        }

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("lookup.local-dir", error.Message, StringComparison.Ordinal);
        table = await catalog.GetTableAsync(Name, new Dictionary<string, string> { ["sort-spill-threshold"] = "100" });
        Assert.NotEmpty(await TableKit.RowsAsync(table.NewScan()));
    }

    private static async Task CompareAsync(int seed)
    {
        var random = new Random(seed);
        var engine = Engines[random.Next(Engines.Length)];
        var changelog = Changelogs[random.Next(Changelogs.Length)];
        if (engine.Contains("merge-engine=first-row"))
        {
            changelog = Changelogs[0];
        }

        var threshold = 1 + random.Next(4);
        var bufferBytes = random.Next(3) switch { 0 => 1, 1 => random.Next(5_000), _ => 1 << 20 };
        var expected = await PlayAsync(seed, Definition(engine, changelog, spills: false));
        var actual = await PlayAsync(seed, Definition(engine, changelog, spills: false)
            .Option("sort-spill-threshold", $"{threshold}")
            .Option("sort-spill-buffer-size", $"{bufferBytes} b"));
        Assert.Equal(expected, actual);
    }

    // What a table shows after each of some commits and compactions.
    private static async Task<List<string>> PlayAsync(int seed, TableDefinition definition)
    {
        var random = new Random(seed);
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed));
        var table = await catalog.CreateTableAsync(Name, definition);
        var compacting = await catalog.GetTableAsync(Name, new Dictionary<string, string> { ["write-only"] = "false" });
        var seen = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            for (var i = random.Next(12); i >= 0; i--)
            {
                await WriteAsync(table, random);
            }

            seen.AddRange(await TableKit.RowsAsync(table.NewScan()));
            seen.AddRange(await TableKit.RowsAsync(table.NewScan().Project("v")));
            await using var writer = compacting.NewWriter();
            await writer.CompactAsync(isFull: random.Next(2) == 0);
            await writer.CommitAsync();
            seen.AddRange((await table.FilesAsync()).Select(file => $"level {file.Level}: {file.RowCount} rows"));
            seen.AddRange(await TableKit.RowsAsync(table.NewScan()));
        }

        seen.AddRange(await TableKit.ChangesAsync(table, 1));
        return seen;
    }

    private static async Task WriteAsync(Table table, Random random)
    {
        var takesDeletes = !table.Options.GetBoolean("ignore-delete", false);
        var batch = new ColumnBatch(table.Schema.RowType, withKinds: true);
        var rows = 1 + random.Next(40);
        for (var row = 0; row < rows; row++)
        {
            ((FixedVector<int>)batch.Columns[0]).Append(random.Next(60));
            ((FixedVector<int>)batch.Columns[1]).Append(random.Next(20));
            ((BinaryVector)batch.Columns[2]).Append($"text {random.Next(1000)}");
            batch.Kinds!.Append(takesDeletes && random.Next(5) == 0 ? RowKind.Delete : RowKind.Insert);
        }

        batch.EndRows(rows);
        await using var writer = table.NewWriter();
        await writer.WriteAsync(batch);
        await writer.CommitAsync();
    }

    private static async Task UpsertAsync(Table table, int key, decimal value)
    {
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(key, value);
        await writer.CommitAsync();
    }

    private static TableDefinition Definition(string[] engine, string[] changelog, bool spills)
    {
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int)
            .Column("v", DataTypes.Int)
            .Column("s", DataTypes.String)
            .PrimaryKey("k")
            .Option("bucket", "1")
            .Option("write-only", "true");
        foreach (var option in engine.Concat(changelog))
        {
            var at = option.IndexOf('=', StringComparison.Ordinal);
            definition = definition.Option(option[..at], option[(at + 1)..]);
        }

        return spills
            ? definition.Option("sort-spill-threshold", "1").Option("sort-spill-buffer-size", "1 b")
            : definition.Option("sort-spill-threshold", "1000");
    }
}

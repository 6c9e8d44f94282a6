using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Lookup;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Rows by key against scans of the same snapshot.</summary>
public class TableLookupTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public async Task A_row_that_alone_counts_of_several_levels_meets_the_engine_as_in_a_scan()
    {
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.Int).PrimaryKey("k").Option("bucket", "1")
            .Option("merge-engine", "aggregation").Option("fields.v.aggregate-function", "sum")
            .Option("compaction.force-up-level-0", "true");
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(MaintainedTable.Name, definition);
        await using (var writer = table.NewWriter())
        {
            // So many that they are no part of the next compaction.
            for (var key = 0; key < 3000; key++)
            {
                await writer.UpsertAsync(key, 5);
            }

            await writer.CompactAsync();
            await writer.CommitAsync();
            await writer.DeleteAsync(1, 3);
            await writer.CompactAsync(isFull: false);
            await writer.CommitAsync();
        }

        Assert.Equal(2, (await table.FilesAsync()).Count(file => file.Level > 0));
        Assert.Contains("""{"k":1,"v":2}""", await TableKit.RowsAsync(table.NewScan()));
        await catalog.AlterTableAsync(MaintainedTable.Name, new SchemaChange.SetOption("changelog-producer", "lookup"));
        table = await catalog.GetTableAsync(MaintainedTable.Name);
        Assert.Contains("""{"k":1,"v":-3}""", await TableKit.RowsAsync(table.NewScan()));
        await using var lookup = await table.OpenLookupAsync();
        Assert.Equal(-3, (await lookup.GetAsync(1))?.GetInt32(1));
    }

    [Fact]
    public void A_lookup_finds_what_a_scan_of_the_same_snapshot_gives() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task Get_finds_the_newest_row_at_first_and_later()
    {
        var (_, table) = await OrdersAsync();
        await using var writer = table.NewWriter();
        for (var i = 0; i < 100; i++)
        {
            await writer.UpsertAsync(i, $"text {i}");
        }

        await writer.CommitAsync();
        Assert.Equal("text 42", (await table.GetAsync(42))!.Value.GetString("note"));
        Assert.Equal("text 43", (await table.GetAsync(43))!.Value.GetString("note"));
        Assert.Null(await table.GetAsync(100));
        await writer.UpsertAsync(42, "new");
        await writer.DeleteAsync(43);
        await writer.CommitAsync();
        Assert.Equal("new", (await table.GetAsync(42))!.Value.GetString("note"));
        Assert.Null(await table.GetAsync(43));
    }

    [Fact]
    public async Task A_lookup_stays_at_its_snapshot_until_it_is_refreshed()
    {
        var (_, table) = await OrdersAsync();
        await using var writer = table.NewWriter();
        await using var early = await table.OpenLookupAsync();
        Assert.Null(early.SnapshotId);
        Assert.Null(await early.GetAsync(1));
        await writer.UpsertAsync(1, "one");
        await writer.CommitAsync();
        await using var lookup = await table.OpenLookupAsync();
        await using var first = await table.OpenLookupAsync(new TableLookupOptions { SnapshotId = 1, Columns = ["note"] });
        Assert.Equal("one", (await lookup.GetAsync(1))!.Value.GetString("note"));
        await writer.UpsertAsync(1, "two");
        await writer.CommitAsync();
        Assert.Equal("one", (await lookup.GetAsync(1))!.Value.GetString("note"));
        Assert.True(await lookup.RefreshAsync());
        Assert.False(await lookup.RefreshAsync());
        Assert.False(await first.RefreshAsync());
        Assert.Equal("two", (await lookup.GetAsync(1))!.Value.GetString("note"));
        Assert.Equal("one", (await first.GetAsync(1))!.Value.GetString(0));
        Assert.True(await early.RefreshAsync());
        Assert.Equal("two", (await early.GetAsync(1))!.Value.GetString("note"));
    }

    [Fact]
    public async Task A_lookup_sees_another_snapshot_that_took_the_place_of_its_own()
    {
        var (_, table) = await OrdersAsync();
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, "one");
            await writer.CommitAsync();
            await writer.UpsertAsync(1, "two");
            await writer.CommitAsync();
        }

        await using var lookup = await table.OpenLookupAsync();
        Assert.Equal("two", (await lookup.GetAsync(1))!.Value.GetString("note"));
        await table.Maintenance.RollBackToSnapshotAsync(1);
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, "three");
            await writer.CommitAsync();
        }

        Assert.Equal(2, lookup.SnapshotId);
        Assert.True(await lookup.RefreshAsync());
        Assert.Equal(2, lookup.SnapshotId);
        Assert.Equal("three", (await lookup.GetAsync(1))!.Value.GetString("note"));
    }

    [Fact]
    public async Task A_lookup_file_that_nobody_asks_for_goes_after_its_retention()
    {
        var time = new ManualTime();
        var (_, table) = await OrdersAsync(NewEnvironment(7) with { TimeProvider = time });
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "one");
        await writer.CommitAsync();
        await using var lookup = await table.OpenLookupAsync();
        Assert.NotNull(await lookup.GetAsync(1));
        await lookup.Store.EvictAsync();
        Assert.Equal(1, lookup.Store.FileCount);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(await lookup.GetAsync(1));
        await lookup.Store.EvictAsync();
        time.Advance(TimeSpan.FromMinutes(59));
        await lookup.Store.EvictAsync();
        Assert.Equal(1, lookup.Store.FileCount);
        time.Advance(TimeSpan.FromMinutes(2));
        await lookup.Store.EvictAsync();
        Assert.Equal(0, lookup.Store.FileCount);
        Assert.Equal(0, lookup.Store.Cache.BlockBytes + lookup.Store.Cache.FixedBytes);
        Assert.NotNull(await lookup.GetAsync(1));
    }

    [Fact]
    public async Task Wrong_keys_are_refused_and_a_key_with_null_has_no_row()
    {
        var (catalog, table) = await OrdersAsync();
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await table.GetAsync(1, 2));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("id", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<PaimonException>(async () => await table.GetAsync("x"));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Null(await table.GetAsync([null], CancellationToken.None));
        var append = await catalog.CreateTableAsync(new Identifier("db", "a"), new TableDefinition().Column("id", DataTypes.Int));
        error = await Assert.ThrowsAsync<PaimonException>(async () => await append.GetAsync(1));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
    }

    [Fact]
    public async Task Several_threads_find_all_rows_while_files_are_evicted_and_their_folder_is_removed()
    {
        using var folder = new TempDirectory("lookup");
        var (_, table) = await OrdersAsync(new StorageEnvironment(new MemoryFileIO()) { Ids = new SeededIds(4) });
        await using var writer = table.NewWriter();
        const int Keys = 8_000;
        for (var i = 0; i < Keys; i++)
        {
            await writer.UpsertAsync(i, $"text {i} {new string((char)('a' + (i % 26)), 60)}");
            if (i % 2000 == 1999)
            {
                await writer.CommitAsync();
            }
        }

        var options = new Dictionary<string, string>
        {
            ["lookup.cache-max-memory-size"] = "1 mb",
            ["lookup.cache-max-disk-size"] = "1 kb",
            ["lookup.local-dir"] = folder.Path,
        };
        await using var lookup = await table.WithOptions(options).OpenLookupAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 60; i++)
            {
                var key = random.Next(-10, Keys + 10);
                var row = await lookup.GetAsync(key);
                Assert.Equal(key is >= 0 and < Keys, row is not null);
                if (i % 20 == 0)
                {
                    Clean(folder.Path);
                }

                if (row is { } found)
                {
                    Assert.StartsWith($"text {key} ", found.GetString("note"), StringComparison.Ordinal);
                }
            }
        })));
        Assert.InRange(lookup.Store.FileCount, 1, 4);
        Assert.InRange(lookup.Store.Cache.BlockBytes + lookup.Store.Cache.FixedBytes, 1, 1 << 20);
    }

    [Fact]
    public async Task Disposing_a_lookup_and_the_next_one_leave_no_file_behind()
    {
        using var folder = new TempDirectory("lookup");
        var dead = Path.Combine(folder.Path, "paimonsharp-8d2f7ab2-36a4-4b8c-9d55-0b1f3f1c5a10");
        Directory.CreateDirectory(dead);
        await File.WriteAllTextAsync(Path.Combine(dead, "1.lookup"), "left by a process that died");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "paimonsharp-8d2f7ab2-36a4-4b8c-9d55-0b1f3f1c5a11.lock"), "");
        var (_, table) = await OrdersAsync(new StorageEnvironment(new MemoryFileIO()) { Ids = new SeededIds(3) });
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "one");
        await writer.CommitAsync();
        var options = new Dictionary<string, string> { ["lookup.local-dir"] = folder.Path };
        await using (var lookup = await table.WithOptions(options).OpenLookupAsync())
        {
            Assert.NotNull(await lookup.GetAsync(1));
            Assert.Equal(1, lookup.Store.FileCount);
            Assert.False(Directory.Exists(dead));
            Assert.Single(Directory.GetDirectories(folder.Path));
            Assert.Empty(Directory.GetFiles(Directory.GetDirectories(folder.Path)[0]));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Nothing_of_others_is_removed_from_the_folder_for_local_files()
    {
        using var folder = new TempDirectory("lookup");
        string[] others = ["photos", "8d2f7ab2-36a4-4b8c-9d55-0b1f3f1c5a10", "paimonsharp-notes", "photos/2020"];
        foreach (var name in others)
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name, "a.txt"), "of somebody else");
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "photos.lock"), "");
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order();
        var (_, table) = await OrdersAsync(new StorageEnvironment(new MemoryFileIO()) { Ids = new SeededIds(3) });
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "one");
        await writer.CommitAsync();
        var options = new Dictionary<string, string> { ["lookup.local-dir"] = folder.Path };
        await using (var lookup = await table.WithOptions(options).OpenLookupAsync())
        {
            Assert.NotNull(await lookup.GetAsync(1));
            Assert.Equal(1, lookup.Store.FileCount);
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    // As a daemon does that cleans the system's folder for temporary files.
    private static void Clean(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A file was made in it meanwhile.
        }
    }

    [Fact]
    public async Task A_folder_that_is_removed_while_a_file_is_made_in_it_is_made_again()
    {
        var scratch = new DamagingFileIO { LostFolders = 2 };
        var (_, table) = await OrdersAsync(TableKit.NewEnvironment() with { ScratchFiles = scratch });
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "one");
        await writer.CommitAsync();
        await using var lookup = await table.OpenLookupAsync();
        Assert.Equal("one", (await lookup.GetAsync(1))!.Value.GetString("note"));
        Assert.Equal(-1, scratch.LostFolders);
    }

    private static async Task<(Catalog Catalog, Table Table)> OrdersAsync(StorageEnvironment? environment = null)
    {
        var catalog = await TableKit.OpenCatalogAsync(environment ?? NewEnvironment(1));
        var definition = new TableDefinition().Column("id", DataTypes.BigInt.NotNull()).Column("note", DataTypes.String)
            .PrimaryKey("id").Option("bucket", "1");
        return (catalog, await catalog.CreateTableAsync(Name, definition));
    }

    private static StorageEnvironment NewEnvironment(int seed) =>
        TableKit.NewEnvironment(seed) with { ScratchFiles = new MemoryFileIO() };

    private static async Task RunAsync(int seed)
    {
        var random = new RandomValues(seed);
        var catalog = await TableKit.OpenCatalogAsync(NewEnvironment(seed));
        var table = await catalog.CreateTableAsync(Name, LookupTables.NewDefinition(random));
        var written = new List<object?[]>();
        var writer = table.NewWriter("model");
        await using var lookup = await table.OpenLookupAsync();
        for (var step = 0; step < 25; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await writer.CompactAsync();
                    break;
                case 1 or 2 or 3:
                    await writer.CommitAsync();
                    await lookup.RefreshAsync();
                    if (lookup.SnapshotId is { } snapshot && random.Next(2) == 0)
                    {
                        await CheckAsync(table, lookup, snapshot, written, random);
                    }

                    break;
                default:
                    var batch = LookupTables.NewBatch(random, table);
                    written.AddRange(Keys(table, batch));
                    await writer.WriteAsync(batch);
                    break;
            }
        }

        await writer.CommitAsync();
        await writer.DisposeAsync();
        if (random.Next(2) == 0)
        {
            await table.AlterAsync([new SchemaChange.AddColumn("added", DataTypes.Int)]);
            table = await catalog.GetTableAsync(Name);
        }

        foreach (var snapshot in await table.SnapshotsAsync())
        {
            if (random.Next(3) == 0)
            {
                await using var past = await table.OpenLookupAsync(new TableLookupOptions { SnapshotId = snapshot.Id });
                await CheckAsync(table, past, snapshot.Id, written, random);
            }
        }

        await using var newest = await table.OpenLookupAsync();
        if (newest.SnapshotId is { } last)
        {
            await CheckAsync(table, newest, expectedSnapshot: null, written, random);
            Assert.Equal((await table.LatestSnapshotAsync())!.Id, last);
        }
    }

    private static async Task CheckAsync(
        Table table, TableLookup lookup, long? expectedSnapshot, List<object?[]> written, RandomValues random)
    {
        var scan = expectedSnapshot is { } id ? table.NewScan().AsOfSnapshot(id) : table.NewScan();
        var expected = new Dictionary<string, string>();
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                expected.Add(KeyText(lookup.KeyType, batch, row), TableKit.Text(batch, row));
            }
        }

        var keys = new ColumnBatch(lookup.KeyType);
        foreach (var key in written.Where(_ => random.Next(4) > 0))
        {
            for (var i = 0; i < key.Length; i++)
            {
                ValueAppender.Append(keys.Columns[i], key[i]);
            }

            keys.EndRows(1);
        }

        var rows = new ColumnBatch(lookup.RowType);
        var positions = new int[keys.RowCount];
        var found = await lookup.GetManyAsync(keys, rows, positions);
        Assert.Equal(positions.Count(position => position >= 0), found);
        Assert.Equal(found, rows.RowCount);
        for (var key = 0; key < keys.RowCount; key++)
        {
            var text = expected.GetValueOrDefault(KeyText(lookup.KeyType, keys, key));
            Assert.Equal(text, positions[key] < 0 ? null : TableKit.Text(rows, positions[key]));
            if (random.Next(5) == 0)
            {
                var values = Enumerable.Range(0, keys.Columns.Count).Select(i => ValueReader.GetValue(keys.Columns[i], key)).ToArray();
                var single = await lookup.GetAsync(values, CancellationToken.None);
                Assert.Equal(text, single is { } row ? TableKit.Text(row.Batch, row.Index) : null);
            }
        }
    }

    private static IEnumerable<object?[]> Keys(Table table, ColumnBatch batch)
    {
        var indexes = table.Schema.IndexesOf(table.Schema.PrimaryKeys);
        for (var row = 0; row < batch.RowCount; row++)
        {
            yield return [.. indexes.Select(index => ValueReader.GetValue(batch.Columns[index], row))];
        }
    }

    private static string KeyText(RowType keyType, ColumnBatch batch, int row)
    {
        var encoder = new KeyEncoder(keyType);
        var keys = encoder.CreateKeys();
        encoder.Encode(
            [.. keyType.Fields.Select(field => batch.Columns[batch.RowType.IndexOf(field.Name)])], row, 1, keys);
        return $"{keys.Prefixes[0]} {Convert.ToHexString(keys[0])}";
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Compactions of a writer that go on while it writes and commits.</summary>
public sealed class BackgroundCompactionTests
{
    private static readonly Identifier Name = new("db", "t");
    private static readonly CommitOptions Wait = new() { WaitForCompaction = true };

    private readonly GatedFileIO _files = new();

    [Fact]
    public async Task A_commit_does_not_wait_for_a_compaction_and_a_later_one_carries_it()
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter("job");
        _files.Close();
        for (var id = 0; id < 6; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        Assert.All(await table.SnapshotsAsync(), snapshot => Assert.Equal("APPEND", snapshot.CommitKind));
        _files.Open();
        await writer.UpsertAsync(6, "a");
        var snapshots = await writer.CommitAsync(Wait);
        Assert.Equal(["APPEND", "COMPACT"], snapshots.Select(snapshot => snapshot.CommitKind));
        Assert.Equal(7, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.True(writer.Progress.Compactions > 0);
    }

    [Fact]
    public async Task A_commit_waits_when_there_are_many_more_runs_than_the_stop_trigger()
    {
        var table = await CreateAsync(("num-sorted-run.stop-trigger", "4"));
        await using var writer = table.NewWriter("job");
        _files.Close();
        for (var id = 0; id < 5; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        await writer.UpsertAsync(5, "a");
        var commit = writer.CommitAsync().AsTask();
        await Task.Delay(50);
        Assert.False(commit.IsCompleted);
        _files.Open();
        Assert.Equal(["APPEND", "COMPACT"], (await commit).Select(snapshot => snapshot.CommitKind));
    }

    [Fact]
    public async Task A_compaction_that_fails_is_told_of_once_and_loses_no_row()
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 2; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        _files.Failure = new PaimonException(ErrorKind.Unavailable, "the disk is full");
        await writer.UpsertAsync(2, "a");
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync(Wait));
        Assert.Same(_files.Failure, error);
        Assert.Equal(2, (await table.SnapshotsAsync()).Count);

        // The same commit without a compaction, as nobody waits for one.
        Assert.Single(await writer.CommitAsync());
        _files.Failure = null;
        await writer.UpsertAsync(3, "a");
        Assert.Equal(2, (await writer.CommitAsync(Wait)).Count);
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal(1, await DataFilesAsync(table) - 4);
    }

    [Fact]
    public async Task A_writer_that_ends_stops_its_compaction_and_leaves_no_file_of_it()
    {
        var table = await CreateAsync();
        await using (var writer = table.NewWriter("job"))
        {
            _files.Close();
            for (var id = 0; id < 4; id++)
            {
                await writer.UpsertAsync(id, "a");
                await writer.CommitAsync();
            }
        }

        _files.Open();
        Assert.Equal(4, await DataFilesAsync(table));
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_result_that_nobody_took_goes_with_its_writer()
    {
        var table = await CreateAsync();
        await using (var writer = table.NewWriter("job"))
        {
            _files.Close();
            for (var id = 0; id < 3; id++)
            {
                await writer.UpsertAsync(id, "a");
                await writer.CommitAsync();
            }

            _files.Open();
            while (writer.Progress.Compactions == 0)
            {
                await Task.Delay(1);
            }
        }

        Assert.Equal(3, await DataFilesAsync(table));
        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task The_schema_may_change_while_a_compaction_runs()
    {
        var environment = new StorageEnvironment(_files) { Ids = new SeededIds(1) };
        var table = await CreateAsync(environment);
        var catalog = await Catalog.OpenAsync("/warehouse", environment);
        await using var writer = table.NewWriter("job");
        _files.Close();
        for (var id = 0; id < 3; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        await writer.ApplySchemaAsync(await catalog.AlterTableAsync(Name, new SchemaChange.AddColumn("note", DataTypes.String)));
        await writer.UpsertAsync(1, "b", "new");
        _files.Open();
        await writer.CommitAsync(Wait);
        await writer.CompactAsync();
        await writer.CommitAsync(Wait);
        table = await catalog.GetTableAsync(Name);
        Assert.Equal(
            ["""{"id":0,"name":"a","note":null}""", """{"id":1,"name":"b","note":"new"}""", """{"id":2,"name":"a","note":null}"""],
            await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Who_gives_up_waiting_can_wait_again()
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 2; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        _files.Close();
        await writer.UpsertAsync(2, "a");
        using var giveUp = new CancellationTokenSource();
        var opened = _files.Opened;
        var commit = writer.CommitAsync(Wait, giveUp.Token).AsTask();
        while (_files.Opened == opened)
        {
            await Task.Delay(1);
        }

        // Nothing but the wait for the compaction is given up: all rows have been flushed.
        await Task.Delay(50);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        _files.Open();
        Assert.Equal(["APPEND", "COMPACT"], (await writer.CommitAsync(Wait)).Select(snapshot => snapshot.CommitKind));
        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_file_that_another_writer_replaced_and_expiry_removed_fails_nobody()
    {
        var table = await CreateAsync(("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        await using var writer = table.NewWriter("job");
        _files.Close();
        for (var id = 0; id < 3; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
        }

        while (_files.Opened == 0)
        {
            await Task.Delay(1);
        }

        // The compaction of the first writer has its files in hand when the second one replaces them.
        _files.Open();
        var held = _files.Failure = new FileMissingException("/warehouse/db.db/t/bucket-0/data-replaced-0.parquet");
        await writer.UpsertAsync(3, "a");
        await writer.CommitAsync(Wait);
        Assert.Same(held, _files.Failure);
        _files.Failure = null;
        await writer.UpsertAsync(4, "a");
        await writer.CommitAsync(Wait);
        Assert.Equal(5, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Where_lookups_make_rows_visible_a_commit_waits_unless_told_not_to()
    {
        var table = await CreateAsync(("deletion-vectors.enabled", "true"));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1, "a");
            Assert.Equal(2, (await writer.CommitAsync()).Count);
            _files.Close();
            await writer.UpsertAsync(2, "a");
            Assert.Single(await writer.CommitAsync(new CommitOptions { WaitForCompaction = false }));
            _files.Open();
        }

        var lazy = table.WithOptions(new Dictionary<string, string> { ["lookup-wait"] = "false" });
        await using (var writer = lazy.NewWriter("lazy"))
        {
            _files.Close();
            await writer.UpsertAsync(3, "a");
            Assert.Single(await writer.CommitAsync());
            _files.Open();

            // A commit without rows ends what the one before it began.
            Assert.Equal("COMPACT", Assert.Single(await writer.CommitAsync(Wait)).CommitKind);
        }

        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Files_without_a_key_are_compacted_in_the_background_too()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(_files) { Ids = new SeededIds(1) });
        var table = await catalog.CreateTableAsync(
            Name,
            new TableDefinition().Column("id", DataTypes.Int).Option("bucket", "1").Option("bucket-key", "id")
                .Option("compaction.min.file-num", "3"));
        await using var writer = table.NewWriter("job");
        _files.Close();
        for (var id = 0; id < 4; id++)
        {
            await writer.UpsertAsync(id);
            Assert.Single(await writer.CommitAsync());
        }

        _files.Failure = new PaimonException(ErrorKind.Unavailable, "the disk is full");
        _files.Open();
        await writer.UpsertAsync(4);
        await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync(Wait));
        _files.Failure = null;
        Assert.Equal(2, (await writer.CommitAsync(Wait)).Count);
        Assert.Equal(5, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private async Task<Table> CreateAsync(params (string Key, string Value)[] options) =>
        await CreateAsync(new StorageEnvironment(_files) { Ids = new SeededIds(1) }, options);

    private static async Task<Table> CreateAsync(StorageEnvironment environment, params (string Key, string Value)[] options)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", environment);
        var definition = new TableDefinition().Column("id", DataTypes.Int).Column("name", DataTypes.String).PrimaryKey("id")
            .Option("bucket", "1").Option("num-sorted-run.compaction-trigger", "3");
        return await catalog.CreateTableAsync(
            Name, options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }

    private async Task<int> DataFilesAsync(Table table) => (await _files.ListAsync($"{table.Path}/bucket-0")).Count;
}

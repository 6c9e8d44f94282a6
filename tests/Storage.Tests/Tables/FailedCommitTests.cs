using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

public sealed class FailedCommitTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public async Task A_commit_that_fails_after_its_rows_were_published_leaves_their_files()
    {
        var disk = new FailingFileIO(new MemoryFileIO());
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(disk));
        var table = await catalog.CreateTableAsync(
            Name,
            new TableDefinition()
                .Column("id", DataTypes.BigInt)
                .Column("name", DataTypes.String)
                .PrimaryKey("id")
                .Option("num-sorted-run.compaction-trigger", "2"));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1L, "a");
            await writer.CommitAsync();
            await writer.UpsertAsync(2L, "b");
            disk.FailsAfterPublishing = true;
            var error = await Assert.ThrowsAsync<PaimonException>(
                async () => await writer.CommitAsync(new CommitOptions { WaitForCompaction = true }));
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            disk.FailsAfterPublishing = false;
            await AssertFailedAsync(error, () => writer.UpsertAsync(3L, "c"));
            await AssertFailedAsync(error, () => writer.DeleteAsync(1L));
            await AssertFailedAsync(error, async () => await writer.CommitAsync());
            await AssertFailedAsync(error, () => writer.CompactAsync());
            await AssertFailedAsync(error, () => writer.ApplySchemaAsync(writer.Schema));
        }

        var names = new List<string>();
        await foreach (var row in (await catalog.GetTableAsync(Name)).NewScan().ReadRowsAsync())
        {
            names.Add(row.GetString("name"));
        }

        Assert.Equal(2, (await table.LatestSnapshotOfUserAsync("job"))!.CommitIdentifier);
        Assert.Equal(["a", "b"], names.Order());
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("async")]
    public async Task A_commit_whose_maintenance_breaks_has_happened_and_does_not_look_as_if_it_had_failed(string mode)
    {
        var disk = new FailingFileIO(new MemoryFileIO());
        var table = await CreateAsync(
            disk,
            ("snapshot.num-retained.min", "1"),
            ("snapshot.num-retained.max", "1"),
            ("snapshot.expire.execution-mode", mode));
        await using (var writer = table.NewWriter("job"))
        {
            disk.BreaksOnDelete = true;
            for (var i = 1L; i <= 3; i++)
            {
                await writer.UpsertAsync(i, "a");
                Assert.Equal(i, Assert.Single(await writer.CommitAsync()).Id);
            }

            disk.BreaksOnDelete = false;
            await writer.UpsertAsync(4L, "a");
            await writer.CommitAsync();
        }

        Assert.Equal(4, Assert.Single(await table.SnapshotsAsync()).Id);
    }

    [Fact]
    public async Task A_write_that_fails_closes_the_writer_so_that_no_row_is_lost_without_a_word()
    {
        var disk = new FailingFileIO(new MemoryFileIO());
        var table = await CreateAsync(disk, ("write-buffer-size", "64 kb"), ("write-buffer-spillable", "false"));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1L, "a");
            await writer.CommitAsync();
            disk.Fails = true;
            var error = await Assert.ThrowsAsync<PaimonException>(async () =>
            {
                for (var i = 2L; ; i++)
                {
                    await writer.UpsertAsync(i, new string('x', 100));
                }
            });
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            disk.Fails = false;
            await AssertFailedAsync(error, () => writer.UpsertAsync(3L, "c"));
            await AssertFailedAsync(error, async () => await writer.CommitAsync());
        }

        Assert.Equal(["a"], await NamesAsync(table));
    }

    [Fact]
    public async Task A_preparation_that_fails_closes_the_writer_and_an_error_of_the_caller_does_not()
    {
        var disk = new FailingFileIO(new MemoryFileIO());
        var table = await CreateAsync(disk);
        await using var writer = table.NewWriter("job");
        await Assert.ThrowsAsync<PaimonException>(async () => await writer.UpsertAsync("no number", "a"));
        await writer.UpsertAsync(1L, "a");
        await writer.CommitAsync();
        await writer.UpsertAsync(2L, "b");
        disk.Fails = true;
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await writer.PrepareCommitAsync());
        disk.Fails = false;
        await AssertFailedAsync(error, async () => await writer.PrepareCommitAsync());
        await AssertFailedAsync(error, async () => await writer.CommitAsync());
        Assert.Equal(["a"], await NamesAsync(table));
    }

    [Fact]
    public async Task Rows_of_a_key_keep_their_order_when_a_compaction_fails_between_the_halves_of_commits()
    {
        var table = await CreateAsync(new FailingFileIO(new MemoryFileIO()), ("num-sorted-run.compaction-trigger", "2"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1L, "v1");
        await writer.CommitAsync();
        await writer.UpsertAsync(1L, "v2");
        var second = await writer.PrepareCommitAsync();
        for (var i = 0; i < 10; i++)
        {
            await writer.UpsertAsync(1L, "v3");
        }

        var third = await writer.PrepareCommitAsync();
        await using (var other = table.NewWriter("other"))
        {
            await other.CompactAsync();
            await other.CommitAsync();
        }

        // The files that the second commit merged are gone: its rows are committed, its compaction is not.
        await writer.CommitPreparedAsync(second);
        await writer.UpsertAsync(1L, "v4");
        var fourth = await writer.PrepareCommitAsync();
        await writer.CommitPreparedAsync(third);
        await writer.CommitPreparedAsync(fourth);
        Assert.Equal(["v4"], await NamesAsync(table));
        await writer.UpsertAsync(1L, "v5");
        await writer.CommitAsync();
        Assert.Equal(["v5"], await NamesAsync(table));
    }

    private static async Task<Table> CreateAsync(IFileIO disk, params (string Key, string Value)[] options)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(disk));
        var definition = new TableDefinition()
            .Column("id", DataTypes.BigInt)
            .Column("name", DataTypes.String)
            .PrimaryKey("id");
        return await catalog.CreateTableAsync(
            Name, options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }

    private static async Task<IEnumerable<string>> NamesAsync(Table table)
    {
        var names = new List<string>();
        await foreach (var row in table.NewScan().ReadRowsAsync())
        {
            names.Add(row.GetString("name"));
        }

        return names.Order();
    }

    private static async Task AssertFailedAsync(Exception cause, Func<ValueTask> use)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await use());
        Assert.Equal(ErrorKind.Closed, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    /// <summary>No file can be created from the next published file on.</summary>
    private sealed class FailingFileIO(MemoryFileIO files) : ForwardingFileIO(files)
    {
        private bool _isPublished;

        public bool FailsAfterPublishing { get; set; }

        public bool Fails { get; set; }

        public bool BreaksOnDelete { get; set; }

        public override ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
            Fails || (FailsAfterPublishing && _isPublished)
                ? throw new PaimonException(ErrorKind.Unavailable, $"{path}: no space is left on the device.")
                : base.CreateAsync(path, cancellationToken);

        public override async ValueTask<bool> TryPublishAsync(
            string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            _isPublished = FailsAfterPublishing;
            return await base.TryPublishAsync(path, content, cancellationToken);
        }

        public override ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
            BreaksOnDelete ? throw new InvalidOperationException($"{path}: nobody foresaw this.") : base.DeleteAsync(path, cancellationToken);
    }
}

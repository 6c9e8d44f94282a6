using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Compaction;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Failures beside which rows could be lost, or be committed twice, without a word.</summary>
public sealed class LostWorkTests
{
    private static readonly Identifier Name = new("db", "t");
    private static readonly CommitOptions Wait = new() { WaitForCompaction = true };

    private readonly HookedFileIO _files = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_whose_buckets_could_not_be_found_close_the_writer(bool isGivenUp)
    {
        Exception failure = isGivenUp
            ? new OperationCanceledException()
            : new PaimonException(ErrorKind.Unavailable, "the disk does not answer");
        var table = await CreateAsync(("bucket", "-1"));
        await using (var first = table.NewWriter("first"))
        {
            await first.UpsertAsync(1, "a");
            await first.CommitAsync();
        }

        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(2, "b");
        _files.Opening = path => path.Contains("/index/", StringComparison.Ordinal) ? throw failure : Task.CompletedTask;
        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(async () => await writer.CommitAsync()));
        _files.Opening = null;
        await AssertClosedAsync(failure, async () => await writer.CommitAsync());
        Assert.Single(await TableKit.RowsAsync(table.NewScan()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_a_commit_whose_number_was_refused_or_not_found_are_part_of_the_next_one(bool isRefused)
    {
        var table = await CreateAsync(("bucket", "1"));
        await using (var first = table.NewWriter("job"))
        {
            await first.UpsertAsync(1, "a");
            await first.CommitAsync();
        }

        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(2, "b");
        if (isRefused)
        {
            await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync(new CommitOptions { Identifier = 1 }));
        }
        else
        {
            _files.Opening = path => path.EndsWith("/snapshot-1", StringComparison.Ordinal)
                ? throw new PaimonException(ErrorKind.Unavailable, $"{path}: the disk does not answer.")
                : Task.CompletedTask;
            await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
            _files.Opening = null;
        }

        // A writer that goes on has all its rows; one that does not says so.
        try
        {
            await writer.CommitAsync();
            Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);
        }
        catch (PaimonException error) when (!isRefused)
        {
            Assert.Equal(ErrorKind.Closed, error.Kind);
        }
    }

    [Fact]
    public async Task Rows_of_a_partition_that_got_other_buckets_meanwhile_close_the_writer()
    {
        var table = await CreateAsync(("bucket", "1"));
        await using var writer = table.NewWriter("job");
        await WriteAsync(writer, 0, 2000);
        await writer.CommitAsync();
        await WriteAsync(writer, 0, 2000);
        await writer.CommitAsync();
        await writer.CompactAsync();
        var prepared = await writer.PrepareCommitAsync();
        await WriteAsync(writer, 2000, 2000);

        // The compaction loses, and while rows wait in the bucket the partition is written anew.
        await using (var other = table.NewWriter("other"))
        {
            await other.CompactAsync();
            await other.CommitAsync();
        }

        await writer.CommitPreparedAsync(prepared);
        var wide = table.WithOptions(new Dictionary<string, string> { ["bucket"] = "2" });
        await using (var overwriter = wide.NewOverwriter())
        {
            await overwriter.UpsertAsync(1, "new");
            await overwriter.CommitAsync();
        }

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        await AssertClosedAsync(error, async () => await writer.CommitAsync());
    }

    [Fact]
    public async Task A_row_that_cannot_be_merged_closes_the_writer_and_says_so_from_then_on()
    {
        var table = await CreateAsync(
            ("bucket", "1"), ("merge-engine", "aggregation"), ("fields.n.aggregate-function", "product"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1, "a", 5);
        await writer.DeleteAsync(1, "a", 0);
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        await AssertClosedAsync(error, async () => await writer.CommitAsync());
    }

    [Fact]
    public async Task What_was_committed_and_has_expired_is_not_committed_again_by_a_recovery()
    {
        var table = await CreateAsync(
            ("bucket", "1"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        PreparedCommit prepared;
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1, "a");
            prepared = await writer.PrepareCommitAsync();
            await writer.CommitPreparedAsync(prepared, new CommitOptions { Identifier = 1 });
        }

        await using (var other = table.NewWriter("other"))
        {
            await other.UpsertAsync(2, "b");
            await other.CommitAsync();
        }

        Assert.Null(await table.LatestSnapshotOfUserAsync("job"));
        await Assert.ThrowsAsync<CommitConflictException>(
            async () => await table.RecoverAsync("job", [new RecoveredCommit(1, prepared)]));
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_compaction_that_was_committed_and_has_expired_keeps_its_files_in_a_recovery()
    {
        var table = await CreateAsync(
            ("bucket", "1"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        await using (var other = table.NewWriter("other"))
        {
            await WriteAsync(other, 0, 1);
            await other.CommitAsync();
            await WriteAsync(other, 1, 1);
            await other.CommitAsync();
        }

        PreparedCommit prepared;
        await using (var writer = table.NewWriter("job"))
        {
            await writer.CompactAsync();
            prepared = await writer.PrepareCommitAsync();
            await writer.CommitPreparedAsync(prepared, new CommitOptions { Identifier = 1 });
        }

        await using (var other = table.NewWriter("other"))
        {
            await WriteAsync(other, 2, 1);
            await other.CommitAsync();
        }

        Assert.Null(await table.LatestSnapshotOfUserAsync("job"));
        await table.RecoverAsync("job", [new RecoveredCommit(1, prepared)]);
        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_compaction_that_lost_fails_no_commit_when_its_files_cannot_be_removed()
    {
        var table = await CreateAsync(("bucket", "1"));
        await using var writer = table.NewWriter("job");
        await WriteAsync(writer, 0, 1);
        await writer.CommitAsync();
        await WriteAsync(writer, 1, 1);
        await writer.CompactAsync();
        await using (var other = table.NewWriter("other"))
        {
            await other.CompactAsync();
            await other.CommitAsync();
        }

        _files.Deleting = path => throw new PaimonException(ErrorKind.Unavailable, $"{path}: the disk does not answer.");
        Assert.Equal("APPEND", Assert.Single(await writer.CommitAsync()).CommitKind);
        Assert.Equal(1, writer.LostCompactions);
        await WriteAsync(writer, 2, 1);
        await writer.CommitAsync();
        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_commit_that_fails_before_it_is_published_leaves_no_metadata(int failingFile)
    {
        var table = await CreateAsync(("bucket", "1"), ("changelog-producer", "input"));
        await using var writer = table.NewWriter("job");
        await WriteAsync(writer, 0, 1);
        await writer.CommitAsync();
        await WriteAsync(writer, 1, 1);
        var before = (await _files.ListAsync($"{table.Path}/manifest")).Count;
        _files.Creating = path => path.Contains("/manifest/", StringComparison.Ordinal) && --failingFile == 0
            ? throw new PaimonException(ErrorKind.Unavailable, $"{path}: no space is left on the device.")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
        Assert.Equal(0, failingFile);
        Assert.Equal(before, (await _files.ListAsync($"{table.Path}/manifest")).Count);
    }

    [Theory]
    [InlineData("input", "changelog-")]
    [InlineData("input", "data-")]
    [InlineData("lookup", "changelog-")]
    [InlineData("full-compaction", "changelog-")]
    public async Task Of_files_that_belong_together_none_is_left_when_one_cannot_be_completed(string producer, string prefix)
    {
        var table = await CreateAsync(("bucket", "1"), ("changelog-producer", producer));
        var lazy = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" });
        for (var commit = 0; commit < 2; commit++)
        {
            await using var first = lazy.NewWriter("first");
            await WriteAsync(first, 0, 10);
            await first.CommitAsync();
        }

        await using var writer = table.NewWriter("job");
        if (producer == "input")
        {
            await WriteAsync(writer, 0, 10);
        }

        var before = await DataFilesAsync(table);
        _files.Completing = path => path.Contains($"/bucket-0/{prefix}", StringComparison.Ordinal)
            ? throw new PaimonException(ErrorKind.Unavailable, $"{path}: no space is left on the device.")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<PaimonException>(async () =>
        {
            await writer.CompactAsync();
            await writer.CommitAsync(Wait);
        });
        Assert.Equal(before, await DataFilesAsync(table));
    }

    [Fact]
    public async Task Manifests_are_joined_however_often_their_snapshot_expires_meanwhile()
    {
        var table = await CreateAsync(
            ("bucket", "1"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        await using var other = table.NewWriter("other");
        for (var id = 0; id < 3; id++)
        {
            await WriteAsync(other, id, 1);
            await other.CommitAsync();
        }

        _files.Opening = async path =>
        {
            if (path.Contains("/manifest/", StringComparison.Ordinal))
            {
                _files.Opening = null;
                await WriteAsync(other, 3, 1);
                await other.CompactAsync();
                await other.CommitAsync();
            }
        };
        Assert.NotNull(await table.Maintenance.CompactManifestsAsync());
        Assert.Null(_files.Opening);
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private static async Task WriteAsync(TableWriter writer, int first, int count)
    {
        for (var id = first; id < first + count; id++)
        {
            await writer.UpsertAsync(id, "a");
        }
    }

    private static async Task AssertClosedAsync(Exception cause, Func<Task> use)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(use);
        Assert.Equal(ErrorKind.Closed, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    private async Task<int> DataFilesAsync(Table table) => (await _files.ListAsync($"{table.Path}/bucket-0")).Count;

    private async Task<Table> CreateAsync(params (string Key, string Value)[] options)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(_files));
        var definition = new TableDefinition().Column("id", DataTypes.Int).Column("name", DataTypes.String).PrimaryKey("id");
        if (options.Any(option => option.Value == "aggregation"))
        {
            definition = definition.Column("n", DataTypes.Int);
        }

        return await catalog.CreateTableAsync(
            Name, options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }
}

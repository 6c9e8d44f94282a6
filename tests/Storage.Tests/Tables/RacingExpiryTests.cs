using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Compaction;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Tables of which only the newest snapshot is kept, while others commit at every moment.</summary>
public sealed class RacingExpiryTests
{
    private readonly HookedFileIO _files = new();
    private int _next = 100;

    [Fact]
    public async Task A_writer_reads_the_table_again_when_its_snapshot_expires_meanwhile()
    {
        var table = await CreateAsync();
        await using var other = table.NewWriter("other");
        await CommitAsync(other);
        await using var writer = table.NewWriter("writer");
        await writer.UpsertAsync(1, "a");
        _files.Opening = path => OnceAsync(path, "/manifest/", () => CommitAsync(other));
        await writer.CommitAsync();
        Assert.Null(_files.Opening);
        Assert.Equal(5, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Keys_of_dynamic_buckets_are_read_again_when_their_snapshot_expires_meanwhile()
    {
        var table = await CreateAsync("-1");
        await using var other = table.NewWriter("other");
        await CommitAsync(other);
        await using var writer = table.NewWriter("writer");
        await writer.UpsertAsync(101, "a");
        _files.Opening = path => OnceAsync(path, "/index/", () => CommitAsync(other));
        await writer.CommitAsync();
        Assert.Null(_files.Opening);
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_row_is_found_however_often_its_snapshot_expires_before_it_is_read()
    {
        var table = await CreateAsync();
        await using var other = table.NewWriter("other");
        await other.UpsertAsync(1, "a");
        await CommitAsync(other);
        Assert.NotNull(await table.GetAsync(1));
        var races = 0;
        _files.Opening = async path =>
        {
            if (path.Contains("/bucket-", StringComparison.Ordinal) && races < 4)
            {
                races++;
                var hook = _files.Opening;
                _files.Opening = null;
                await CommitAsync(other);
                _files.Opening = hook;
            }
        };
        Assert.Equal("a", (await table.GetAsync(1))!.Value.GetString("v"));
        Assert.Equal(4, races);
    }

    [Fact]
    public async Task A_commit_that_may_have_been_published_and_expired_is_not_made_again()
    {
        var table = await CreateAsync();
        await using var other = table.NewWriter("other");
        await CommitAsync(other);
        await using (var writer = table.NewWriter("writer"))
        {
            await writer.UpsertAsync(1, "a");
            _files.Published = async path =>
            {
                _files.Published = null;
                await CommitAsync(other);
                throw new PaimonException(ErrorKind.Unavailable, $"{path}: the disk does not answer.");
            };
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
        }

        Assert.Equal(5, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private async Task CommitAsync(TableWriter writer)
    {
        for (var i = 0; i < 2; i++)
        {
            await writer.UpsertAsync(_next++, "other");
            await writer.CompactAsync();
            await writer.CommitAsync();
        }
    }

    private async Task OnceAsync(string path, string part, Func<Task> action)
    {
        if (path.Contains(part, StringComparison.Ordinal))
        {
            _files.Opening = null;
            await action();
        }
    }

    private async Task<Table> CreateAsync(string buckets = "1")
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(_files));
        return await catalog.CreateTableAsync(
            new Identifier("db", "t"),
            new TableDefinition().Column("id", DataTypes.Int).Column("v", DataTypes.String).PrimaryKey("id")
                .Option("bucket", buckets).Option("snapshot.num-retained.min", "1").Option("snapshot.num-retained.max", "1"));
    }
}

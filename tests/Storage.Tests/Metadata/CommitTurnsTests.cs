using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>Writers that take turns to commit.</summary>
public sealed class CommitTurnsTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_nobody_was_in_the_way_no_turn_is_taken()
    {
        Assert.Null(await Turns().TakeAsync(isContended: false, CancellationToken.None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task From_the_first_race_on_one_commits_after_the_other_but_nobody_waits_for_long()
    {
        var first = await Turns().TakeAsync(isContended: true, CancellationToken.None);
        Assert.NotNull(first);
        Assert.Null(await Turns(TimeSpan.FromMilliseconds(20)).TakeAsync(isContended: false, CancellationToken.None));
        var second = Turns().TakeAsync(isContended: false, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        first.Dispose();
        using var turn = await second;
        Assert.NotNull(turn);
    }

    [Fact]
    public async Task A_directory_without_room_for_a_lock_keeps_no_commit_back()
    {
        var turns = new CommitTurns(new StorageEnvironment(new LocalFileIO()), _folder.Path + "/gone", TimeSpan.FromMinutes(1));
        Assert.Null(await turns.TakeAsync(isContended: true, CancellationToken.None));
    }

    [Fact]
    public async Task Many_writers_at_once_all_commit_with_few_attempts()
    {
        var catalog = await Catalog.OpenAsync(_folder.Path);
        var table = await catalog.CreateTableAsync(
            new Identifier("db", "t"),
            new TableDefinition().Column("k", DataTypes.Int).PrimaryKey("k").Option("write-only", "true")
                .Option("snapshot.num-retained.max", "1000").Option("snapshot.num-retained.min", "1000"));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
        {
            await using var writer = table.NewWriter($"{number}");
            for (var commit = 0; commit < 10; commit++)
            {
                await writer.UpsertAsync((number * 10) + commit);
                await writer.CommitAsync();
            }
        })));
        Assert.Equal(120, (await table.LatestSnapshotAsync())!.Id);
    }

    private CommitTurns Turns(TimeSpan? longest = null) =>
        new(new StorageEnvironment(new LocalFileIO()), _folder.Path, longest ?? TimeSpan.FromMinutes(1));
}

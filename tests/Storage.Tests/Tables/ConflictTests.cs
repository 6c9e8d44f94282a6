using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class ConflictTests
{
    [Fact]
    public async Task Writers_that_race_for_an_id_both_commit()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await using var other = table.Table.NewWriter("other");
        await table.Writer.UpsertAsync(1, "a");
        await other.UpsertAsync(2, "b");
        var prepared = await table.Writer.PrepareCommitAsync();
        Assert.Equal(1, Assert.Single(await other.CommitAsync()).Id);
        Assert.Equal(2, Assert.Single(await table.Writer.CommitPreparedAsync(prepared)).Id);
        Assert.Equal("1:a 2:b", await table.RowsAsync());
    }

    [Fact]
    public async Task Of_two_compactions_the_second_is_given_up_without_a_trace()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await using var other = await CollideAsync(table);
        Assert.Empty(await other.CommitAsync());
        Assert.Equal("1:a 2:b", await table.RowsAsync());
        Assert.Empty(await table.OrphansAsync());
        await other.UpsertAsync(3, "c");
        await other.CommitAsync();
        Assert.Equal("1:a 2:b 3:c", await table.RowsAsync());
    }

    [Fact]
    public async Task A_commit_is_recovered_without_a_compaction_that_another_one_came_before()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        var crashed = table.Table.NewWriter("other");
        await crashed.UpsertAsync(3, "c");
        await crashed.CompactAsync();
        var commits = new[] { new RecoveredCommit(1, await crashed.PrepareCommitAsync()) };
        Assert.Contains(commits[0].Prepared.Messages, message => message.HasCompact);
        crashed.HandOver(commits[0].Prepared);
        await crashed.DisposeAsync();
        await table.Writer.CompactAsync();
        await table.Writer.CommitAsync();
        Assert.Equal(1, await table.Table.RecoverAsync("other", commits));
        Assert.Equal("1:a 2:b 3:c", await table.RowsAsync());
        Assert.Empty(await table.OrphansAsync());
        Assert.Equal(0, await table.Table.RecoverAsync("other", commits));
    }

    [Fact]
    public async Task A_compaction_that_is_required_fails_with_the_files_concerned()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        var before = (await table.Table.FilesAsync()).Select(file => file.Name);
        await using var other = await CollideAsync(table);
        var error = await Assert.ThrowsAsync<CommitConflictException>(
            () => other.CommitAsync(new CommitOptions { RequireCompaction = true }).AsTask());
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Subset(error.Files.ToHashSet(StringComparer.Ordinal), before.ToHashSet(StringComparer.Ordinal));
        Assert.All(error.Files.Take(5), file => Assert.Contains(file, error.Message, StringComparison.Ordinal));
        Assert.Equal("1:a 2:b", await table.RowsAsync());
    }

    [Fact]
    public async Task A_compaction_of_rows_that_were_truncated_meanwhile_brings_none_back()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        await table.Writer.CompactAsync();
        var prepared = await table.Writer.PrepareCommitAsync();
        await table.Table.TruncateAsync();
        Assert.Empty(await table.Writer.CommitPreparedAsync(prepared));
        Assert.Equal("", await table.RowsAsync());
        await table.CommitAsync(3, "c");
        Assert.Equal("3:c", await table.RowsAsync());
    }

    [Theory]
    [InlineData("changelog-producer", "lookup")]
    [InlineData("deletion-vectors.enabled", "true")]
    [InlineData("force-lookup", "true")]
    public async Task A_compaction_that_did_not_look_keys_up_in_files_of_another_one_is_given_up(string option, string value)
    {
        await using var table = await MaintainedTable.CreateAsync((option, value));
        for (var key = 0; key < 1000; key++)
        {
            await table.Writer.UpsertAsync(key, $"{key * 7919}");
        }

        await table.Writer.CompactAsync();
        await table.Writer.CommitAsync();
        await using var other = table.Table.NewWriter("other");
        await other.UpsertAsync(1, "first");
        var prepared = await other.PrepareCommitAsync(waitForCompaction: true);
        Assert.All(prepared.Messages.SelectMany(message => message.CompactAfter), file => Assert.Equal(99, file.Level));
        await table.Writer.UpsertAsync(1, "second");
        await table.Writer.CompactAsync();
        await table.Writer.CommitAsync();

        // It removes nothing that is gone, and no run would overlap: but its rows went on from others than there are now.
        Assert.Equal("APPEND", Assert.Single(await other.CommitPreparedAsync(prepared)).CommitKind);
        await table.Table.NewCompactor().RunAsync();
        Assert.Single(await table.Table.FilesAsync(), file => file.Level == 99);
        Assert.Equal(1000, (await table.RowsAsync()).Split(' ').Length);
    }

    [Fact]
    public async Task A_delete_is_not_dropped_beside_older_rows_that_another_compaction_moved_up()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CompactAsync(5, "e");
        await using var other = TimeTravelTests.With(table.Table, "compaction.force-up-level-0", "true").NewWriter("other");
        await other.UpsertAsync(1, "a");
        await other.CommitAsync(new CommitOptions { WaitForCompaction = true });
        await table.CommitAsync(5, "f");
        await table.CommitAsync(5, "g");
        await table.Writer.DeleteAsync(1);
        await table.Writer.CommitAsync();
        Assert.Equal("5:g", await table.RowsAsync());
        await table.Writer.CompactAsync();
        Assert.Empty(await table.Writer.CommitAsync());
        Assert.Equal("5:g", await table.RowsAsync());
        await table.Writer.CompactAsync();
        Assert.Single(await table.Writer.CommitAsync());
        Assert.Equal("5:g", await table.RowsAsync());
    }

    [Fact]
    public async Task A_writer_with_an_old_schema_leaves_files_alone_that_have_more_columns()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        var schema = await table.Catalog.AlterTableAsync(MaintainedTable.Name, new SchemaChange.AddColumn("n", DataTypes.Int));
        var newer = await table.Catalog.GetTableAsync(MaintainedTable.Name);
        await using (var other = newer.NewWriter("other"))
        {
            await other.UpsertAsync(2, "b", 5);
            await other.CommitAsync();
        }

        await using var old = table.Table.NewWriter("old");
        await old.UpsertAsync(3, "c");
        await old.CompactAsync();
        Assert.Equal("APPEND", Assert.Single(await old.CommitAsync()).CommitKind);
        await old.ApplySchemaAsync(schema);
        await old.CompactAsync();
        Assert.Equal("COMPACT", Assert.Single(await old.CommitAsync()).CommitKind);
        Assert.Equal(
            ["""{"k":1,"v":"a","n":null}""", """{"k":2,"v":"b","n":5}""", """{"k":3,"v":"c","n":null}"""],
            await TableKit.RowsAsync(newer.NewScan()));
    }

    /// <summary>Two rows, compacted by the table's writer, and by another one that has not committed it yet.</summary>
    private static async Task<TableWriter> CollideAsync(MaintainedTable table)
    {
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        var other = table.Table.NewWriter("other");
        await other.CompactAsync();
        await table.Writer.CompactAsync();
        await table.Writer.CommitAsync();
        return other;
    }
}

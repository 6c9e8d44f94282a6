using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Full compactions that come with every n-th commit.</summary>
public class DeltaCommitsTests
{
    private static readonly Identifier Name = new("db", "t");

    [Theory]
    [InlineData("full-compaction", "3", "3 6")]
    [InlineData("full-compaction", null, "1 2 3 4 5 6 7")]
    [InlineData("input", "4", "4")]
    [InlineData("input", null, "")]
    public async Task A_job_compacts_in_full_with_commits_whose_number_is_a_multiple(
        string producer, string? deltaCommits, string expected)
    {
        var definition = new TableDefinition()
            .Column("id", DataTypes.Int).Column("n", DataTypes.Int).PrimaryKey("id")
            .Option("bucket", "2").Option("num-sorted-run.compaction-trigger", "100").Option("changelog-producer", producer);
        definition = deltaCommits is null ? definition : definition.Option("full-compaction.delta-commits", deltaCommits);
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, definition);
        await using (var writer = table.NewWriter("job"))
        {
            for (var commit = 1; commit <= 7; commit++)
            {
                for (var id = 0; id < 5; id++)
                {
                    await writer.UpsertAsync(id, commit);
                }

                await writer.CommitAsync(new CommitOptions { FollowsDeltaCommits = true });
            }
        }

        var compactions = (await table.SnapshotsAsync()).Where(snapshot => snapshot.CommitKind == "COMPACT");
        Assert.Equal(expected, string.Join(' ', compactions.Select(snapshot => snapshot.CommitIdentifier)));
    }

    [Fact]
    public async Task A_writer_that_follows_no_option_compacts_when_there_is_reason_to()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, new TableDefinition()
            .Column("id", DataTypes.Int).PrimaryKey("id").Option("bucket", "1")
            .Option("changelog-producer", "full-compaction").Option("full-compaction.delta-commits", "1"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1);
        await writer.CommitAsync();
        Assert.Equal("APPEND", Assert.Single(await table.SnapshotsAsync()).CommitKind);
    }
}

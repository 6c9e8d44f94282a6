using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Values of options that are one of some names may be written in any case, as Paimon takes them.</summary>
public class OptionCaseTests
{
    [Theory]
    [InlineData("changelog-producer", "INPUT")]
    [InlineData("changelog-producer", "Lookup")]
    [InlineData("changelog-producer", "FULL-COMPACTION")]
    [InlineData("merge-engine", "Partial-Update")]
    [InlineData("merge-engine", "AGGREGATION")]
    [InlineData("merge-engine", "First-Row")]
    [InlineData("merge-engine", "DEDUPLICATE")]
    [InlineData("sequence.field.sort-order", "DESCENDING")]
    [InlineData("snapshot.expire.execution-mode", "Sync")]
    [InlineData("tag.automatic-creation", "NONE")]
    public async Task A_name_in_any_case_means_the_same(string key, string value)
    {
        var expected = await HistoryAsync(key, value.ToLowerInvariant());
        Assert.Equal(expected, await HistoryAsync(key, value));
        Assert.NotEmpty(expected);
    }

    private static async Task<List<string>> HistoryAsync(string key, string value)
    {
        var definition = new TableDefinition().Column("id", DataTypes.Int).Column("n", DataTypes.Int).Column("m", DataTypes.Int)
            .PrimaryKey("id").Option("bucket", "1").Option(key, value);
        var isFirstRow = value.Equals("first-row", StringComparison.OrdinalIgnoreCase);
        if (value.Equals("aggregation", StringComparison.OrdinalIgnoreCase))
        {
            definition = definition.Option("fields.m.aggregate-function", "sum");
        }

        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(
            new Identifier("db", "t"), isFirstRow ? definition : definition.Option("sequence.field", "n"));
        await using (var writer = table.NewWriter("job"))
        {
            for (var commit = 0; commit < 3; commit++)
            {
                await writer.UpsertAsync(1, commit, 10);
                await writer.UpsertAsync(2, -commit, commit == 0 ? 3 : null);
                await writer.CommitAsync(new CommitOptions { FollowsDeltaCommits = true, WaitForCompaction = true });
            }
        }

        var changes = await TableKit.ChangesAsync(table, from: 1);
        return [.. await TableKit.RowsAsync(table.NewScan()), .. changes];
    }
}

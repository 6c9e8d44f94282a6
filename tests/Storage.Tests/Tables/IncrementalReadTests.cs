using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class IncrementalReadTests
{
    [Theory]
    [InlineData("delta", "+I 1:b | -D 2:a | +I 3:c")]
    [InlineData("auto", "+I 1:b | -D 2:a | +I 3:c")]
    [InlineData("diff", "+I 1:b | +I 3:c")]
    [InlineData("changelog", "")]
    public async Task What_happened_between_two_snapshots_is_read_in_three_ways(string mode, string expected)
    {
        await using var table = await HistoryAsync("none");
        Assert.Equal(expected, await KindsAsync(table.Table, keepRetracts: false, "1,3", mode));
    }

    [Fact]
    public async Task A_table_with_a_changelog_tells_it_by_default()
    {
        await using var table = await HistoryAsync("input");
        Assert.Equal("+I 1:b | +I 1:b0 | -D 2:a | +I 3:c", await KindsAsync(table.Table, keepRetracts: false, "1,3", "auto"));
        Assert.Equal("+I 1:b | -D 2:a | +I 3:c", await KindsAsync(table.Table, keepRetracts: false, "1,3", "delta"));
    }

    [Fact]
    public async Task Rows_that_are_gone_show_in_a_difference_only_where_retractions_are_asked_for()
    {
        await using var table = await HistoryAsync("none");
        await table.CompactAsync(4, "d");
        Assert.Equal("+I 1:b | +I 3:c | +I 4:d", await KindsAsync(table.Table, keepRetracts: false, "1,5", "diff"));
        Assert.Equal("+I 1:b | -D 2:a | +I 3:c | +I 4:d", await KindsAsync(table.Table, keepRetracts: true, "1,5", "diff"));
    }

    [Fact]
    public async Task Two_tags_are_compared_and_two_times_are_snapshots()
    {
        await using var table = await HistoryAsync("none");
        var times = (await table.Table.SnapshotsAsync()).Select(snapshot => snapshot.CommittedAt.ToUnixTimeMilliseconds()).ToList();
        Assert.Equal("+I 1:b | +I 3:c", await KindsAsync(table.Table, keepRetracts: false, "first,last", "auto"));
        Assert.Equal("", await KindsAsync(table.Table, keepRetracts: false, "first,first", "auto"));
        var between = TimeTravelTests.With(table.Table, "incremental-between-timestamp", $"{times[1]},{times[2]}");
        Assert.Equal("+I 3:c", await KindsAsync(between.NewScan().WithKinds()));
        var none = TimeTravelTests.With(table.Table, "incremental-between-timestamp", $"{times[2] + 1},{times[2] + 2}");
        Assert.Equal("", await KindsAsync(none.NewScan().WithKinds()));
    }

    [Fact]
    public async Task An_automatic_tag_is_compared_with_the_one_before_it()
    {
        await using var table = await HistoryAsync("none");
        await table.Table.Tags.CreateAsync("2024-01-01", 1);
        await table.Table.Tags.CreateAsync("2024-01-03", 3);
        var read = TimeTravelTests.With(table.Table, "incremental-to-auto-tag", "2024-01-03");
        Assert.Equal("+I 1:b | +I 3:c", await KindsAsync(read.NewScan().WithKinds()));
        var first = TimeTravelTests.With(table.Table, "incremental-to-auto-tag", "2024-01-01");
        Assert.Equal("", await KindsAsync(first.NewScan().WithKinds()));
        await TimeTravelTests.RefusesAsync(table.Table, "the name of an automatic tag", "incremental-to-auto-tag", "first");
    }

    [Theory]
    [InlineData("3,1", "before its start")]
    [InlineData("1,99", "not all there")]
    [InlineData("1", "a start that is left out and an end")]
    [InlineData("a,b", "two tags that are there")]
    public async Task Ends_that_are_not_there_are_refused(string between, string message)
    {
        await using var table = await HistoryAsync("none");
        await TimeTravelTests.RefusesAsync(table.Table, message, "incremental-between", between);
    }

    [Theory]
    [InlineData("1,99", "has no snapshot 99; snapshots 1 to 3 are there")]
    [InlineData("0,2", "has no snapshot 0; snapshots 1 to 3 are there")]
    public async Task A_difference_names_the_snapshot_that_is_not_there(string between, string message)
    {
        await using var table = await HistoryAsync("none");
        await TimeTravelTests.RefusesAsync(
            table.Table, message, "incremental-between", between, "incremental-between-scan-mode", "diff");
    }

    private static Task<string> KindsAsync(Table table, bool keepRetracts, string between, string mode) =>
        KindsAsync(TimeTravelTests.With(table, "incremental-between", between, "incremental-between-scan-mode", mode)
            .NewScan().WithKinds(keepRetracts));

    private static async Task<string> KindsAsync(TableScan scan)
    {
        var rows = new List<(int Key, string Text)>();
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                rows.Add((Row(batch, row).GetInt32(0), Text(batch, row)));
            }
        }

        return string.Join(" | ", rows.OrderBy(row => row.Key).ThenBy(row => row.Text, StringComparer.Ordinal).Select(row => row.Text));
    }

    private static Row Row(ColumnBatch batch, int row) => new(batch, row);

    private static string Text(ColumnBatch batch, int row) =>
        $"{Data.RowKinds.ToShortText(batch.KindOf(row))} {Row(batch, row).GetInt32(0)}:{Row(batch, row).GetString(1)}";

    /// <summary>1:a 2:a, then 1 changes twice and 2 goes, then 3 comes; tags of the first and last.</summary>
    private static async Task<MaintainedTable> HistoryAsync(string producer)
    {
        var table = await MaintainedTable.CreateAsync(("changelog-producer", producer));
        await table.Writer.UpsertAsync(1, "a");
        await table.CommitAsync(2, "a");
        await table.Table.Tags.CreateAsync("first");
        await table.Writer.UpsertAsync(1, "b0");
        await table.Writer.UpsertAsync(1, "b");
        await table.Writer.DeleteAsync(2, "a");
        await table.Writer.CommitAsync();
        await table.CommitAsync(3, "c");
        await table.Table.Tags.CreateAsync("last");
        return table;
    }
}

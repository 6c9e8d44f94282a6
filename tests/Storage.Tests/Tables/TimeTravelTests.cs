using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class TimeTravelTests
{
    [Theory]
    [InlineData("1:a", "scan.snapshot-id", "1")]
    [InlineData("1:a 2:b", "scan.tag-name", "t2")]
    [InlineData("1:a 2:b", "scan.version", "t2")]
    [InlineData("1:a", "scan.version", "1")]
    [InlineData("1:a 2:b", "scan.version", "watermark-150")]
    [InlineData("1:a 2:b", "scan.watermark", "200")]
    [InlineData("1:a", "scan.watermark", "-5")]
    [InlineData("1:a 2:b 3:c", "scan.watermark", "201")]
    [InlineData("1:a", "scan.mode", "from-snapshot-full", "scan.snapshot-id", "1")]
    [InlineData("1:a 2:b 3:c 4:d", "scan.mode", "full")]
    [InlineData("1:a 2:b 3:c 4:d", "scan.mode", "latest")]
    [InlineData("1:a 2:b 3:c", "scan.mode", "compacted-full")]
    public async Task A_state_is_read_by_id_tag_watermark_version_or_mode(string rows, params string[] options)
    {
        await using var table = await HistoryAsync();
        Assert.Equal(rows, await RowsAsync(table.Table, options));
    }

    [Fact]
    public async Task A_time_names_the_newest_state_of_it_or_before()
    {
        await using var table = await HistoryAsync();
        var times = (await table.Table.SnapshotsAsync()).Select(snapshot => snapshot.CommittedAt.ToUnixTimeMilliseconds()).ToList();
        Assert.Equal("1:a 2:b", await RowsAsync(table.Table, "scan.timestamp-millis", $"{times[1]}"));
        Assert.Equal("1:a", await RowsAsync(table.Table, "scan.timestamp-millis", $"{times[1] - 1}"));
        var local = DateTimeOffset.FromUnixTimeMilliseconds(times[1]).ToString("yyyy-MM-dd HH:mm:ss.fff", null);
        Assert.Equal("1:a 2:b", await RowsAsync(table.Table, "scan.timestamp", local));
        await RefusesAsync(table.Table, "no snapshot of time", "scan.timestamp-millis", $"{times[0] - 1}");
    }

    [Fact]
    public async Task Files_made_since_a_time_are_read_alone_where_no_snapshot_of_the_time_is_left()
    {
        await using var table = await HistoryAsync();
        var times = (await table.Table.SnapshotsAsync()).Select(snapshot => snapshot.CommittedAt.ToUnixTimeMilliseconds()).ToList();
        Assert.Equal("4:d", await RowsAsync(table.Table, "scan.file-creation-time-millis", $"{times[3] + 1}"));
        Assert.Equal("1:a 2:b", await RowsAsync(table.Table, "scan.creation-time-millis", $"{times[0] + 1}"));
        Assert.Equal("1:a 2:b 3:c 4:d", await RowsAsync(table.Table, "scan.creation-time-millis", $"{times[0] - 1}"));
        Assert.Equal("", await RowsAsync(table.Table, "scan.file-creation-time-millis", $"{times[^1] + 1_000_000}"));
    }

    [Theory]
    [InlineData("no snapshot 99; snapshots 1 to 5 are there", "scan.snapshot-id", "99")]
    [InlineData("no tag 'nobody'", "scan.tag-name", "nobody")]
    [InlineData("no version 'nobody'", "scan.version", "nobody")]
    [InlineData("watermark is 999 or later", "scan.watermark", "999")]
    [InlineData("exactly one of", "scan.mode", "from-snapshot")]
    [InlineData("exactly one of", "scan.snapshot-id", "1", "scan.tag-name", "t2")]
    [InlineData("does not go with", "scan.mode", "latest-full", "scan.snapshot-id", "1")]
    [InlineData("does not go with", "scan.timestamp-millis", "1", "scan.snapshot-id", "1")]
    [InlineData("exactly one of", "scan.mode", "incremental")]
    [InlineData("one of default, latest-full", "scan.mode", "newest")]
    [InlineData("a local date and time", "scan.timestamp", "yesterday")]
    public async Task What_names_no_state_is_refused_by_name(string message, params string[] options)
    {
        await using var table = await HistoryAsync();
        await RefusesAsync(table.Table, message, options);
    }

    [Fact]
    public async Task Options_of_a_read_leave_the_table_as_it_is()
    {
        await using var table = await HistoryAsync();
        var old = table.Table.WithOptions(new Dictionary<string, string> { ["scan.snapshot-id"] = "1" });
        Assert.Equal("1:a", await MaintainedTable.RowsAsync(old.NewScan()));
        Assert.Equal("1:a 2:b 3:c 4:d", await table.RowsAsync());
        Assert.Throws<PaimonException>(() => table.Table.WithOptions(new Dictionary<string, string> { ["branch"] = "b" }));
        Assert.Throws<PaimonException>(
            () => table.Table.WithOptions(new Dictionary<string, string> { ["deletion-vectors.enabled"] = "true" }));
    }

    internal static Table With(Table table, params string[] options) =>
        table.WithOptions(options.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]));

    internal static Task<string> RowsAsync(Table table, params string[] options) =>
        MaintainedTable.RowsAsync(With(table, options).NewScan());

    internal static async Task RefusesAsync(Table table, string message, params string[] options)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => RowsAsync(table, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Snapshots 1, 2, 3 and COMPACT 4 of 3, then 5; a tag; watermarks 100, 200, 300, 400.</summary>
    private static async Task<MaintainedTable> HistoryAsync()
    {
        var table = await MaintainedTable.CreateAsync();
        await CommitAsync(table, 1, "a", 100);
        await CommitAsync(table, 2, "b", 200);
        await table.Table.Tags.CreateAsync("t2");
        await table.Writer.UpsertAsync(3, "c");
        await table.Writer.CompactAsync();
        await table.Writer.CommitAsync(new CommitOptions { Watermark = 300 });
        await CommitAsync(table, 4, "d", 400);
        return table;
    }

    private static async Task CommitAsync(MaintainedTable table, int key, string value, long watermark)
    {
        await table.Writer.UpsertAsync(key, value);
        await table.Writer.CommitAsync(new CommitOptions { Watermark = watermark });
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class StreamTests
{
    [Theory]
    [InlineData("4 +I 1:a, 4 +I 2:b, 4 +I 3:c, 4 +I 4:d", "scan.mode", "latest-full")]
    [InlineData("", "scan.mode", "latest")]
    [InlineData("2 +I 2:b, 3 +I 3:c, 4 +I 4:d", "scan.snapshot-id", "2")]
    [InlineData("1 +I 1:a, 2 +I 2:b, 3 +I 3:c, 4 +I 4:d", "scan.snapshot-id", "0")]
    [InlineData("2 +I 1:a, 2 +I 2:b, 3 +I 3:c, 4 +I 4:d", "scan.mode", "from-snapshot-full", "scan.snapshot-id", "2")]
    [InlineData("1 +I 1:a, 2 +I 2:b", "scan.snapshot-id", "1", "scan.bounded.watermark", "2")]
    public async Task A_stream_begins_where_the_options_say(string expected, params string[] options)
    {
        await using var table = await HistoryAsync();
        Assert.Equal(expected, await ReadAsync(TimeTravelTests.With(table.Table, options)));
    }

    [Fact]
    public async Task A_stream_begins_with_the_first_snapshot_at_a_time_or_after()
    {
        await using var table = await HistoryAsync();
        var times = (await table.Table.SnapshotsAsync()).Select(snapshot => snapshot.CommittedAt.ToUnixTimeMilliseconds()).ToList();
        var at = TimeTravelTests.With(table.Table, "scan.timestamp-millis", $"{times[2]}");
        Assert.Equal("3 +I 3:c, 4 +I 4:d", await ReadAsync(at));
        var after = TimeTravelTests.With(table.Table, "scan.timestamp-millis", $"{times[2] + 1}");
        Assert.Equal("4 +I 4:d", await ReadAsync(after));
    }

    [Theory]
    [InlineData("scan.tag-name", "t")]
    [InlineData("scan.watermark", "1")]
    [InlineData("incremental-between", "1,2")]
    public async Task What_only_a_batch_can_begin_with_is_refused(params string[] options)
    {
        await using var table = await HistoryAsync();
        var error = await Assert.ThrowsAsync<PaimonException>(() => ReadAsync(TimeTravelTests.With(table.Table, options)));
        Assert.Contains("A stream cannot begin with", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_deleted_by_a_deletion_vector_is_told_to_be_new()
    {
        await using var table = await MaintainedTable.CreateAsync(("deletion-vectors.enabled", "true"), ("changelog-producer", "lookup"));
        await table.CommitAsync(1, "a");
        await table.Writer.DeleteAsync(1, "a");
        await table.Writer.CommitAsync();
        await table.CommitAsync(1, "b");
        Assert.Equal(["2 +I (1, a)", "4 -D (1, a)", "6 +I (1, b)"], await TableKit.ChangesAsync(table.Table, from: 1));
    }

    [Fact]
    public async Task What_an_overwrite_replaced_is_told_only_where_it_is_asked_for()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        await using (var writer = table.Table.NewOverwriter())
        {
            await writer.UpsertAsync(2, "c");
            await writer.CommitAsync();
        }

        string[] from = ["scan.snapshot-id", "1"];
        Assert.Equal("1 +I 1:a, 2 +I 2:b", await ReadAsync(TimeTravelTests.With(table.Table, from)));
        var told = TimeTravelTests.With(table.Table, [.. from, "streaming-read-overwrite", "true"]);
        Assert.Equal("1 +I 1:a, 2 +I 2:b, 3 -D 1:a, 3 -D 2:b, 3 +I 2:c", await ReadAsync(told));
    }

    [Fact]
    public async Task A_stream_goes_on_in_changelogs_that_outlive_their_snapshots()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("changelog-producer", "input"), ("changelog.num-retained.max", "100"), ("changelog.time-retained", "10 d"));
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        await table.CommitAsync(3, "c");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne with
        {
            MaxChangelogs = 100,
            ChangelogTimeRetained = TimeSpan.FromDays(10),
        });
        Assert.Equal("3", await table.SnapshotsAsync());
        Assert.Equal("1 +I 1:a, 2 +I 2:b, 3 +I 3:c", await ReadAsync(TimeTravelTests.With(table.Table, "scan.snapshot-id", "1")));

        // Without these options the changelogs are not looked for.
        var plain = TimeTravelTests.With(
            table.Table, "scan.snapshot-id", "1", "changelog.num-retained.max", "1", "snapshot.num-retained.max", "100",
            "changelog.time-retained", "1 s");
        Assert.Equal("3 +I 3:c", await ReadAsync(plain));
    }

    [Fact]
    public async Task A_consumer_of_the_options_goes_on_where_it_was_unless_told_otherwise()
    {
        await using var table = await HistoryAsync();
        var read = TimeTravelTests.With(table.Table, "consumer-id", "me", "scan.snapshot-id", "1");
        var stream = read.NewChangelogStream(new ChangelogStreamOptions { ToSnapshot = 2, Bounded = true });
        Assert.Equal("1 +I 1:a, 2 +I 2:b", await ReadAsync(stream));
        await stream.CommitProgressAsync();
        Assert.Equal("3 +I 3:c, 4 +I 4:d", await ReadAsync(read));
        Assert.Equal(
            "1 +I 1:a, 2 +I 2:b, 3 +I 3:c, 4 +I 4:d",
            await ReadAsync(TimeTravelTests.With(read, "consumer.ignore-progress", "true")));
    }

    [Fact]
    public async Task Progress_within_a_state_is_not_recorded_as_it_could_not_be_gone_on_with()
    {
        await using var table = await HistoryAsync();
        var read = TimeTravelTests.With(table.Table, "consumer-id", "me");
        var stream = read.NewChangelogStream(new ChangelogStreamOptions { Bounded = true });
        await foreach (var _ in stream.ReadAsync())
        {
            await stream.CommitProgressAsync();
        }

        Assert.Null(await table.Table.Store.Consumers.NextSnapshotAsync("me"));
        await read.NewChangelogStream().CommitProgressAsync();
        Assert.Null(await table.Table.Store.Consumers.NextSnapshotAsync("me"));
        await stream.CommitProgressAsync();
        Assert.Equal(5, await table.Table.Store.Consumers.NextSnapshotAsync("me"));
    }

    [Fact]
    public async Task A_snapshot_that_expires_under_a_stream_is_an_error()
    {
        await using var table = await HistoryAsync();
        var stream = table.Table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1 });
        await using var changes = stream.ReadAsync().GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await changes.MoveNextAsync());
        Assert.Contains("Snapshot 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("has expired; the oldest one is 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_beyond_the_newest_one_is_an_error()
    {
        await using var table = await HistoryAsync();
        var late = table.Table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 9 });
        var error = await Assert.ThrowsAsync<PaimonException>(() => ReadAsync(late));
        Assert.Contains("its newest one is 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_tells_the_bucket_and_keeps_to_its_condition()
    {
        await using var table = await HistoryAsync();
        var filter = Data.Predicates.Predicate.Leaf(
            table.Table.Schema.RowType, "v", Data.Predicates.PredicateOperator.Equal, "c");
        var stream = table.Table.NewChangelogStream(
            new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true, Filter = filter, Columns = ["k"] });
        await foreach (var changes in stream.ReadAsync())
        {
            Assert.Equal((3L, "", 0, 1), (changes.SnapshotId, changes.Partition, changes.Bucket, changes.Rows.RowCount));
            Assert.Equal(["k"], changes.Rows.RowType.Fields.Select(field => field.Name));
        }

        Assert.Equal(5, stream.NextSnapshot);
    }

    private static Task<string> ReadAsync(Table table) =>
        ReadAsync(table.NewChangelogStream(new ChangelogStreamOptions { Bounded = true }));

    private static async Task<string> ReadAsync(ChangelogStream stream)
    {
        var rows = new List<string>();
        await foreach (var changes in stream.ReadAsync())
        {
            for (var i = 0; i < changes.Rows.RowCount; i++)
            {
                var row = new Row(changes.Rows, i);
                rows.Add($"{changes.SnapshotId} {Data.RowKinds.ToShortText(row.Kind)} {row.GetInt32(0)}:{row.GetString(1)}");
            }
        }

        return string.Join(", ", rows);
    }

    /// <summary>Four snapshots of one row each, with watermarks 1 to 4.</summary>
    private static async Task<MaintainedTable> HistoryAsync()
    {
        var table = await MaintainedTable.CreateAsync();
        foreach (var (key, value) in new[] { (1, "a"), (2, "b"), (3, "c"), (4, "d") })
        {
            await table.Writer.UpsertAsync(key, value);
            await table.Writer.CommitAsync(new CommitOptions { Watermark = key });
        }

        return table;
    }
}

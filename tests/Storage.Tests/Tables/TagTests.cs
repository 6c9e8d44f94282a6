using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tests.Tables;

public class TagTests
{
    [Fact]
    public async Task A_tag_is_made_renamed_replaced_and_deleted()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("a");
        await table.CommitAsync(2, "b");
        await table.Table.Tags.CreateAsync("b", 1);
        await table.Table.Tags.RenameAsync("b", "c");
        Assert.Equal("a=1 c=1", await table.TagsAsync());
        await table.Table.Tags.ReplaceAsync("c", 2);
        Assert.Equal("a=1 c=2", await table.TagsAsync());
        await table.Table.Tags.DeleteAsync("c");
        await table.Table.Tags.DeleteAsync("nobody");
        Assert.Equal("a=1", await table.TagsAsync());
        Assert.Equal("1:a", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("a")));
    }

    [Fact]
    public async Task Tags_are_refused_that_are_taken_or_of_nothing()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await RefusesAsync(() => table.Table.Tags.CreateAsync("early"), "no snapshot");
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("a");
        await RefusesAsync(() => table.Table.Tags.CreateAsync("a"), "already");
        await RefusesAsync(() => table.Table.Tags.CreateAsync("x", 77), "no snapshot 77");
        await RefusesAsync(() => table.Table.Tags.CreateAsync(" "), "not blank");
        await RefusesAsync(() => table.Table.Tags.CreateAsync("../x"), "no '/'");
        await RefusesAsync(() => table.Table.Tags.RenameAsync("nobody", "x"), "no tag 'nobody'");
        await table.Table.Tags.CreateAsync("9");
        await RefusesAsync(() => table.Table.Tags.RenameAsync("9", "a"), "already");
        await RefusesAsync(() => table.Table.Tags.ReplaceAsync("nobody"), "no tag 'nobody'");
        Assert.Equal("9=1 a=1", await table.TagsAsync());
    }

    [Fact]
    public async Task A_tag_keeps_its_files_over_expiry_and_its_deletion_removes_them()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("first");
        await table.CommitAsync(2, "b");
        await table.Table.Tags.CreateAsync("second");
        await table.CompactAsync(3, "c");
        Assert.Equal(3, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        Assert.Equal("4", await table.SnapshotsAsync());
        Assert.Equal(3, await table.DataFilesAsync());
        Assert.Equal("1:a", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("first")));
        Assert.Equal("1:a 2:b", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("second")));
        Assert.Empty(await table.OrphansAsync());

        await table.Table.Tags.DeleteAsync("first");
        Assert.Equal(3, await table.DataFilesAsync());
        Assert.Equal("1:a 2:b", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("second")));
        await table.Table.Tags.DeleteAsync("second");
        Assert.Equal(1, await table.DataFilesAsync());
        Assert.Equal("1:a 2:b 3:c", await table.RowsAsync());
        Assert.Empty(await table.OrphansAsync());
    }

    [Fact]
    public async Task The_files_of_a_snapshot_stay_until_its_last_tag_goes()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("one");
        await table.Table.Tags.CreateAsync("two");
        await table.CompactAsync(1, "b");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        await table.Table.Tags.DeleteAsync("one");
        Assert.Equal("1:a", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("two")));
        await table.Table.Tags.DeleteAsync("two");
        Assert.Equal(1, await table.DataFilesAsync());
    }

    [Fact]
    public async Task A_tag_that_is_kept_for_a_time_goes_with_a_commit_after_it()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("short", timeRetained: TimeSpan.FromHours(1));
        await table.Table.Tags.CreateAsync("long");
        await table.CommitAsync(2, "b");
        Assert.Equal("long=1 short=1", await table.TagsAsync());
        table.Time.Advance(TimeSpan.FromHours(2));
        await table.CommitAsync(3, "c");
        Assert.Equal("long=1", await table.TagsAsync());
    }

    [Fact]
    public async Task Tags_are_made_for_the_days_that_watermarks_pass_and_only_the_newest_are_kept()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("tag.automatic-creation", "watermark"), ("tag.num-retained-max", "2"), ("sink.watermark-time-zone", "UTC"));
        (long Watermark, string Tags)[] steps =
        [
            (1704067200000, "2023-12-31=1"),
            (1704107200000, "2023-12-31=1"),
            (1704147200000, "2023-12-31=1"),
            (1704187200000, "2023-12-31=1 2024-01-01=4"),
            (1704227200000, "2023-12-31=1 2024-01-01=4"),
            (1704247200000, "2024-01-01=4 2024-01-02=6"),
        ];
        foreach (var (watermark, tags) in steps)
        {
            await table.Writer.UpsertAsync(1, "a");
            await table.Writer.CommitAsync(new() { Watermark = watermark });
            Assert.Equal(tags, await table.TagsAsync());
        }
    }

    [Fact]
    public async Task A_snapshot_has_one_tag_at_most_whose_name_is_that_of_an_automatic_one()
    {
        await using var table = await MaintainedTable.CreateAsync(("tag.automatic-creation", "watermark"));
        await table.Writer.UpsertAsync(1, "a");
        await table.Writer.CommitAsync(new() { Watermark = 1704067200000 });
        await table.Table.Tags.CreateAsync("mine");
        await RefusesAsync(() => table.Table.Tags.CreateAsync("2024-01-05"), "2023-12-31");
        await RefusesAsync(() => table.Table.Tags.CreateAsync("2024-01-05 mine"), "2023-12-31");
        await table.CommitAsync(2, "b");
        await table.Table.Tags.CreateAsync("2023-12-30");
        await RefusesAsync(() => table.Table.Tags.ReplaceAsync("2023-12-30", 1), "2023-12-31");
        await table.Table.Tags.ReplaceAsync("2023-12-30");
        Assert.Equal("2023-12-31=1 mine=1 2023-12-30=2", await table.TagsAsync());
    }

    [Fact]
    public async Task A_snapshot_that_somebody_tagged_with_such_a_name_leaves_the_tag_that_is_due_to_the_next()
    {
        await using var table = await MaintainedTable.CreateAsync(("tag.automatic-creation", "watermark"));
        await table.CommitAsync(1, "a");
        await using (var other = table.Table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" }).NewWriter("other"))
        {
            await other.UpsertAsync(2, "b");
            await other.CommitAsync(new() { Watermark = 1704067200000 });
        }

        await table.Table.Tags.CreateAsync("2023-12-24", 2);
        await table.Writer.UpsertAsync(3, "c");
        await table.Writer.CommitAsync(new() { Watermark = 1704067200000 });
        Assert.Equal("2023-12-24=2 2023-12-31=3", await table.TagsAsync());
    }

    [Theory]
    [InlineData("GMT-08:00", "2023-12-30")]
    [InlineData("UTC+8", "2023-12-31")]
    [InlineData("+0530", "2023-12-31")]
    [InlineData("Z", "2023-12-31")]
    [InlineData("America/Los_Angeles", "2023-12-30")]
    public async Task Zones_of_watermarks_are_regions_or_offsets(string zone, string tag)
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("tag.automatic-creation", "watermark"), ("sink.watermark-time-zone", zone));
        await table.Writer.UpsertAsync(1, "a");
        await table.Writer.CommitAsync(new() { Watermark = 1704067200000 });
        Assert.Equal($"{tag}=1", await table.TagsAsync());
    }

    [Theory]
    [InlineData("GMT+15:00")]
    [InlineData("UTC+")]
    [InlineData("+8:61")]
    [InlineData("nowhere")]
    public async Task A_zone_that_is_none_is_refused(string zone)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await MaintainedTable.CreateAsync(
            ("tag.automatic-creation", "watermark"), ("sink.watermark-time-zone", zone)));
        Assert.Contains("GMT-08:00", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 s", long.MaxValue)]
    [InlineData("0 s", 253402300799999)]
    [InlineData("1000 d", 253402300799999)]
    [InlineData("0 s", long.MinValue)]
    [InlineData("0 s", -62135596800000)]
    [InlineData("1000 d", -62135596800000)]
    public async Task A_watermark_that_no_calendar_has_makes_no_tag_and_stops_nothing(string delay, long watermark)
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("tag.automatic-creation", "watermark"),
            ("tag.creation-delay", delay),
            ("sink.watermark-time-zone", "Asia/Tokyo"),
            ("snapshot.num-retained.min", "1"),
            ("snapshot.num-retained.max", "1"));
        for (var i = 1; i <= 3; i++)
        {
            await table.Writer.UpsertAsync(1, "a");
            await table.Writer.CommitAsync(new() { Watermark = watermark });
        }

        Assert.Equal("", await table.TagsAsync());
        Assert.Equal("3", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task A_tag_named_for_the_last_day_that_a_calendar_has_stops_nothing()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("tag.automatic-creation", "watermark"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("9999-12-31");
        await table.ReopenAsync();
        await table.Writer.UpsertAsync(2, "b");
        await table.Writer.CommitAsync(new() { Watermark = 1704067200000 });
        Assert.Equal("9999-12-31=1", await table.TagsAsync());
        Assert.Equal("2", await table.SnapshotsAsync());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("input")]
    public async Task A_tag_that_goes_leaves_what_long_lived_changelogs_need(string producer)
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("changelog-producer", producer), ("changelog.time-retained", "100 d"), ("manifest.merge-min-count", "3"));
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "b");
        await table.Table.Tags.CreateAsync("short");
        await table.CommitAsync(3, "c");
        await table.CompactAsync(4, "d");
        await table.CommitAsync(5, "e");
        var changes = await TableKit.ChangesAsync(table.Table, 1);
        var retention = MaintainedTable.KeepOne with { ChangelogTimeRetained = TimeSpan.FromDays(100) };
        Assert.Equal(5, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));

        await table.Table.Tags.DeleteAsync("short");
        Assert.Equal(changes, await TableKit.ChangesAsync(table.Table, 1));
        Assert.Empty(await table.OrphansAsync());

        // Without a tag that keeps them, the changelogs are the last that need them.
        await table.CommitAsync(6, "f");
        await table.CompactAsync(7, "g");
        await table.Table.Maintenance.ExpireSnapshotsAsync(retention);
        await table.Table.Maintenance.ExpireChangelogsAsync(MaintainedTable.KeepOne);
        table.Time.Advance(TimeSpan.FromHours(25));
        await table.Table.Maintenance.CleanOrphanFilesAsync();
        await table.ReopenAsync();
        Assert.Equal("1:a 2:b 3:c 4:d 5:e 6:f 7:g", await table.RowsAsync());
        Assert.InRange(await table.DataFilesAsync(), 1, 3);
        Assert.Empty(await table.OrphansAsync());
    }

    [Fact]
    public void The_times_of_a_tag_are_written_as_Paimon_writes_them()
    {
        var snapshot = new Snapshot
        {
            Id = 1,
            SchemaId = 0,
            BaseManifestList = "b",
            DeltaManifestList = "d",
            CommitIdentifier = 1,
            CommitKind = CommitKind.Append,
        };
        var created = new DateTime(2024, 2, 3, 4, 5, 0, DateTimeKind.Local);
        var tag = new Tag("t", snapshot, created, TimeSpan.FromSeconds(5));
        var text = Encoding.UTF8.GetString(TagJson.Write(tag));
        Assert.EndsWith(
            ",\n  \"tagCreateTime\" : [ 2024, 2, 3, 4, 5 ],\n  \"tagTimeRetained\" : 5.000000000\n}", text, StringComparison.Ordinal);
        var read = TagJson.Read("t", Encoding.UTF8.GetBytes(text), "/t");
        Assert.Equal((tag.CreatedAt, tag.TimeRetained), (read.CreatedAt, read.TimeRetained));
        var exact = tag with { CreatedAt = tag.CreatedAt!.Value.AddTicks(1), TimeRetained = TimeSpan.FromMilliseconds(1500) };
        var exactText = Encoding.UTF8.GetString(TagJson.Write(exact));
        Assert.Contains("[ 2024, 2, 3, 4, 5, 0, 100 ]", exactText, StringComparison.Ordinal);
        Assert.Contains(": 1.500000000", exactText, StringComparison.Ordinal);
        Assert.Equal(exact.CreatedAt, TagJson.Read("t", Encoding.UTF8.GetBytes(exactText), "/t").CreatedAt);
        Assert.Equal(SnapshotJson.Write(snapshot), TagJson.Write(new Tag("t", snapshot)));
    }

    private static async Task RefusesAsync(Func<ValueTask> action, string because)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => action().AsTask());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}

using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Testing;
using static PaimonSharp.Storage.Tests.Compaction.TreeFiles;

namespace PaimonSharp.Storage.Tests.Compaction;

public sealed class CompactStrategyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new(Noon);

    [Fact]
    public void All_runs_are_merged_when_the_interval_has_passed_since_they_were_merged_last()
    {
        var tree = Tree(6, (0, 1), (5, 1000));
        var strategy = Strategy(tree, ("compaction.optimization-interval", "1 h"));

        // The file at the highest level is of 1970.
        Assert.Equal("5: 0,1", Pick(strategy, tree));
        Assert.Equal("none", Pick(strategy, tree));
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("none", Pick(strategy, tree));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("5: 0,1", Pick(strategy, tree));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("none", Pick(strategy, Tree(6, (5, 1000))));
    }

    [Fact]
    public void A_new_writer_knows_by_the_newest_file_at_the_highest_level_when_all_runs_were_merged_last()
    {
        var tree = Tree(6, (0, 1), (5, 1000));
        tree = new Levels(
            [
                .. tree.Files.Select(file => file with
                {
                    CreationTimeMillis = file.Level == 5 ? (Noon.AddMinutes(-30) - DateTimeOffset.UnixEpoch).Ticks / 10_000 : 0,
                }),
            ],
            KeyType,
            6);
        var strategy = Strategy(tree, ("compaction.optimization-interval", "1 h"));

        Assert.Equal("none", Pick(strategy, tree));
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("5: 0,1", Pick(strategy, tree));
    }

    [Fact]
    public void Small_buckets_and_buckets_with_much_below_the_highest_level_are_merged_early()
    {
        var small = Tree(6, (0, 10), (5, 80));
        Assert.Equal("5: 0,1", Pick(Strategy(small, ("compaction.total-size-threshold", "100 b")), small));
        Assert.Equal("none", Pick(Strategy(small, ("compaction.total-size-threshold", "90 b")), small));
        Assert.Equal("5: 0,1", Pick(Strategy(small, ("compaction.incremental-size-threshold", "9 b")), small));
        Assert.Equal("none", Pick(Strategy(small, ("compaction.incremental-size-threshold", "10 b")), small));
    }

    [Theory]
    [InlineData(12, 9, 17, true)]
    [InlineData(17, 9, 17, false)]
    [InlineData(23, 22, 6, true)]
    [InlineData(3, 22, 6, true)]
    [InlineData(6, 22, 6, false)]
    [InlineData(12, 7, 7, false)]
    [InlineData(12, 9, -1, false)]
    [InlineData(3, -1, 6, false)]
    public void The_size_ratio_is_higher_in_off_peak_hours(int hour, int start, int end, bool isOffPeak)
    {
        var tree = Tree(6, (0, 100), (0, 150), (5, 10_000));
        var strategy = Strategy(
            tree,
            ("num-sorted-run.compaction-trigger", "3"),
            ("compaction.offpeak.start.hour", $"{start}"),
            ("compaction.offpeak.end.hour", $"{end}"),
            ("compaction.offpeak-ratio", "60"));
        _time.Advance(TimeSpan.FromHours(hour < 12 ? hour + 12 : hour - 12));
        Assert.Equal(isOffPeak ? "4: 0,1" : "none", Pick(strategy, tree));
    }

    [Fact]
    public void Gentle_lookups_move_level_0_up_at_every_nth_time_only()
    {
        var tree = Tree(6, (0, 10), (5, 1000));
        var gentle = Strategy(
            tree, ("changelog-producer", "lookup"), ("lookup-compact", "gentle"), ("lookup-compact.max-interval", "7"));
        for (var round = 0; round < 3; round++)
        {
            for (var attempt = 1; attempt < 7; attempt++)
            {
                Assert.Equal("none", Pick(gentle, tree));
            }

            Assert.Equal("4: 0", Pick(gentle, tree));
        }

        // Where level 0 was asked to be empty, it is each time.
        var forced = Strategy(tree, ("compaction.force-up-level-0", "true"), ("lookup-compact", "gentle"));
        Assert.Equal("4: 0", Pick(forced, tree));
        Assert.Equal("4: 0", Pick(Strategy(tree, ("deletion-vectors.enabled", "true")), tree));
        Assert.Equal("4: 0", Pick(Strategy(tree, ("merge-engine", "first-row")), tree));
    }

    [Fact]
    public void A_full_compaction_of_one_run_at_the_highest_level_rewrites_only_what_it_must()
    {
        var done = Tree(6, (5, 1000));
        Assert.Equal("none", Pick(new FullCompaction(TableOptions.Empty), done));
        Assert.Equal("5: 0", Pick(new FullCompaction(TableOptions.Empty, file => file.FileName == "0"), done));
        var all = new FullCompaction(Options(("compaction.force-rewrite-all-files", "true")));
        Assert.Equal("5: 0", Pick(all, done));
        Assert.True(all.Pick(done)!.RewritesEachFile);
        Assert.Equal("5: 0", Pick(new FullCompaction(TableOptions.Empty), Tree(6, (4, 1000))));
        Assert.Equal("none", Pick(new FullCompaction(TableOptions.Empty), Tree(6)));
    }

    [Fact]
    public void The_stop_trigger_is_never_below_the_trigger()
    {
        Assert.Equal(8, CompactStrategies.StopTrigger(TableOptions.Empty));
        Assert.Equal(10, CompactStrategies.StopTrigger(Options(("num-sorted-run.compaction-trigger", "7"))));
        Assert.Equal(7, CompactStrategies.StopTrigger(
            Options(("num-sorted-run.compaction-trigger", "7"), ("num-sorted-run.stop-trigger", "3"))));
    }

    private static string Pick(ICompactStrategy strategy, Levels tree) => strategy.Pick(tree) is { } unit
        ? $"{unit.OutputLevel}: {string.Join(',', unit.Files.Select(file => file.FileName))}"
        : "none";

    private static TableOptions Options(params (string Key, string Value)[] options) =>
        new(options.ToDictionary(option => option.Key, option => option.Value));

    private ICompactStrategy Strategy(Levels tree, params (string Key, string Value)[] options) =>
        CompactStrategies.Create(Options(options), _time, tree);
}

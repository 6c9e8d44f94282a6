using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// Random tables of every merge engine, changelog producer and bucket mode, with deletion vectors or not, under random writes,
/// compactions, restarts, changes of the schema, tags and expiry, against a merge of all rows ever written, a row at a time:
/// <list type="bullet">
/// <item>A compaction changes no read, whatever merges what and when, whatever the buffer holds.</item>
/// <item>A changelog applied to a state gives the next one.</item>
/// <item>A writer that was closed and opened again goes on as if it had not been.</item>
/// <item>A key looked up gives what a scan of the same snapshot gives.</item>
/// <item>Every snapshot and tag that is left shows its state, all of it, some rows or some columns.</item>
/// <item>The same rows cut into other batches, commits and runs give the same rows.</item>
/// </list>
/// <c>PAIMON_MODEL_CASES</c> sets how many cases of each engine, <c>PAIMON_MODEL_SEED</c> plays one again.
/// </summary>
public class EngineModelTests
{
    private static readonly int Cases = Number("PAIMON_MODEL_CASES") ?? 30;
    private static readonly int? Seed = Number("PAIMON_MODEL_SEED");

    [Theory]
    [InlineData("deduplicate")]
    [InlineData("partial-update")]
    [InlineData("aggregation")]
    [InlineData("first-row")]
    public void A_table_shows_what_a_naive_merge_of_all_its_rows_gives(string engine)
    {
        Check(engine, Cases, @case => PlayAsync(@case));
    }

    [Theory]
    [InlineData("deduplicate")]
    [InlineData("partial-update")]
    [InlineData("aggregation")]
    [InlineData("first-row")]
    public void The_same_rows_in_other_batches_commits_and_buffers_give_the_same_rows(string engine)
    {
        Check(engine, Cases / 10, async @case =>
        {
            var straight = @case.Straight();
            Assert.Equal(await PlayAsync(straight), await PlayAsync(straight.Recut(new Random(@case.Seed))));
        });
    }

    [Theory]
    [InlineData("deduplicate")]
    [InlineData("partial-update")]
    [InlineData("aggregation")]
    [InlineData("first-row")]
    public async Task An_independent_checker_finds_nothing_wrong_and_reads_as_many_rows_and_changes(string engine)
    {
        for (var seed = 1; seed <= Math.Max(1, Cases / 40); seed++)
        {
            using var folder = new TempDirectory("model");
            var environment = new StorageEnvironment(new LocalFileIO()) { Ids = new SeededIds(seed) };
            var @case = ModelCase.Random(seed, engine);
            var table = await new ModelRun(@case, await Catalog.OpenAsync(folder.Path, environment), isChecked: true).PlayAsync();
            await PaimonCheck.AssertValidAsync(table.Path);
            var rows = await TableKit.RowsAsync(table.NewScan());
            Assert.Equal(rows.Count, (await PaimonCheck.ReadAsync(table.Path)).Count);
            if (@case.Shape.Producer != "none")
            {
                var first = (await table.SnapshotsAsync())[0].Id;
                var theirs = await PaimonCheck.ChangelogAsync(table.Path, first);
                Assert.Equal((await TableKit.ChangesAsync(table, first)).Count, theirs.Count);
            }
        }
    }

    // Seeds of one check after the other go through all combinations of options.
    private static void Check(string engine, int count, Func<ModelCase, Task> test)
    {
        var number = 0;
        var combinations = ModelShapes.Combinations(engine).Count;
        var seeds = ArbMap.Default.GeneratorFor<int>().Resize(int.MaxValue / 2)
            .Select(value => Seed ?? ((value & int.MaxValue) / combinations * combinations) + (number++ % combinations));
        Prop.ForAll(
                Arb.From(seeds.Select(value => ModelCase.Random(value, engine)), @case => @case.Shrink()),
                @case => test(@case).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Seed is null ? Math.Max(1, count) : 1));
    }

    private static async Task<List<string>> PlayAsync(ModelCase @case)
    {
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(@case.Seed));
        var table = await new ModelRun(@case, catalog).PlayAsync();
        return await TableKit.RowsAsync(table.NewScan());
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}

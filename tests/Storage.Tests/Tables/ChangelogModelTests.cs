using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Tests;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>
/// Random tables of every merge engine, changelog producer and with deletion vectors, under random commits, compactions and
/// restarts: they hold what a dictionary holds, and their changelog, applied change by change, gives the same.
/// </summary>
public class ChangelogModelTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_changelog_applied_to_a_state_gives_the_next_one() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Theory]
    [InlineData("deduplicate", "lookup", true)]
    [InlineData("partial-update", "none", true)]
    [InlineData("aggregation", "lookup", true)]
    [InlineData("aggregation", "lookup", false)]
    [InlineData("deduplicate", "full-compaction", false)]
    [InlineData("first-row", "lookup", false)]
    public async Task An_independent_checker_reads_the_same_rows_and_changes(string engine, string producer, bool hasVectors)
    {
        using var folder = new TempDirectory("changes");
        var catalog = await Catalog.OpenAsync(folder.Path);
        var random = new RandomValues(7);
        await RunAsync(catalog, ChangelogShape.Of(random, engine, producer, hasVectors), random);
        var table = await catalog.GetTableAsync(Name);
        await PaimonCheck.AssertValidAsync(table.Path);
        Assert.Equal((await TableKit.RowsAsync(table.NewScan())).Count, (await PaimonCheck.ReadAsync(table.Path)).Count);
        if (producer != "none")
        {
            var theirs = await PaimonCheck.ChangelogAsync(table.Path, from: 1);
            Assert.Equal((await TableKit.ChangesAsync(table, from: 1)).Count, theirs.Count);
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new RandomValues(seed);
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed));
        await RunAsync(catalog, ChangelogShape.Random(random), random);
    }

    private static async Task RunAsync(Catalog catalog, ChangelogShape shape, RandomValues random)
    {
        var table = await catalog.CreateTableAsync(Name, shape.Definition);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var replay = new ChangelogReplay();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 20; step++)
        {
            for (var rows = random.Next(14); rows > 0; rows--)
            {
                await WriteAsync(writer, shape, random, model);
            }

            var isFull = random.Next(4) == 0;
            if (isFull)
            {
                await writer.CompactAsync();
            }

            await writer.CommitAsync();
            await CheckAsync(table, shape, model, replay, isFull);
            if (random.Next(4) == 0)
            {
                await writer.DisposeAsync();
                table = await catalog.GetTableAsync(Name);
                writer = table.NewWriter("model");
            }
        }

        await writer.CompactAsync();
        await writer.CommitAsync();
        await writer.DisposeAsync();
        await CheckAsync(table, shape, model, replay, isFull: true);
    }

    private static async Task WriteAsync(
        TableWriter writer, ChangelogShape shape, RandomValues random, SortedDictionary<string, string> model)
    {
        var key = random.Next(25);
        int? number = random.Next(4) == 0 ? null : random.Next(100);
        var text = random.Next(4) == 0 ? null : $"t{random.Next(1000)}";
        if (shape.TakesDeletes && random.Next(4) == 0)
        {
            await writer.DeleteAsync(key % 3, key, number, text, random.Next(50));
            model.Remove($"{key}");
            return;
        }

        await writer.UpsertAsync(key % 3, key, number, text, random.Next(50));
        model[$"{key}"] = shape.Merge(model.GetValueOrDefault($"{key}"), number, text);
    }

    private static async Task CheckAsync(
        Table table,
        ChangelogShape shape,
        SortedDictionary<string, string> model,
        ChangelogReplay replay,
        bool isFull)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                Assert.True(state.TryAdd(ChangelogShape.KeyOf(batch, row), ChangelogShape.ValueOf(batch, row)), "a key twice");
            }
        }

        // With a sequence field the newest row is not the last one, and tombstones that are gone let older rows in.
        if (!shape.HasSequence)
        {
            Assert.Equal(model, state);
        }

        if (shape.HasChangelog)
        {
            await replay.FollowAsync(table);
            if (!shape.IsFullCompaction || isFull)
            {
                Assert.Equal(state, replay.State);
            }
        }
    }
}

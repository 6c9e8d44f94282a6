using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Compares a table with what it should show: all rows, some of them, keys, and changes since the last time.</summary>
internal sealed class ModelChecks(ModelCase @case, ModelTable model, ModelInputs inputs) : IAsyncDisposable
{
    private readonly ModelChangelog _changelog = new(@case.Shape);
    private readonly ModelLookups _lookups = new(@case.Shape, model.Rules, new Random(@case.Seed));
    private readonly ModelReads _reads = new(new Random(@case.Seed));
    private bool _hasNewColumns;

    private ModelShape Shape => @case.Shape;

    /// <summary>Columns or snapshots are others now: goes through all changes again.</summary>
    public async Task RestartAsync(Table table, bool hasExpired)
    {
        _hasNewColumns = true;
        _changelog.Restart(hasExpired);
        if (Shape.Producer != "none")
        {
            await _changelog.FollowAsync(table);
        }
    }

    /// <summary>Checks the newest snapshot.</summary>
    /// <param name="table">The table with its newest schema.</param>
    /// <param name="state">What it should show.</param>
    /// <param name="isCompacted">True after a full compaction.</param>
    /// <param name="hasOldColumns">True while the writer has other columns than the table.</param>
    /// <returns>True when there is something at level 0.</returns>
    public async Task<bool> CheckLatestAsync(Table table, ModelState state, bool isCompacted, bool hasOldColumns)
    {
        var rows = model.Rows(table.Schema, state);
        var expected = ModelTable.Texts(rows);
        var hasLevelZero = (await table.FilesAsync()).Any(file => file.Level == 0 && file.Bucket >= 0);
        var found = await CheckRowsAsync(table.NewScan, expected, isVisible: !Shape.HidesLevelZero || !hasLevelZero);
        await _reads.CheckAsync(rows, table.Schema, Shape.HidesLevelZero ? table.NewScan().AllLevels() : table.NewScan());
        if (CanLookUp(hasLevelZero))
        {
            await _lookups.CheckLatestAsync(table, state, found);
        }

        if (Shape.Producer != "none")
        {
            await CheckChangelogAsync(table, expected, found, isCompacted, hasLevelZero, hasOldColumns);
        }

        return hasLevelZero;
    }

    /// <summary>Checks a snapshot.</summary>
    public async Task CheckSnapshotAsync(Table table, long id, ModelState state)
    {
        var schema = await table.Store.Schemas.ReadAsync(
            (await table.SnapshotsAsync()).First(snapshot => snapshot.Id == id).SchemaId, CancellationToken.None);
        var hasLevelZero = (await table.FilesAsync(id)).Any(file => file.Level == 0 && file.Bucket >= 0);
        await CheckOldAsync(
            table, schema, state, hasLevelZero, () => table.NewScan().AsOfSnapshot(id), new TableLookupOptions { SnapshotId = id });
    }

    /// <summary>
    /// Checks a read of the rows that are new or changed since an earlier snapshot. What is in files of both snapshots is left out
    /// on both sides, so that it shows rows that were written again as they were, and parts of rows that are merged of several.
    /// </summary>
    public async Task CheckDifferenceAsync(Table table, (long Id, ModelState State) before, (long Id, ModelState State) after)
    {
        if (Shape is { Engine: "deduplicate", HasSequence: false, HidesLevelZero: false, Buckets: not ModelBuckets.CrossPartition })
        {
            var old = ModelTable.Texts(model.Rows(table.Schema, before.State)).ToHashSet();
            var now = ModelTable.Texts(model.Rows(table.Schema, after.State)).ToHashSet();
            var difference = table.WithOptions(new Dictionary<string, string>
            {
                ["incremental-between"] = $"{before.Id},{after.Id}",
                ["incremental-between-scan-mode"] = "diff",
            });
            var found = await TableKit.RowsAsync(difference.NewScan());
            Assert.Superset(now.Except(old).ToHashSet(), found.ToHashSet());
            Assert.Subset(now, found.ToHashSet());
        }
    }

    /// <summary>Checks a tag.</summary>
    public async Task CheckTagAsync(Table table, string tag, ModelState state)
    {
        var snapshot = (await table.Tags.TryGetAsync(tag))!.Snapshot;
        var schema = await table.Store.Schemas.ReadAsync(snapshot.SchemaId, CancellationToken.None);
        await CheckOldAsync(
            table, schema, state, hasLevelZero: true, () => table.NewScan().AsOfTag(tag), new TableLookupOptions { Tag = tag });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lookups.DisposeAsync();

    private async Task CheckOldAsync(
        Table table, TableSchema schema, ModelState state, bool hasLevelZero, Func<TableScan> newScan, TableLookupOptions lookup)
    {
        var rows = model.Rows(schema, state);
        var found = await CheckRowsAsync(newScan, ModelTable.Texts(rows), isVisible: !Shape.HidesLevelZero || !hasLevelZero);
        await _reads.CheckAsync(rows, schema, Shape.HidesLevelZero ? newScan().AllLevels() : newScan());
        if (CanLookUp(hasLevelZero))
        {
            await _lookups.CheckAsync(table, lookup, state, found);
        }
    }

    // A key that moved is shown twice while its delete is hidden at level 0.
    private bool CanLookUp(bool hasLevelZero) =>
        Shape.Buckets != ModelBuckets.CrossPartition || !Shape.HidesLevelZero || !hasLevelZero;

    private async Task<List<string>> CheckRowsAsync(Func<TableScan> newScan, List<string> expected, bool isVisible)
    {
        if (Shape.HidesLevelZero)
        {
            Assert.Equal(expected, await TableKit.RowsAsync(newScan().AllLevels()));
        }

        var found = await TableKit.RowsAsync(newScan());
        if (isVisible)
        {
            Assert.Equal(expected, found);
        }

        return found;
    }

    private async Task CheckChangelogAsync(
        Table table, List<string> expected, List<string> found, bool isCompacted, bool hasLevelZero, bool hasOldColumns)
    {
        var changes = await _changelog.FollowAsync(table);
        var written = inputs.Take();
        if (_changelog.IsKnown && Shape.Producer == "input")
        {
            if (!_hasNewColumns)
            {
                Assert.Equal(written, changes.Order(StringComparer.Ordinal));
            }

            // An order of fields is not that of the changes.
            if (Shape is { Engine: "deduplicate", HasSequence: false, Buckets: not ModelBuckets.CrossPartition })
            {
                Assert.Equal(expected, _changelog.Rows);
            }
        }
        else if (_changelog.IsKnown && Shape.Producer == "full-compaction")
        {
            // What is at the highest level is what the changelog has told of.
            Assert.Equal(await TableKit.RowsAsync(table.NewScan().OnlyHighestLevel()), _changelog.Rows);
            Assert.True(!isCompacted || expected.SequenceEqual(_changelog.Rows), "a full compaction has not told of everything");
        }
        else if (_changelog.IsKnown && (Shape.HidesLevelZero || !hasLevelZero))
        {
            Assert.Equal(found, _changelog.Rows);
        }

        _hasNewColumns &= hasOldColumns || !inputs.IsEmpty;
    }
}

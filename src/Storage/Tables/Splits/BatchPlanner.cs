using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Plans a batch read: what it begins with, with which schema, which splits. Reads metadata only. Immutable.</summary>
/// <param name="Table">The table.</param>
internal sealed record BatchPlanner(Table Table)
{
    /// <summary>What to begin with; null for what the table's options say.</summary>
    public StartupOptions? Startup { get; init; }

    /// <summary>Rules files out; null for none.</summary>
    public Predicate? Predicate { get; init; }

    /// <summary>The schema to read with; null for the one that the start asks for.</summary>
    public long? SchemaId { get; init; }

    /// <summary>True to add the columns of row ids.</summary>
    public bool WithRowIds { get; init; }

    /// <summary>True to read level 0 too where it is left out.</summary>
    public bool AllLevels { get; init; }

    /// <summary>True to read fully compacted files only, where there is a primary key.</summary>
    public bool OnlyHighestLevel { get; init; }

    private StartupOptions EffectiveStartup =>
        Startup ?? StartupOptions.From(Table.Options, Table.Environment.TimeProvider.LocalTimeZone);

    /// <summary>What the read begins with, and the schema that its rows are given with.</summary>
    /// <exception cref="PaimonException">Invalid: what was asked for is not there.</exception>
    public async ValueTask<(BatchStart Start, TableSchema Schema)> FindStartAsync(CancellationToken cancellationToken)
    {
        var store = Table.Store;
        var start = await BatchStarts.FindAsync(store, Table.Options, EffectiveStartup, cancellationToken).ConfigureAwait(false);
        var schemaId = SchemaId ?? (start is BatchStart.State { IsTravel: true } travel ? travel.Snapshot.SchemaId : null);
        var schema = schemaId is { } id
            ? await store.Schemas.ReadAsync(id, cancellationToken).ConfigureAwait(false)
            : Table.Schema;
        return (start, WithRowIds ? Extend(schema) : schema);
    }

    /// <summary>Finds what is to be read: one plan, or one more for the partitions that only the fallback branch has.</summary>
    public async ValueTask<IReadOnlyList<ScanPlan>> PlanAsync(CancellationToken cancellationToken)
    {
        var (start, schema) = await FindStartAsync(cancellationToken).ConfigureAwait(false);
        var planner = PlannerOf(start, schema);
        var (snapshotId, splits) = start switch
        {
            BatchStart.State state =>
                (state.Snapshot.Id, await planner.PlanStateAsync(state.Snapshot, cancellationToken).ConfigureAwait(false)),
            BatchStart.Changes changes =>
                (changes.Through, await planner.PlanBetweenAsync(
                    changes.After, changes.Through, changes.IsChangelog, cancellationToken).ConfigureAwait(false)),
            BatchStart.Difference states =>
                (states.After.Id, await planner.PlanDifferenceAsync(
                    states.Before, states.After, cancellationToken).ConfigureAwait(false)),
            _ => ((long?)null, (IReadOnlyList<Split>)[]),
        };
        var plan = new ScanPlan(Table, snapshotId, schema, splits, planner.PrunedFiles);
        return await Table.TryOpenFallbackAsync(cancellationToken).ConfigureAwait(false) is { } fallback
            ? [plan, .. await PlanFallbackAsync(fallback, start, planner, cancellationToken).ConfigureAwait(false)]
            : [plan];
    }

    private async ValueTask<IReadOnlyList<ScanPlan>> PlanFallbackAsync(
        Table fallback, BatchStart start, SplitPlanner planner, CancellationToken cancellationToken)
    {
        if (start is BatchStart.Changes or BatchStart.Difference)
        {
            PaimonException.ThrowUnsupported(
                $"{Table.Path}: incremental reads with option 'scan.fallback-branch' are not supported; leave the branch out with "
                + "'scan.fallback-branch' = ''.");
        }

        // The snapshots of branches have numbers of their own: the one of the same time is meant.
        var state = start as BatchStart.State;
        var startup = EffectiveStartup;
        if (startup.Mode is StartupMode.FromSnapshot or StartupMode.FromSnapshotFull)
        {
            var there = await fallback.Store.Snapshots.EarlierOrEqualTimeAsync(
                state!.Snapshot.TimeMillis, cancellationToken).ConfigureAwait(false);
            startup = new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = there?.Id ?? Snapshot.FirstId };
        }

        var scan = this with { Table = fallback, Startup = startup, SchemaId = null };
        var (otherStart, schema) = await scan.FindStartAsync(cancellationToken).ConfigureAwait(false);
        if (otherStart is not BatchStart.State other)
        {
            return [];
        }

        var complete = state is null
            ? new HashSet<BinaryRowBytes>()
            : await planner.PartitionsAsync(state.Snapshot, cancellationToken).ConfigureAwait(false);
        var otherPlanner = scan.PlannerOf(other, schema);
        var splits = await otherPlanner.PlanStateAsync(other.Snapshot, cancellationToken).ConfigureAwait(false);
        Split[] missing = [.. splits.Where(split => !complete.Contains(split.Bucket.Partition))];
        return [new ScanPlan(fallback, other.Snapshot.Id, schema, missing, otherPlanner.PrunedFiles)];
    }

    private SplitPlanner PlannerOf(BatchStart start, TableSchema schema)
    {
        var options = Table.OptionsOf(schema);
        TableFeatures.CheckReadable(schema, options);
        return new SplitPlanner(Table.Store, schema, options, Predicate, SelectionOf(start, schema, options));
    }

    private FileSelection SelectionOf(BatchStart start, TableSchema schema, TableOptions options) => new()
    {
        MinLevel = OnlyHighestLevel && schema.PrimaryKeys.Count > 0
            ? Table.Store.Options.MaxLevel
            : LevelZero.IsHidden(schema, options)
                && !AllLevels
                && options.GetName("batch-scan-mode", "none") == "none" ? 1 : 0,
        CreatedSinceMillis = (start as BatchStart.State)?.CreatedSinceMillis,
        OnlyRealBuckets = options.GetInt32("bucket", -1) == DataFilePaths.PostponeBucket,
    };

    private TableSchema Extend(TableSchema schema)
    {
        if (!Table.OptionsOf(schema).GetBoolean("row-tracking.enabled", false))
        {
            PaimonException.ThrowInvalid($"{Table.Path} has no row ids: option 'row-tracking.enabled' is not set.");
        }

        return RowTracking.Extend(schema);
    }
}

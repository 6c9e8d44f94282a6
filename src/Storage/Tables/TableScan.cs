using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A batch read. The methods that narrow it change the scan and return it, to be chained. For one thread at a time.
/// </summary>
public sealed class TableScan : IRowScan
{
    private readonly Table _table;
    private IReadOnlyList<string>? _columns;
    private Predicate? _predicate;
    private StartupOptions? _startup;
    private long? _schemaId;
    private bool _withRowIds;
    private bool _allLevels;
    private bool _onlyHighestLevel;
    private bool _withKinds;
    private bool _keepsRetracts;
    private long _limit = long.MaxValue;

    internal TableScan(Table table) => _table = table;

    /// <summary>The files that the last read did not open, as what is known of them rules out every row wanted.</summary>
    public int PrunedFiles { get; private set; }

    /// <summary>Reads some columns only.</summary>
    /// <param name="columns">Their names, in the order wanted.</param>
    public TableScan Project(params IReadOnlyList<string> columns)
    {
        _columns = columns;
        return this;
    }

    /// <summary>Reads the rows that meet a condition, and opens only files that may hold some.</summary>
    /// <param name="predicate">The condition; its columns need not be among those projected. Null for all rows.</param>
    public TableScan Filter(Predicate? predicate)
    {
        _predicate = predicate;
        return this;
    }

    /// <summary>Reads the state of a snapshot, with the snapshot's schema, whatever the table's <c>scan.*</c> options say.</summary>
    /// <param name="snapshotId">The snapshot's id.</param>
    public TableScan AsOfSnapshot(long snapshotId)
    {
        _startup = new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = snapshotId };
        return this;
    }

    /// <summary>Reads the state of a tag, with the tag's schema, whatever the table's <c>scan.*</c> options say.</summary>
    /// <param name="tag">The tag's name.</param>
    public TableScan AsOfTag(string tag)
    {
        _startup = new StartupOptions { Mode = StartupMode.FromSnapshot, Tag = tag };
        return this;
    }

    /// <summary>
    /// Reads files of level 0 too where batch reads leave them out: of tables with deletion vectors and of merge engine
    /// first-row, whose rows become visible by a compaction.
    /// </summary>
    public TableScan AllLevels()
    {
        _allLevels = true;
        return this;
    }

    /// <summary>
    /// Gives every row's kind with it. Rows that needed no merge are +I, those of incremental reads what they were written as.
    /// </summary>
    /// <param name="keepRetracts">
    /// True to give also keys whose newest row is a retraction, and for every row the kind it was written with, as the system
    /// table <c>audit_log</c> does.
    /// </param>
    public TableScan WithKinds(bool keepRetracts = false)
    {
        _withKinds = true;
        _keepsRetracts = keepRetracts;
        return this;
    }

    /// <summary>Reads with a schema other than the one the state would be read with.</summary>
    /// <param name="schemaId">The schema's id.</param>
    public TableScan WithSchema(long schemaId)
    {
        _schemaId = schemaId;
        return this;
    }

    /// <summary>
    /// Adds the columns <c>_ROW_ID</c> and <c>_SEQUENCE_NUMBER</c> after the table's own, for a table that tracks its rows; a
    /// projection and a condition may name them.
    /// </summary>
    public TableScan WithRowIds()
    {
        _withRowIds = true;
        return this;
    }

    /// <summary>Ends after some rows.</summary>
    /// <param name="rows">At most so many rows.</param>
    public TableScan Limit(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _limit = rows;
        return this;
    }

    /// <summary>The columns of the result.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: a column asked for is not there.</exception>
    public async ValueTask<RowType> ResultTypeAsync(CancellationToken cancellationToken = default)
    {
        var (_, schema) = await FindStartAsync(cancellationToken).ConfigureAwait(false);
        return schema.RowType.Project(ColumnsOf(schema));
    }

    /// <summary>Reads the rows, in no promised order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Batches that are valid until the next one is asked for.</returns>
    /// <exception cref="PaimonException">Invalid: no such snapshot, tag or column. Unsupported: a feature that is not read.</exception>
    public async IAsyncEnumerable<ColumnBatch> ReadBatchesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var plans = await PlanAsync(cancellationToken).ConfigureAwait(false);
        PrunedFiles = plans.Sum(plan => plan.PrunedFiles);
        var left = _limit;
        foreach (var plan in plans)
        {
            var read = new ScanColumns(plan.Schema, ColumnsOf(plan.Schema), _predicate, _withKinds);
            var reader = ReaderOf(plan, read.Indexes);
            foreach (var split in plan.Splits)
            {
                if (left == 0)
                {
                    yield break;
                }

                await foreach (var batch in reader.ReadAsync(split, cancellationToken).ConfigureAwait(false))
                {
                    var result = read.Apply(batch, left);
                    if (result.RowCount > 0)
                    {
                        left -= result.RowCount;
                        yield return result;
                    }

                    if (left == 0)
                    {
                        yield break;
                    }
                }
            }
        }
    }

    /// <summary>Reads the rows one by one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Views that are valid until the next row is asked for.</returns>
    public async IAsyncEnumerable<Row> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                yield return new Row(batch, row);
            }
        }
    }

    /// <summary>Reads fully compacted files only, where there is a primary key.</summary>
    internal TableScan OnlyHighestLevel()
    {
        _onlyHighestLevel = true;
        return this;
    }

    /// <summary>Finds what is to be read: one plan, or one more for the partitions that only the fallback branch has.</summary>
    internal async ValueTask<IReadOnlyList<ScanPlan>> PlanAsync(CancellationToken cancellationToken)
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
        var plan = new ScanPlan(_table, snapshotId, schema, splits, planner.PrunedFiles);
        return await _table.TryOpenFallbackAsync(cancellationToken).ConfigureAwait(false) is { } fallback
            ? [plan, .. await PlanFallbackAsync(fallback, start, planner, cancellationToken).ConfigureAwait(false)]
            : [plan];
    }

    private async ValueTask<IReadOnlyList<ScanPlan>> PlanFallbackAsync(
        Table fallback, BatchStart start, SplitPlanner planner, CancellationToken cancellationToken)
    {
        if (start is BatchStart.Changes or BatchStart.Difference)
        {
            PaimonException.ThrowUnsupported(
                $"{_table.Path}: incremental reads with option 'scan.fallback-branch' are not supported; leave the branch out with "
                + "'scan.fallback-branch' = ''.");
        }

        // The snapshots of branches have numbers of their own: the one of the same time is meant.
        var state = start as BatchStart.State;
        var startup = StartupOf(_table);
        if (startup.Mode is StartupMode.FromSnapshot or StartupMode.FromSnapshotFull)
        {
            var there = await fallback.Store.Snapshots.EarlierOrEqualTimeAsync(
                state!.Snapshot.TimeMillis, cancellationToken).ConfigureAwait(false);
            startup = new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = there?.Id ?? Snapshot.FirstId };
        }

        var scan = new TableScan(fallback)
        {
            _columns = _columns,
            _predicate = _predicate,
            _startup = startup,
            _allLevels = _allLevels,
            _onlyHighestLevel = _onlyHighestLevel,
            _withRowIds = _withRowIds,
        };
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

    private ISplitReader ReaderOf(ScanPlan plan, int[] columns) =>
        new SplitReadRequest(plan.Table, plan.Schema, plan.Table.OptionsOf(plan.Schema), columns)
        {
            Predicate = _predicate,
            WithKinds = _withKinds,
            KeepRetracts = _keepsRetracts,
        }.CreateReader();

    private SplitPlanner PlannerOf(BatchStart start, TableSchema schema)
    {
        var options = _table.OptionsOf(schema);
        TableFeatures.CheckReadable(schema, options);
        return new SplitPlanner(_table.Store, schema, options, _predicate, SelectionOf(start, schema, options));
    }

    private StartupOptions StartupOf(Table table) =>
        _startup ?? StartupOptions.From(table.Options, table.Environment.TimeProvider.LocalTimeZone);

    private FileSelection SelectionOf(BatchStart start, TableSchema schema, TableOptions options) => new()
    {
        MinLevel = _onlyHighestLevel && schema.PrimaryKeys.Count > 0
            ? _table.Store.Options.MaxLevel
            : LevelZero.IsHidden(schema, options)
                && !_allLevels
                && options.GetString("batch-scan-mode", "none") == "none" ? 1 : 0,
        CreatedSinceMillis = (start as BatchStart.State)?.CreatedSinceMillis,
        OnlyRealBuckets = options.GetInt32("bucket", -1) == DataFilePaths.PostponeBucket,
    };

    private int[] ColumnsOf(TableSchema schema) =>
        _columns is null ? [.. Enumerable.Range(0, schema.Fields.Count)] : schema.IndexesOf(_columns);

    internal async ValueTask<(BatchStart Start, TableSchema Schema)> FindStartAsync(CancellationToken cancellationToken)
    {
        var store = _table.Store;
        var start = await BatchStarts.FindAsync(store, _table.Options, StartupOf(_table), cancellationToken).ConfigureAwait(false);
        var schemaId = _schemaId ?? (start is BatchStart.State { IsTravel: true } travel ? travel.Snapshot.SchemaId : null);
        var schema = schemaId is { } id
            ? await store.Schemas.ReadAsync(id, cancellationToken).ConfigureAwait(false)
            : _table.Schema;
        return (start, _withRowIds ? WithRowIds(schema) : schema);
    }

    private TableSchema WithRowIds(TableSchema schema)
    {
        if (!_table.OptionsOf(schema).GetBoolean("row-tracking.enabled", false))
        {
            PaimonException.ThrowInvalid($"{_table.Path} has no row ids: option 'row-tracking.enabled' is not set.");
        }

        return RowTracking.Extend(schema);
    }
}

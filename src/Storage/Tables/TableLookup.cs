using System.Collections.Concurrent;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Lookups;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Rows by primary key, of one snapshot at a time: what a scan of the same snapshot gives for the key. The first key that falls
/// into a data file makes a local lookup file of it, which is kept as long as the data file lives, within the limits of the
/// table's <c>lookup.*</c> options; after that a key costs microseconds and, where its block is in memory, no waiting. Safe for
/// several threads. Dispose it to give memory and disk space back.
/// </summary>
public sealed class TableLookup : IAsyncDisposable
{
    private readonly BatchPlanner _planner;
    private readonly LookupShape _shape;
    private readonly LookupStore _store;
    private readonly bool _isFixed;
    private readonly int[] _storedFields;
    private readonly int[] _storedTargets;
    private readonly (int Target, int Partition)[] _partitionTargets;
    private readonly SemaphoreSlim _refreshGate = new(1, 1);
    private readonly ConcurrentBag<LookupKeys> _freeKeys = [];
    private LookupKeys? _freeKey;
    private volatile LookupState _state = LookupState.Empty;

    private TableLookup(BatchPlanner planner, LookupShape shape, bool isFixed)
    {
        _planner = planner;
        _shape = shape;
        _isFixed = isFixed;
        _store = new LookupStore(shape.Table.Environment, LookupOptions.Of(shape.Options));
        var fields = shape.OutputType.Fields;
        _storedTargets = [.. Enumerable.Range(0, fields.Count).Where(i => shape.StoredType.IndexOf(fields[i].Name) >= 0)];
        _storedFields = [.. _storedTargets.Select(i => shape.StoredType.IndexOf(fields[i].Name))];
        _partitionTargets =
        [
            .. Enumerable.Range(0, fields.Count).Except(_storedTargets)
                .Select(i => (i, shape.Schema.PartitionType.IndexOf(fields[i].Name))),
        ];
    }

    /// <summary>The columns of a key, in order: the primary key.</summary>
    public RowType KeyType => _shape.KeyType;

    /// <summary>The columns of the rows found.</summary>
    public RowType RowType => _shape.OutputType;

    /// <summary>The snapshot whose rows are found, null before the table's first commit.</summary>
    public long? SnapshotId => _state.SnapshotId;

    internal LookupStore Store => _store;

    internal static async ValueTask<TableLookup> OpenAsync(
        Table table, TableLookupOptions options, CancellationToken cancellationToken)
    {
        var planner = new BatchPlanner(table)
        {
            Startup = options.SnapshotId is null && options.Tag is null
                ? null
                : new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = options.SnapshotId, Tag = options.Tag },
        };
        var (start, schema) = await planner.FindStartAsync(cancellationToken).ConfigureAwait(false);
        if (start is BatchStart.Changes or BatchStart.Difference)
        {
            PaimonException.ThrowInvalid($"{table.Path}: an incremental read has no rows to look up; leave the option 'incremental-between' out.");
        }

        if (!string.IsNullOrWhiteSpace(table.Options.GetString("scan.fallback-branch")))
        {
            PaimonException.ThrowUnsupported(
                $"{table.Path}: lookups with option 'scan.fallback-branch' are not supported; leave the branch out with "
                + "'scan.fallback-branch' = ''.");
        }

        var isFixed = start is BatchStart.State { IsTravel: true };
        var lookup = new TableLookup(planner, new LookupShape(table, schema, options.Columns), isFixed);
        await lookup.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return lookup;
    }

    /// <summary>
    /// Goes on to the newest snapshot, unless the lookup is of a certain one. Lookup files of data files that are still there are
    /// kept. Calls under way end with the snapshot that they began with.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it was the newest already.</returns>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellationToken = default)
    {
        var snapshots = _shape.Table.Store.Snapshots;
        await _refreshGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_state != LookupState.Empty
                && (_isFixed
                    || (_state.Newest is { } known
                        && await snapshots.IsLatestAsync(known, cancellationToken).ConfigureAwait(false))))
            {
                return false;
            }

            // Read first: if another one takes its place meanwhile, the next refresh sees that.
            var newest = _isFixed ? null : await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            var plans = await _planner.PlanAsync(cancellationToken).ConfigureAwait(false);
            if (plans[0].SnapshotId is not { } id)
            {
                return false;
            }

            _state = LookupState.Of(plans[0], _store, _shape, _state, newest?.Id == id ? newest : null);
            return true;
        }
        finally
        {
            _refreshGate.Release();
        }
    }

    /// <summary>Finds a row.</summary>
    /// <param name="key">A value for each column of the primary key, in its order, as <see cref="TableWriter.DeleteAsync"/> takes them.</param>
    /// <returns>The row, which stays good; null when there is none.</returns>
    /// <exception cref="PaimonException">Invalid: too few or many values, or one does not suit its column.</exception>
    /// <exception cref="Io.FileMissingException">The snapshot has expired: refresh.</exception>
    public ValueTask<Row?> GetAsync(params ReadOnlySpan<object?> key) => GetCoreAsync(key, CancellationToken.None);

    /// <summary>Finds a row.</summary>
    /// <param name="key">A value for each column of the primary key, in its order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The row, which stays good; null when there is none.</returns>
    /// <exception cref="PaimonException">Invalid: too few or many values, or one does not suit its column.</exception>
    /// <exception cref="Io.FileMissingException">The snapshot has expired: refresh.</exception>
    public ValueTask<Row?> GetAsync(object?[] key, CancellationToken cancellationToken) => GetCoreAsync(key, cancellationToken);

    /// <summary>Finds many rows.</summary>
    /// <param name="keys">The columns of the primary key, in its order; must not change until the call has ended.</param>
    /// <param name="rows">Takes the rows found: a batch of <see cref="RowType"/>, to which they are appended.</param>
    /// <param name="positions">Takes for each key the position of its row in <paramref name="rows"/>, -1 where there is none.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch may then hold part of the rows.</param>
    /// <returns>How many rows were found.</returns>
    /// <exception cref="PaimonException">Invalid: the batch has other columns than the primary key.</exception>
    /// <exception cref="Io.FileMissingException">The snapshot has expired: refresh.</exception>
    public ValueTask<int> GetManyAsync(
        ColumnBatch keys, ColumnBatch rows, Memory<int> positions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions.Length, keys.RowCount);
        if (rows.Columns.Count != RowType.Fields.Count)
        {
            PaimonException.ThrowInvalid($"The batch has {rows.Columns.Count} columns; rows have {RowType.Fields.Count}.");
        }

        var own = Rent();
        own.Set(keys);
        return FindAsync(own, keys.RowCount, rows, positions, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private ValueTask<Row?> GetCoreAsync(ReadOnlySpan<object?> key, CancellationToken cancellationToken)
    {
        var keys = Rent();
        if (!keys.TrySet(key))
        {
            Return(keys);
            return new ValueTask<Row?>((Row?)null);
        }

        var rows = new ColumnBatch(RowType);
        var found = FindAsync(keys, 1, rows, null, cancellationToken);
        return found.IsCompletedSuccessfully
            ? new ValueTask<Row?>(found.Result == 0 ? null : new Row(rows, 0))
            : AwaitAsync(found, rows);

        static async ValueTask<Row?> AwaitAsync(ValueTask<int> found, ColumnBatch rows) =>
            await found.ConfigureAwait(false) == 0 ? null : new Row(rows, 0);
    }

    private ValueTask<int> FindAsync(
        LookupKeys keys, int count, ColumnBatch rows, Memory<int> positions, CancellationToken cancellationToken)
    {
        var state = _state;
        if (!_shape.IsNewestTheResult)
        {
            return MergeAsync(state, keys, count, rows, positions, cancellationToken);
        }

        var before = rows.RowCount;
        var key = 0;
        Walk(state, keys, ref key, count, rows, positions.Span);
        if (key < count)
        {
            return WaitAsync(state, keys, key, count, before, rows, positions, cancellationToken);
        }

        Return(keys);
        return new ValueTask<int>(rows.RowCount - before);
    }

    private async ValueTask<int> WaitAsync(
        LookupState state,
        LookupKeys keys,
        int key,
        int count,
        int before,
        ColumnBatch rows,
        Memory<int> positions,
        CancellationToken cancellationToken)
    {
        while (key < count)
        {
            var hash = KeyHash.Of(keys.Encoded, key);
            var isFound = false;
            foreach (var bucket in keys.BucketsOf(state, key))
            {
                var place = await bucket.FindNewestAsync(keys.Encoded, key, hash, cancellationToken).ConfigureAwait(false);
                if (place.Row >= 0 && place.IsAdd)
                {
                    Add(bucket, place, rows);
                    isFound = true;
                    break;
                }
            }

            SetPosition(positions.Span, key, isFound, rows);
            key++;
            Walk(state, keys, ref key, count, rows, positions.Span);
        }

        Return(keys);
        return rows.RowCount - before;
    }

    // All keys until one that has to be waited for.
    private void Walk(LookupState state, LookupKeys keys, ref int key, int count, ColumnBatch rows, Span<int> positions)
    {
        for (; key < count; key++)
        {
            var hash = KeyHash.Of(keys.Encoded, key);
            var place = default(LookupPlace);
            var isFound = false;

            // A key that moved to another partition has left a retraction where it was.
            foreach (var bucket in keys.BucketsOf(state, key))
            {
                if (!bucket.TryFindNewest(keys.Encoded, key, hash, ref place))
                {
                    return;
                }

                if (place.Row >= 0 && place.IsAdd)
                {
                    Add(bucket, place, rows);
                    isFound = true;
                    break;
                }
            }

            SetPosition(positions, key, isFound, rows);
        }
    }

    private static void SetPosition(Span<int> positions, int key, bool isFound, ColumnBatch rows)
    {
        if (!positions.IsEmpty)
        {
            positions[key] = isFound ? rows.RowCount - 1 : -1;
        }
    }

    private void Add(LookupBucket bucket, in LookupPlace place, ColumnBatch rows)
    {
        _shape.RowReader.ReadFields(place.Block.RowOf(place.Row), _storedFields, rows.Columns, _storedTargets);
        EndRow(bucket, rows);
    }

    private void EndRow(LookupBucket bucket, ColumnBatch rows)
    {
        foreach (var (target, partition) in _partitionTargets)
        {
            rows.Columns[target].AppendRange(bucket.PartitionValues[partition], 0, 1);
        }

        rows.Kinds?.Append(RowKind.Insert);
        rows.EndRows(1);
    }

    private async ValueTask<int> MergeAsync(
        LookupState state, LookupKeys keys, int count, ColumnBatch rows, Memory<int> positions, CancellationToken cancellationToken)
    {
        var before = rows.RowCount;
        positions.Span.Fill(-1);
        var groups = new Dictionary<LookupBucket, List<int>>();
        for (var key = 0; key < count; key++)
        {
            foreach (var bucket in keys.BucketsOf(state, key))
            {
                if (!groups.TryGetValue(bucket, out var group))
                {
                    groups.Add(bucket, group = []);
                }

                group.Add(key);
            }
        }

        foreach (var (bucket, group) in groups)
        {
            await MergeAsync(bucket, keys, group, rows, positions, cancellationToken).ConfigureAwait(false);
        }

        Return(keys);
        return rows.RowCount - before;
    }

    private async ValueTask MergeAsync(
        LookupBucket bucket, LookupKeys keys, List<int> group, ColumnBatch rows, Memory<int> positions, CancellationToken cancellationToken)
    {
        var encoded = group.Count == keys.Encoded.Count ? keys.Encoded : _shape.Plan.KeyEncoder.CreateKeys();
        if (encoded != keys.Encoded)
        {
            var columns = BinaryRows.CreateColumns(_shape.Schema.TrimmedPrimaryKeyType);
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].AppendGather(keys.Trimmed[i], group.ToArray());
            }

            _shape.Plan.KeyEncoder.Encode(columns, 0, group.Count, encoded);
        }

        var results = await keys.Merge.MergeAsync(bucket, encoded, cancellationToken).ConfigureAwait(false);
        for (var result = 0; result < results; result++)
        {
            keys.Merge.Append(result, rows.Columns);
            EndRow(bucket, rows);
            SetPosition(positions.Span, group[keys.Merge.KeyOf(result)], isFound: true, rows);
        }
    }

    private LookupKeys Rent() =>
        Interlocked.Exchange(ref _freeKey, null) ?? (_freeKeys.TryTake(out var keys) ? keys : new LookupKeys(_shape));

    // After an error they are left to the garbage collector.
    private void Return(LookupKeys keys)
    {
        keys.Release();
        if (Interlocked.CompareExchange(ref _freeKey, keys, null) is not null && _freeKeys.Count < Environment.ProcessorCount)
        {
            _freeKeys.Add(keys);
        }
    }
}

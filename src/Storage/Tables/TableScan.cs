using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A batch read. The methods that narrow it change the scan and return it, to be chained. For one thread at a time.
/// </summary>
public sealed class TableScan : IRowScan
{
    private IReadOnlyList<string>? _columns;
    private BatchPlanner _planner;
    private bool _withKinds;
    private bool _keepsRetracts;
    private long _limit = long.MaxValue;

    internal TableScan(Table table) => _planner = new BatchPlanner(table);

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
        _planner = _planner with { Predicate = predicate };
        return this;
    }

    /// <summary>Reads the state of a snapshot, with the snapshot's schema, whatever the table's <c>scan.*</c> options say.</summary>
    /// <param name="snapshotId">The snapshot's id.</param>
    public TableScan AsOfSnapshot(long snapshotId)
    {
        _planner = _planner with { Startup = new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = snapshotId } };
        return this;
    }

    /// <summary>Reads the state of a tag, with the tag's schema, whatever the table's <c>scan.*</c> options say.</summary>
    /// <param name="tag">The tag's name.</param>
    public TableScan AsOfTag(string tag)
    {
        _planner = _planner with { Startup = new StartupOptions { Mode = StartupMode.FromSnapshot, Tag = tag } };
        return this;
    }

    /// <summary>
    /// Reads files of level 0 too where batch reads leave them out: of tables with deletion vectors and of merge engine
    /// first-row, whose rows become visible by a compaction.
    /// </summary>
    public TableScan AllLevels()
    {
        _planner = _planner with { AllLevels = true };
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
        _planner = _planner with { SchemaId = schemaId };
        return this;
    }

    /// <summary>
    /// Adds the columns <c>_ROW_ID</c> and <c>_SEQUENCE_NUMBER</c> after the table's own, for a table that tracks its rows; a
    /// projection and a condition may name them.
    /// </summary>
    public TableScan WithRowIds()
    {
        _planner = _planner with { WithRowIds = true };
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
        var (_, schema) = await _planner.FindStartAsync(cancellationToken).ConfigureAwait(false);
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
            var read = new ScanColumns(plan.Schema, ColumnsOf(plan.Schema), _planner.Predicate, _withKinds);
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
        _planner = _planner with { OnlyHighestLevel = true };
        return this;
    }

    /// <summary>Finds what is to be read: one plan, or one more for the partitions that only the fallback branch has.</summary>
    internal ValueTask<IReadOnlyList<ScanPlan>> PlanAsync(CancellationToken cancellationToken) => _planner.PlanAsync(cancellationToken);

    private ISplitReader ReaderOf(ScanPlan plan, int[] columns) =>
        new SplitReadRequest(plan.Table, plan.Schema, plan.Table.OptionsOf(plan.Schema), columns)
        {
            Predicate = _planner.Predicate,
            WithKinds = _withKinds,
            KeepRetracts = _keepsRetracts,
        }.CreateReader();

    private int[] ColumnsOf(TableSchema schema) =>
        _columns is null ? [.. Enumerable.Range(0, schema.Fields.Count)] : schema.IndexesOf(_columns);
}

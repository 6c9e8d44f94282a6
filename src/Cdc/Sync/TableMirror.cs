using System.Diagnostics;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// One source table and the table that mirrors it. Rows gather in a batch, go to the writer when it is full and become true
/// with <see cref="CommitAsync"/>, together with the position. For one thread at a time.
/// </summary>
internal sealed class TableMirror : IAsyncDisposable
{
    private const int BatchRows = 8192;

    private readonly TypeMappingOptions _typeMapping;
    private readonly TableWriter _writer;
    private readonly RowsDecoder _decoder = new();
    private readonly Dictionary<TableMap, RowDecodePlan> _plans = [];
    private RowKeys _keys;
    private ColumnBatch _batch;
    private int _groupStart;
    private bool _groupIsPartlyWritten;
    private bool _hasRows;

    public TableMirror(Table table, TableWriter writer, SourceTable source, SyncCheckpoint? checkpoint, TypeMappingOptions typeMapping)
    {
        Table = table;
        _writer = writer;
        Source = source;
        Checkpoint = checkpoint;
        _typeMapping = typeMapping;
        _keys = new RowKeys(writer.Schema);
        _batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
    }

    /// <summary>The mirroring table.</summary>
    public Table Table { get; }

    /// <summary>The source's columns at the position read.</summary>
    public SourceTable Source { get; private set; }

    /// <summary>What the newest commit said; null before the first.</summary>
    public SyncCheckpoint? Checkpoint { get; private set; }

    /// <summary>The transactions of <see cref="Checkpoint"/>, while the stream has not passed it.</summary>
    public ExecutedTransactions? Ahead { get; set; }

    /// <summary>When the newest commit was, by the clock of <see cref="CommitAsync"/>'s caller.</summary>
    public long CommittedAt { get; private set; }

    /// <summary>True when rows wait for a commit.</summary>
    public bool HasRows => _hasRows || _batch.RowCount > 0;

    /// <summary>The schema that rows are written with.</summary>
    public Data.Schemas.TableSchema Schema => _writer.Schema;

    /// <summary>Adds the rows of an event.</summary>
    /// <returns>The row changes: an update counts once.</returns>
    public async ValueTask<int> AddAsync(RowsEvent rows, CancellationToken cancellationToken)
    {
        if (_batch.RowCount >= BatchRows)
        {
            _groupIsPartlyWritten |= _groupStart < _batch.RowCount;
            await WriteBatchAsync(cancellationToken).ConfigureAwait(false);
        }

        var start = _batch.RowCount;
        var added = _decoder.Decode(rows, PlanFor(rows.Table!), _batch);
        if (rows.Kind != RowsKind.Update)
        {
            return added;
        }

        _keys.SplitKeyChanges(_batch, start);
        return added / 2;
    }

    /// <summary>Adds rows that a snapshot read, all of them +I.</summary>
    /// <param name="rows">With the columns of <see cref="Schema"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask AddSnapshotAsync(ColumnBatch rows, CancellationToken cancellationToken)
    {
        _hasRows |= rows.RowCount > 0;
        await _writer.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decodes the rows of an event into a batch of the caller's, with kinds.</summary>
    public void DecodeInto(RowsEvent rows, ColumnBatch target)
    {
        var start = target.RowCount;
        _decoder.Decode(rows, PlanFor(rows.Table!), target);
        _keys.SplitKeyChanges(target, start);
    }

    /// <summary>The transaction whose rows were added is complete.</summary>
    public void EndGroup()
    {
        _groupStart = _batch.RowCount;
        _groupIsPartlyWritten = false;
    }

    /// <summary>Takes the rows of a transaction without an end back.</summary>
    /// <exception cref="PaimonException">Some of them are with the writer already: begin again from the checkpoint.</exception>
    public void AbandonGroup()
    {
        if (_groupIsPartlyWritten)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"{Source.QualifiedName}: a transaction of more than {BatchRows} rows has no end in the binlog.");
        }

        _batch.Truncate(_groupStart);
    }

    /// <summary>Makes all rows added true, together with the position.</summary>
    /// <param name="checkpoint">The position that all rows added lead to.</param>
    /// <param name="now">The clock, for <see cref="CommittedAt"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask CommitAsync(SyncCheckpoint checkpoint, long now, CancellationToken cancellationToken)
    {
        Debug.Assert(!_groupIsPartlyWritten && _groupStart == _batch.RowCount, "a commit inside a transaction");
        await WriteBatchAsync(cancellationToken).ConfigureAwait(false);
        await _writer.CommitAsync(
            new CommitOptions { Properties = checkpoint.ToProperties(), AllowEmpty = true, FollowsDeltaCommits = true },
            cancellationToken).ConfigureAwait(false);
        _hasRows = false;
        Checkpoint = checkpoint;
        CommittedAt = now;
    }

    /// <summary>Goes on with more columns on both sides.</summary>
    /// <param name="source">The source's columns from here on.</param>
    /// <param name="schema">The table's schema from here on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask EvolveAsync(SourceTable source, Data.Schemas.TableSchema schema, CancellationToken cancellationToken)
    {
        await WriteBatchAsync(cancellationToken).ConfigureAwait(false);
        if (schema.Id != _writer.Schema.Id)
        {
            await _writer.ApplySchemaAsync(schema, cancellationToken).ConfigureAwait(false);
            _batch = new ColumnBatch(schema.RowType, withKinds: true);
            _keys = new RowKeys(schema);
        }

        Source = source;
        _plans.Clear();
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async ValueTask WriteBatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.RowCount > 0)
        {
            await _writer.WriteAsync(_batch, cancellationToken).ConfigureAwait(false);
            _hasRows = true;
            _batch.Clear();
            _groupStart = 0;
        }
    }

    private RowDecodePlan PlanFor(TableMap map)
    {
        if (_plans.TryGetValue(map, out var plan))
        {
            return plan;
        }

        if (_plans.Count > 64)
        {
            // A table map is new whenever the server opened the table anew.
            _plans.Clear();
        }

        var columns = ColumnsOf(map);
        var fields = _writer.Schema.RowType.Fields;
        var sources = new int[fields.Count];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = FindColumn(columns, fields[i].Name);
        }

        plan = RowDecodePlan.Create(map, columns, _writer.Schema.RowType, sources, _typeMapping);
        _plans.Add(map, plan);
        return plan;
    }

    /// <summary>
    /// The columns of a row image: by the names that the event carries (<c>binlog_row_metadata=FULL</c>), with what the schema
    /// knows better; without names, by position.
    /// </summary>
    private IReadOnlyList<MySqlColumn> ColumnsOf(TableMap map)
    {
        if (map.HasColumnNames)
        {
            return
            [
                .. map.Columns.Select(column => Source.IndexOf(column.Name) is >= 0 and var known
                    ? column with { Type = Source.Columns[known].Type }
                    : column),
            ];
        }

        if (map.ColumnCount != Source.Columns.Count)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"The binlog's rows of {Source.QualifiedName} have {map.ColumnCount} columns, {Source.Columns.Count} are known. " +
                "Set binlog_row_metadata=FULL on the server, so that rows name their columns, and snapshot the table again.");
        }

        return Source.Columns;
    }

    private static int FindColumn(IReadOnlyList<MySqlColumn> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}

using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Snapshotting;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Fills tables that have no checkpoint yet from one consistent snapshot, without a lock, a gap or a double:
/// <list type="number">
/// <item>the snapshot is opened; it lies between two binlog positions, low and high (<see cref="ConsistentSnapshot"/>);</item>
/// <item>the binlog from low to high is read: a <see cref="SnapshotOverlay"/> for each table;</item>
/// <item>each table's rows are read, the overlay is laid over them, and all are committed at once with the position high.</item>
/// </list>
/// A table is there whole or not at all: after a crash its snapshot begins anew. For one caller at a time.
/// </summary>
internal sealed class SnapshotPhase(
    ServerSession session, MirrorSet mirrors, SyncOptions options, SyncMeter meter, TimeProvider timeProvider)
{
    private const int BatchRows = 8192;
    private const ulong HeadOfFile = 4;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>Fills the tables.</summary>
    /// <param name="tables">The mirrors without a checkpoint.</param>
    /// <param name="cancellationToken">Gives up; tables that are committed stay.</param>
    public async Task RunAsync(IReadOnlyList<TableMirror> tables, CancellationToken cancellationToken)
    {
        var connection = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var snapshot = await SourceLostException.GuardAsync(
            new ValueTask<ConsistentSnapshot>(ConsistentSnapshot.BeginAsync(connection, Settle, timeProvider, cancellationToken)))
            .ConfigureAwait(false);
        await using (snapshot.ConfigureAwait(false))
        {
            var overlays = tables.ToDictionary(table => table, table => new SnapshotOverlay(table.Schema));
            var position = await ReadOverlaysAsync(snapshot, overlays, cancellationToken).ConfigureAwait(false);
            foreach (var table in tables)
            {
                meter.Enter(SyncPhase.Snapshot, table.Source.QualifiedName);
                await FillAsync(snapshot, table, overlays[table], cancellationToken).ConfigureAwait(false);
                await mirrors.CommitAsync(table, position, cancellationToken).ConfigureAwait(false);
                meter.Report(mirrors.Commits, position.ToString(), null);
            }
        }
    }

    private async Task<BinlogPosition> ReadOverlaysAsync(
        ConsistentSnapshot snapshot, Dictionary<TableMirror, SnapshotOverlay> overlays, CancellationToken cancellationToken)
    {
        var high = new BinlogPosition(snapshot.High.File, snapshot.High.Position);
        if (snapshot.IsExact)
        {
            return high with { Gtids = snapshot.High.Gtids };
        }

        // By GTIDs the log is read from the file's head: the offset of low may lie after transactions that the engine was
        // still committing, which are not among its GTIDs, so it says nothing about what has been read.
        var low = new BinlogPosition(
            snapshot.Low.File, session.UsesGtids ? HeadOfFile : snapshot.Low.Position, snapshot.Low.Gtids);
        var reader = await session.OpenBinlogAsync(low, nonBlocking: true, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var group = new List<(TableMirror Table, ColumnBatch Rows)>();
            while (reader.Boundary < high)
            {
                var step = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (step == TransactionStep.End)
                {
                    break;
                }

                TakeStep(reader, step, overlays, group);
            }

            // A dump ends where the log is durable, which may be short of high: what lies between is in no view yet.
            return reader.BoundaryPosition;
        }
    }

    private static void TakeStep(
        TransactionReader reader,
        TransactionStep step,
        Dictionary<TableMirror, SnapshotOverlay> overlays,
        List<(TableMirror Table, ColumnBatch Rows)> group)
    {
        switch (step)
        {
            case TransactionStep.Rows when reader.Rows.Table is { } map:
                if (overlays.Keys.FirstOrDefault(t => t.Source.Database == map.Database && t.Source.Name == map.Name) is { } table)
                {
                    var rows = new ColumnBatch(table.Schema.RowType, withKinds: true);
                    table.DecodeInto(reader.Rows, rows);
                    group.Add((table, rows));
                }

                break;
            case TransactionStep.Statement:
                RefuseChangedTables(reader.Statement, overlays.Keys);
                break;
            case TransactionStep.Committed:
                foreach (var (changed, rows) in group)
                {
                    overlays[changed].Add(rows);
                }

                group.Clear();
                break;
            case TransactionStep.Abandoned:
                group.Clear();
                break;
            default:
                break;
        }
    }

    private static void RefuseChangedTables(QueryEvent query, IEnumerable<TableMirror> tables)
    {
        if (tables.Any(table => SchemaFollower.Changes(query, table)))
        {
            throw new SourceChangedException($"'{query.Text}' ran while the snapshot was opened");
        }
    }

    private async Task FillAsync(
        ConsistentSnapshot snapshot, TableMirror table, SnapshotOverlay overlay, CancellationToken cancellationToken)
    {
        var rows = new ColumnBatch(table.Schema.RowType);
        var merged = new ColumnBatch(table.Schema.RowType);
        var decoder = new SnapshotRowDecoder(table.Source, table.Schema.RowType, options.TypeMapping);
        var reader = await SourceLostException.GuardAsync(snapshot.ReadTableAsync(table.Source, cancellationToken))
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await SourceLostException.GuardAsync(reader.ReadAsync(cancellationToken)).ConfigureAwait(false))
            {
                do
                {
                    decoder.Append(reader.Current, rows);
                }
                while (rows.RowCount < BatchRows && reader.TryReadBuffered());
                if (rows.RowCount >= BatchRows)
                {
                    await WriteAsync(table, rows, merged, overlay, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        await WriteAsync(table, rows, merged, overlay, cancellationToken).ConfigureAwait(false);
        overlay.AppendChanged(rows);
        await table.AddSnapshotAsync(rows, cancellationToken).ConfigureAwait(false);
        meter.AddRows(rows.RowCount);
        await SourceLostException.GuardAsync(CheckUnchangedAsync(snapshot, table.Source, cancellationToken)).ConfigureAwait(false);
    }

    private async Task WriteAsync(
        TableMirror table, ColumnBatch rows, ColumnBatch merged, SnapshotOverlay overlay, CancellationToken cancellationToken)
    {
        var batch = rows;
        if (overlay.Count > 0)
        {
            overlay.AppendUnchanged(rows, merged);
            batch = merged;
        }

        await table.AddSnapshotAsync(batch, cancellationToken).ConfigureAwait(false);
        meter.AddRows(batch.RowCount);
        rows.Clear();
        merged.Clear();
        if (meter.IsDue())
        {
            meter.Report(mirrors.Commits, "", null);
        }
    }

    /// <summary>
    /// An ALTER by INPLACE or INSTANT shows its new shape to the older view: the rows read may then be of either.
    /// </summary>
    private static async ValueTask<bool> CheckUnchangedAsync(
        ConsistentSnapshot snapshot, SourceTable source, CancellationToken cancellationToken)
    {
        await snapshot.EndTableAsync(cancellationToken).ConfigureAwait(false);
        var now = await snapshot.DescribeAsync(source, cancellationToken).ConfigureAwait(false);
        if (now is null || !now.HasSameRowsAs(source))
        {
            throw new SourceChangedException($"{source.QualifiedName} was altered or dropped while its rows were read");
        }

        return true;
    }
}

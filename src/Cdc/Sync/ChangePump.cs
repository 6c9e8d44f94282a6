using PaimonSharp.Cdc.Binlog;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Moves the row changes of a binlog into the mirrors and commits them at the ends of transactions: the same path for a live
/// server, for files, and after a restart.
/// <code>
///   rows ──> mirror (unless it has the transaction already) ──> end of transaction ──> interval over? commit each mirror
/// </code>
/// For one thread at a time.
/// </summary>
internal sealed class ChangePump(
    TransactionReader reader, MirrorSet mirrors, SchemaFollower schema, SyncOptions options, SyncMeter meter, TimeProvider timeProvider)
{
    private long _commitDue = timeProvider.GetTimestamp();

    /// <summary>Called for the first rows of a table that no mirror is known for; may open one.</summary>
    public Func<TableMap, CancellationToken, Task<TableMirror?>>? OnUnknownTable { get; init; }

    /// <summary>True when the position at which to end has been reached.</summary>
    public Func<TransactionReader, bool> IsAtEnd { get; init; } = _ => false;

    /// <summary>
    /// Runs until the source ends, the end that was asked for, or a stop between two transactions; then commits.
    /// </summary>
    /// <param name="stop">Asks to stop; an open transaction is given a few seconds to end.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        using var reading = new CancellationTokenSource();
        await using var registration = stop.Register(() =>
        {
            if (reader.IsInGroup)
            {
                reading.CancelAfter(TimeSpan.FromSeconds(5));
            }
            else
            {
                reading.Cancel();
            }
        }).ConfigureAwait(false);
        try
        {
            while (!stop.IsCancellationRequested || reader.IsInGroup)
            {
                var step = await reader.ReadAsync(reading.Token).ConfigureAwait(false);
                if (step == TransactionStep.End || await TakeAsync(step, reading.Token).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (reader.IsInGroup)
            {
                // Rows of half a transaction are with the writers: the checkpoint of the last commit stands.
                return;
            }
        }

        await CommitAllAsync(isFinal: true).ConfigureAwait(false);
    }

    private async ValueTask<bool> TakeAsync(TransactionStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case TransactionStep.Rows:
                await AddRowsAsync(reader.Rows, cancellationToken).ConfigureAwait(false);
                return false;
            case TransactionStep.Statement:
                await schema.ApplyAsync(
                    reader.Statement, reader.Transaction?.MariaGtid is not null, reader.BoundaryPosition, HasAlready, CancellationToken.None)
                    .ConfigureAwait(false);
                return false;
            case TransactionStep.Abandoned:
                foreach (var mirror in mirrors.All)
                {
                    mirror.AbandonGroup();
                }

                return false;
            case TransactionStep.Committed:
                EndGroup();
                break;
            default:
                break;
        }

        await LookAtClockAsync().ConfigureAwait(false);
        return IsAtEnd(reader);
    }

    private async ValueTask AddRowsAsync(RowsEvent rows, CancellationToken cancellationToken)
    {
        if (rows.Table is not { } table)
        {
            return;
        }

        var mirror = mirrors.Find(table.Database, table.Name);
        if (mirror is null && OnUnknownTable is not null)
        {
            mirror = await OnUnknownTable(table, cancellationToken).ConfigureAwait(false);
        }

        if (mirror is not null && !HasAlready(mirror))
        {
            meter.AddRows(await mirror.AddAsync(rows, cancellationToken).ConfigureAwait(false));
        }
    }

    private void EndGroup()
    {
        meter.AddTransaction();
        foreach (var mirror in mirrors.All)
        {
            mirror.EndGroup();
            if (mirror.Ahead is { } ahead && HasPassed(mirror, ahead))
            {
                mirror.Ahead = null;
            }
        }
    }

    private bool HasPassed(TableMirror mirror, ExecutedTransactions ahead) => ahead.IsUnknown
        ? reader.Boundary >= mirror.Checkpoint!.Position
        : reader.Executed.ContainsAll(ahead);

    /// <summary>True when the mirror's checkpoint lies behind the open transaction.</summary>
    private bool HasAlready(TableMirror mirror)
    {
        if (mirror.Ahead is not { } ahead)
        {
            return false;
        }

        if (!ahead.IsUnknown && reader.Transaction is { Gtid: not null } or { MariaGtid: not null })
        {
            return ahead.Contains(reader.Transaction!);
        }

        return reader.GroupStart < mirror.Checkpoint!.Position;
    }

    private async ValueTask LookAtClockAsync()
    {
        if (timeProvider.GetElapsedTime(_commitDue) >= options.CommitInterval)
        {
            // Never given up half-way: whether a commit happened would then be unknown.
            await CommitAllAsync(isFinal: false).ConfigureAwait(false);
            _commitDue = timeProvider.GetTimestamp();
        }

        if (meter.IsDue())
        {
            Report();
        }
    }

    private async Task CommitAllAsync(bool isFinal)
    {
        BinlogPosition? position = null;
        foreach (var mirror in mirrors.All)
        {
            var isIdleTooLong = timeProvider.GetElapsedTime(mirror.CommittedAt) >= options.IdleCommitInterval;
            if (mirror.Ahead is not null || !(mirror.HasRows || isIdleTooLong || isFinal))
            {
                continue;
            }

            position ??= reader.BoundaryPosition;
            if (mirror.HasRows || mirror.Checkpoint?.Position != position)
            {
                await mirrors.CommitAsync(mirror, position.Value, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (isFinal)
        {
            Report();
        }
    }

    private void Report()
    {
        TimeSpan? lag = reader.IsCaughtUp ? TimeSpan.Zero
            : reader.Timestamp == 0 ? null
            : TimeSpan.FromSeconds(Math.Max(0, timeProvider.GetUtcNow().ToUnixTimeSeconds() - reader.Timestamp));
        meter.Report(mirrors.Commits, $"{reader.Boundary.File}:{reader.Boundary.Offset}", lag);
    }
}

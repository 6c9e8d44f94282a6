using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Snapshotting;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Mirrors a running server: what has no checkpoint is filled from a snapshot, then the binlog is followed from the earliest
/// checkpoint. A lost connection leads back to the beginning of this path, as a restart does. For one caller.
/// </summary>
internal sealed class ServerSync(
    MySqlConnectionOptions connection,
    Catalog catalog,
    SyncOptions options,
    SyncMeter meter,
    Action<string> warn,
    TimeProvider timeProvider,
    IdSource ids)
{
    private readonly TableFilter _filter = new(options.Include, options.Exclude);
    private readonly ServerSession _session = new(connection, options, timeProvider, ids);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private long _commits;
    private string _position = "";
    private IReadOnlyDictionary<string, string> _stopped = new Dictionary<string, string>();

    /// <summary>Runs until it is stopped, or has reached the end that was asked for.</summary>
    public async Task<SyncResult> RunAsync(CancellationToken stop)
    {
        var attempts = 0;
        while (true)
        {
            var before = (meter.Transactions, meter.SnapshotRows);
            try
            {
                meter.Enter(SyncPhase.Starting);
                await RunOnceAsync(stop).ConfigureAwait(false);
                return Result();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return Result();
            }
            catch (SourceLostException e)
            {
                attempts = (meter.Transactions, meter.SnapshotRows) == before ? attempts + 1 : 1;
                if (attempts > options.MaxReconnects || !_session.WasReached)
                {
                    // A server that was never reached is a mistake to be told, not a loss to be waited out.
                    throw e.InnerException!;
                }

                warn($"{e.Message} Connecting again (attempt {attempts} of {options.MaxReconnects}).");
                meter.Enter(SyncPhase.Reconnecting);
                if (!await WaitAsync(attempts, stop).ConfigureAwait(false))
                {
                    return Result();
                }
            }
            catch (SourceChangedException e) when (attempts < options.MaxReconnects)
            {
                attempts++;
                warn(e.Message);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        var mirrors = new MirrorSet(catalog, options, timeProvider);
        await using (mirrors.ConfigureAwait(false))
        {
            try
            {
                await OpenMirrorsAsync(mirrors, stop).ConfigureAwait(false);
                if (mirrors.All.Count == 0)
                {
                    // All are stopped: the result names them.
                    return;
                }

                var unfilled = mirrors.All.Where(mirror => mirror.Checkpoint is null).ToArray();
                if (unfilled.Length > 0)
                {
                    await SnapshotAsync(mirrors, unfilled, stop).ConfigureAwait(false);
                }

                await StreamAsync(mirrors, stop).ConfigureAwait(false);
            }
            finally
            {
                _commits += mirrors.Commits;
                _stopped = mirrors.Stopped;
            }
        }
    }

    private async Task OpenMirrorsAsync(MirrorSet mirrors, CancellationToken stop)
    {
        var tables = await SourceLostException.GuardAsync(DiscoverAsync(stop)).ConfigureAwait(false);
        mirrors.SourceIdentity = _session.Identity;
        mirrors.ExpectedTables = tables.Count;
        foreach (var source in tables)
        {
            if (await mirrors.OpenAsync(source, stop).ConfigureAwait(false) is { } mirror)
            {
                CheckIdentity(mirror);
            }
        }

        await mirrors.OpenVanishedAsync(connection.Database, _filter.Accepts, stop).ConfigureAwait(false);
        foreach (var (table, reason) in mirrors.Stopped)
        {
            WarnOnce($"{table} was stopped before: {reason}");
        }

        if (mirrors.All.Count == 0 && mirrors.Stopped.Count == 0)
        {
            PaimonException.ThrowInvalid(
                $"There is no table to mirror at {connection.Endpoint}: none has a primary key and is chosen. " +
                "Look at the database of the URL, --tables and --exclude.");
        }
    }

    private async ValueTask<IReadOnlyList<SourceTable>> DiscoverAsync(CancellationToken stop)
    {
        var opened = await _session.ConnectAsync(stop).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            await _session.DescribeAsync(opened, stop).ConfigureAwait(false);
            var all = await SourceCatalog.ReadTablesAsync(opened, connection.Database, _filter.Accepts, stop).ConfigureAwait(false);
            foreach (var table in all.Where(table => table.PrimaryKey.Count == 0))
            {
                if (options.RequirePrimaryKey)
                {
                    PaimonException.ThrowInvalid(
                        $"{table.QualifiedName} has no primary key. Give it one, or leave it out with --exclude {table.QualifiedName}.");
                }

                WarnOnce($"{table.QualifiedName} has no primary key and is left out.");
            }

            var versioned = await SourceCatalog.ReadVersionedTablesAsync(opened, connection.Database, stop).ConfigureAwait(false);
            foreach (var (database, name) in versioned.Where(table => _filter.Accepts(table.Database, table.Name)))
            {
                WarnOnce($"{database}.{name} has system versioning, which is not supported, and is left out.");
            }

            return [.. all.Where(table => table.PrimaryKey.Count > 0)];
        }
    }

    private void CheckIdentity(TableMirror mirror)
    {
        if (mirror.Checkpoint is not { } checkpoint || checkpoint.Source == _session.Identity)
        {
            return;
        }

        if (!_session.UsesGtids || checkpoint.Position.Gtids.Length == 0)
        {
            PaimonException.ThrowInvalid(
                $"{mirror.Source.QualifiedName} was mirrored from {checkpoint.Source}; this server is {_session.Identity}, and without GTIDs " +
                "a position means nothing to another server. Drop the table, or sync as another --job.");
        }

        WarnOnce($"{mirror.Source.QualifiedName} was mirrored from {checkpoint.Source}; it goes on by GTIDs from {_session.Identity}.");
    }

    private Task SnapshotAsync(MirrorSet mirrors, IReadOnlyList<TableMirror> unfilled, CancellationToken stop)
    {
        var phase = new SnapshotPhase(_session, mirrors, options, meter, timeProvider);
        return phase.RunAsync(unfilled, stop);
    }

    private async Task StreamAsync(MirrorSet mirrors, CancellationToken stop)
    {
        var start = StartOf(mirrors);
        var isAtEnd = options.StopAtEnd ? await SourceLostException.GuardAsync(FindEndAsync(stop)).ConfigureAwait(false) : _ => false;
        var reader = await _session.OpenBinlogAsync(start, nonBlocking: false, stop).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _position = start.ToString();
            meter.Enter(SyncPhase.Streaming, position: _position);
            if (isAtEnd(reader))
            {
                return;
            }

            var schema = new SchemaFollower(mirrors, _filter, warn);
            var pump = new ChangePump(reader, mirrors, schema, options, meter, timeProvider)
            {
                IsAtEnd = reached => mirrors.All.Count == 0 || isAtEnd(reached),
            };
            await pump.RunAsync(stop).ConfigureAwait(false);
            _position = reader.BoundaryPosition.ToString();
            meter.EndStreaming();
        }
    }

    /// <summary>The earliest checkpoint; tables that are further on skip what they have.</summary>
    private BinlogPosition StartOf(MirrorSet mirrors)
    {
        var states = mirrors.All
            .Select(mirror => ExecutedTransactions.Parse(_session.UsesGtids ? mirror.Checkpoint!.Position.Gtids : "", _session.IsMariaDb))
            .ToArray();
        var executed = ExecutedTransactions.Earliest(states);
        foreach (var (mirror, state) in mirrors.All.Zip(states))
        {
            mirror.Ahead = state;
        }

        return mirrors.All.Min(mirror => mirror.Checkpoint!.Position) with { Gtids = executed.ToString() };
    }

    private async ValueTask<Func<TransactionReader, bool>> FindEndAsync(CancellationToken stop)
    {
        var opened = await _session.ConnectAsync(stop).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            var end = await SourcePosition.LoadAsync(opened, stop).ConfigureAwait(false);
            var executed = ExecutedTransactions.Parse(_session.UsesGtids ? end.Gtids : "", _session.IsMariaDb);
            var position = new BinlogPosition(end.File, end.Position);
            return reader => _session.UsesGtids ? reader.Executed.ContainsAll(executed) : reader.Boundary >= position;
        }
    }

    private async Task<bool> WaitAsync(int attempt, CancellationToken stop)
    {
        var seconds = Math.Min(30, 0.25 * Math.Pow(2, Math.Min(attempt, 10)));
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), timeProvider, stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void WarnOnce(string message)
    {
        if (_warned.Add(message))
        {
            warn(message);
        }
    }

    private SyncResult Result() => new()
    {
        SnapshotRows = meter.SnapshotRows,
        ChangedRows = meter.ChangedRows,
        Transactions = meter.Transactions,
        Commits = _commits,
        StreamingTime = meter.StreamingTime,
        Position = _position,
        StoppedTables = _stopped,
    };
}

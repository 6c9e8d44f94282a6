using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data;

namespace PaimonSharp.Cdc.Sync;

/// <summary>Opens connections and binlog streams to one server, always in the same way.</summary>
internal sealed class ServerSession(MySqlConnectionOptions connection, SyncOptions options, TimeProvider timeProvider, IdSource ids)
{
    private readonly uint _serverId = options.ServerId != 0 ? options.ServerId : RandomServerId(ids);
    private readonly string _uuid = ids.NextUuid();

    /// <summary>True when the server is MariaDB; known after the first connection.</summary>
    public bool IsMariaDb { get; private set; }

    /// <summary>True when a connection was opened before.</summary>
    public bool WasReached { get; private set; }

    /// <summary>True when positions go by GTIDs; known after <see cref="DescribeAsync"/>.</summary>
    public bool UsesGtids { get; private set; }

    /// <summary>The server as checkpoints name it; known after <see cref="DescribeAsync"/>.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>Opens a session.</summary>
    public async Task<MySqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var opened = await SourceLostException.GuardAsync(
            new ValueTask<MySqlConnection>(MySqlConnection.ConnectAsync(connection, timeProvider, cancellationToken))).ConfigureAwait(false);
        IsMariaDb = opened.Server.IsMariaDb;
        WasReached = true;
        return opened;
    }

    /// <summary>Checks that the server can be followed, and learns who it is.</summary>
    public async Task DescribeAsync(MySqlConnection opened, CancellationToken cancellationToken)
    {
        await Preflight.RunAsync(opened, cancellationToken).ConfigureAwait(false);
        var sql = IsMariaDb ? "SELECT 'ON', CONCAT('mariadb:', @@server_id)" : "SELECT @@gtid_mode, CONCAT('mysql:', @@server_uuid)";
        var row = (await opened.QueryRowsAsync(sql, 1, cancellationToken).ConfigureAwait(false))[0];
        UsesGtids = row[0] == "ON";
        Identity = row[1] ?? "";
    }

    /// <summary>Opens the binlog at a position: by GTIDs where the server has them.</summary>
    /// <param name="position">Between two transactions.</param>
    /// <param name="nonBlocking">True to end at the end of the newest file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TransactionReader> OpenBinlogAsync(
        BinlogPosition position, bool nonBlocking, CancellationToken cancellationToken)
    {
        var opened = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        var executed = ExecutedTransactions.Parse(UsesGtids ? position.Gtids : "", IsMariaDb);
        var heartbeat = options.CommitInterval < options.HeartbeatInterval
            ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond * 100, options.CommitInterval.Ticks))
            : options.HeartbeatInterval;
        var request = new DumpRequest
        {
            ServerId = _serverId,
            ReplicaUuid = _uuid,
            NonBlocking = nonBlocking,
            HeartbeatPeriod = heartbeat,
            ReadTimeout = TimeSpan.FromSeconds(Math.Max(30, 3 * heartbeat.TotalSeconds)),
        };
        request = !UsesGtids ? request with { File = position.File, Position = position.Offset }
            : IsMariaDb ? request with { MariaDbGtidPosition = executed.ToString() }
            : request with { EncodedGtidSet = executed.Encode() };
        var hasChecksums = await SourceLostException.GuardAsync(HasChecksumsAsync(opened, cancellationToken)).ConfigureAwait(false);
        var stream = await SourceLostException.GuardAsync(opened.BinlogDumpAsync(request, cancellationToken)).ConfigureAwait(false);
        var parser = new BinlogEventParser(isStream: true) { ExpectsChecksum = hasChecksums };
        return new TransactionReader(new ServerEventSource(stream), parser, position with { Gtids = "" }, executed);
    }

    /// <summary>The first event of a dump, before any format description, follows what the session announced: the global setting.</summary>
    private static async ValueTask<bool> HasChecksumsAsync(MySqlConnection opened, CancellationToken cancellationToken)
    {
        var rows = await opened.QueryRowsAsync("SELECT @@GLOBAL.binlog_checksum", 1, cancellationToken).ConfigureAwait(false);
        return !string.Equals(rows[0][0], "NONE", StringComparison.OrdinalIgnoreCase);
    }

    private static uint RandomServerId(IdSource ids)
    {
        // High numbers, which people seldom give to servers; never 0.
        var bytes = Convert.FromHexString(ids.NextUuid().Replace("-", "", StringComparison.Ordinal));
        return 0x40000000 | (BitConverter.ToUInt32(bytes) & 0x3FFFFFFF);
    }
}

using PaimonSharp.Cdc.Types;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Snapshotting;

/// <summary>
/// One view of all tables of a server, without locking any: a repeatable-read transaction with consistent snapshot, and the
/// two binlog positions between which the view lies. MariaDB tells the position exactly. MySQL does not; there
/// <list type="bullet">
/// <item>every transaction up to <see cref="Low"/> is in the view: its GTIDs are published after the engine's commit;</item>
/// <item>no transaction after <see cref="High"/> is in the view: the binlog is written before the engine's commit.</item>
/// </list>
/// What happened between the two is read from the binlog and laid over the rows, which gives the state at
/// <see cref="High"/> exactly: see <c>Sync.SnapshotOverlay</c>. For one caller at a time.
/// </summary>
public sealed class ConsistentSnapshot : IAsyncDisposable
{
    private readonly MySqlConnection _connection;

    private ConsistentSnapshot(MySqlConnection connection, SourcePosition low, SourcePosition high)
    {
        _connection = connection;
        Low = low;
        High = high;
    }

    /// <summary>All transactions up to here are in the view.</summary>
    public SourcePosition Low { get; }

    /// <summary>No transaction after this is in the view.</summary>
    public SourcePosition High { get; }

    /// <summary>True when <see cref="Low"/> and <see cref="High"/> are one position.</summary>
    public bool IsExact => ReferenceEquals(Low, High);

    /// <summary>Opens the view.</summary>
    /// <param name="connection">An idle session, which the view takes over and closes.</param>
    /// <param name="settle">
    /// How long to wait between noting the position and opening the view on a MySQL server without GTIDs, where a position
    /// may name transactions that the engine is still committing.
    /// </param>
    /// <param name="timeProvider">The clock of that wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ConsistentSnapshot> BeginAsync(
        MySqlConnection connection, TimeSpan settle, TimeProvider timeProvider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            return await OpenAsync(connection, settle, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Reads all rows of a table as texts, the columns in order by their <see cref="TypeMapping.SnapshotExpression"/>. Dispose
    /// the reader, then call <see cref="EndTableAsync"/>.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Gives up, which closes the view.</param>
    public async ValueTask<MySqlResultReader> ReadTableAsync(SourceTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        await _connection.ExecuteAsync("SAVEPOINT paimonsharp_table", cancellationToken).ConfigureAwait(false);
        var columns = string.Join(", ", table.Columns.Select(TypeMapping.SnapshotExpression));
        return await _connection.QueryAsync(
            $"SELECT {columns} FROM {SourceCatalog.QuoteName(table.Database)}.{SourceCatalog.QuoteName(table.Name)}",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the table's metadata lock back, so that the source may alter it while other tables are read.</summary>
    /// <param name="cancellationToken">Gives up, which closes the view.</param>
    public async ValueTask EndTableAsync(CancellationToken cancellationToken = default) =>
        await _connection.ExecuteAsync("ROLLBACK TO SAVEPOINT paimonsharp_table", cancellationToken).ConfigureAwait(false);

    /// <summary>Describes a table as it is now, to compare with what it was before its rows were read.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Gives up, which closes the view.</param>
    public async ValueTask<SourceTable?> DescribeAsync(SourceTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        return await SourceCatalog.TryReadTableAsync(_connection, table.Database, table.Name, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Ends the transaction with its session.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<ConsistentSnapshot> OpenAsync(
        MySqlConnection connection, TimeSpan settle, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        await PrepareSessionAsync(connection, cancellationToken).ConfigureAwait(false);
        const string Begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
        if (connection.Server.IsMariaDb)
        {
            await connection.ExecuteAsync(Begin, cancellationToken).ConfigureAwait(false);
            var exact = await ReadMariaDbPositionAsync(connection, cancellationToken).ConfigureAwait(false);
            return new ConsistentSnapshot(connection, exact, exact);
        }

        var low = await SourcePosition.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        var executed = await connection.QueryRowsAsync(
            "SELECT @@GLOBAL.gtid_executed, @@GLOBAL.gtid_mode", 1, cancellationToken).ConfigureAwait(false);
        if (executed[0][1] is "ON")
        {
            low = low with { Gtids = SourcePosition.OneLine(executed[0][0]) };
        }
        else
        {
            await Task.Delay(settle, timeProvider, cancellationToken).ConfigureAwait(false);
        }

        await connection.ExecuteAsync(Begin, cancellationToken).ConfigureAwait(false);
        var high = await SourcePosition.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        return new ConsistentSnapshot(connection, low, high);
    }

    private static async Task PrepareSessionAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SET NAMES utf8mb4", cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "SET SESSION time_zone = '+00:00', sql_mode = '', net_write_timeout = 86400, wait_timeout = 86400",
            cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            connection.Server.IsMariaDb ? "SET SESSION max_statement_time = 0" : "SET SESSION max_execution_time = 0",
            cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<SourcePosition> ReadMariaDbPositionAsync(
        MySqlConnection connection, CancellationToken cancellationToken)
    {
        var status = await connection.QueryRowsAsync("SHOW STATUS LIKE 'binlog_snapshot_%'", 10, cancellationToken)
            .ConfigureAwait(false);
        string? Value(string name) =>
            status.FirstOrDefault(row => name.Equals(row[0], StringComparison.OrdinalIgnoreCase))?[1];
        if (Value("binlog_snapshot_file") is not { Length: > 0 } file ||
            !ulong.TryParse(Value("binlog_snapshot_position"), out var position))
        {
            throw new PaimonException(
                ErrorKind.Refused,
                $"{connection.Server} at {connection.Options.Endpoint} does not tell the binlog position of a consistent " +
                "snapshot: is the binary log on (log_bin)?");
        }

        var gtids = await connection.QueryRowsAsync(
            $"SELECT BINLOG_GTID_POS({SourceCatalog.Quote(file)}, {position})", 1, cancellationToken).ConfigureAwait(false);
        return new SourcePosition(file, position, gtids[0][0] ?? "", "");
    }
}

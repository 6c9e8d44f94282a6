using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>Where a server's binary log ends now, and which transactions it no longer has.</summary>
/// <param name="File">The file being written.</param>
/// <param name="Position">The end of the last event in it, in bytes.</param>
/// <param name="Gtids">The GTIDs up to there: a set (MySQL) or a position (MariaDB) as text; empty where there are none.</param>
/// <param name="PurgedGtids">MySQL: those whose events were deleted; empty elsewhere.</param>
public sealed record SourcePosition(string File, ulong Position, string Gtids, string PurgedGtids)
{
    private const int SyntaxError = 1064;

    /// <summary>Asks for the position. File, position and GTIDs of MySQL come from one statement and fit together.</summary>
    /// <param name="connection">An idle session with REPLICATION CLIENT (MariaDB: BINLOG MONITOR).</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">Code 1227: the privilege is missing.</exception>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Refused"/>: the server writes no binary log.</exception>
    public static async ValueTask<SourcePosition> LoadAsync(
        MySqlConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rows = await ShowStatusAsync(connection, cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            throw new PaimonException(
                ErrorKind.Refused, $"{connection.Server} at {connection.Options.Endpoint} writes no binary log: start it with --log-bin.");
        }

        var file = rows[0][0] ?? "";
        if (!ulong.TryParse(rows[0][1], out var position))
        {
            CorruptDataException.Throw($"The server's binlog status has '{rows[0][1]}' for a position");
        }

        if (connection.Server.IsMariaDb)
        {
            // A file and a position name one point of the log for ever; the variable may be ahead of them already.
            var found = await connection.QueryRowsAsync(
                $"SELECT BINLOG_GTID_POS('{Escape(file)}', {position})", 1, cancellationToken).ConfigureAwait(false);
            return found[0][0] is { } gtids
                ? new(file, position, gtids, "")
                : throw new PaimonException(
                    ErrorKind.Unavailable, $"The server found no GTID position for the end of its log, {file}:{position}.");
        }

        var executed = rows[0].Length > 4 ? OneLine(rows[0][4]) : "";
        var purged = connection.Server.IsAtLeast(5, 6)
            ? OneLine(await ScalarAsync(connection, "SELECT @@GLOBAL.gtid_purged", cancellationToken).ConfigureAwait(false))
            : "";
        return new(file, position, executed, purged);
    }

    private static async ValueTask<IReadOnlyList<string?[]>> ShowStatusAsync(
        MySqlConnection connection, CancellationToken cancellationToken)
    {
        var server = connection.Server;
        var first = !server.IsMariaDb && server.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        try
        {
            return await connection.QueryRowsAsync(first, 10, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (e.Code == SyntaxError)
        {
            // A proxy that greets with another version than its server's.
            var other = first == "SHOW MASTER STATUS" ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
            return await connection.QueryRowsAsync(other, 10, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<string> ScalarAsync(
        MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryRowsAsync(sql, 1, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? "" : rows[0][0] ?? "";
    }

    /// <summary>A GTID set as the server prints it, without its line breaks.</summary>
    internal static string OneLine(string? set) => (set ?? "").Replace("\n", "", StringComparison.Ordinal);

    private static string Escape(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}

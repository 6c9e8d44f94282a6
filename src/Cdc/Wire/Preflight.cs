using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// Checks before a capture that the server logs whole rows and that the account may read them. Sessions can override some
/// variables (format, image, JSON mode, compression), so the decoder checks each event all the same.
/// </summary>
public static class Preflight
{
    private const string ReplicationReplica = "REPLICATION SLAVE";

    /// <summary>Everything that is wrong with the server's variables.</summary>
    /// <param name="variables">The variables.</param>
    public static IReadOnlyList<PreflightFinding> CheckVariables(ServerVariables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        var findings = new List<PreflightFinding>();
        if (!variables.IsOn("log_bin"))
        {
            findings.Add(new(
                "log_bin", variables.Find("log_bin") ?? "", "ON",
                "start the server with --log-bin=binlog --server-id=1 --binlog-format=ROW"));
            return findings;
        }

        if (variables.Find("server_id") == "0")
        {
            findings.Add(new("server_id", "0", "a number above 0", "SET GLOBAL server_id = 1"));
        }

        Expect(findings, variables, "binlog_format", "ROW");
        Expect(findings, variables, "binlog_row_image", "FULL");
        if (variables.Find("binlog_row_value_options") is { Length: > 0 } partial)
        {
            findings.Add(new("binlog_row_value_options", partial, "empty", "SET GLOBAL binlog_row_value_options = ''"));
        }

        return findings;
    }

    /// <summary>
    /// The privilege that a dump needs and the account's grants do not show; nothing where a role could give it. To read
    /// the position an account also needs REPLICATION CLIENT (MariaDB: BINLOG MONITOR).
    /// </summary>
    /// <param name="server">The family decides the names.</param>
    /// <param name="account">The account, for the remedy: <c>'cdc'@'%'</c>.</param>
    /// <param name="grants">The rows of SHOW GRANTS.</param>
    public static IReadOnlyList<PreflightFinding> CheckGrants(
        ServerVersion server, string account, IReadOnlyList<string> grants)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(grants);
        var hasRole = grants.Any(g => g.StartsWith("GRANT ", StringComparison.OrdinalIgnoreCase)
            && !g.Contains(" ON ", StringComparison.OrdinalIgnoreCase));
        var findings = new List<PreflightFinding>();
        if (hasRole)
        {
            return findings;
        }

        if (!Grants(grants, ReplicationReplica) && !Grants(grants, "REPLICATION REPLICA"))
        {
            findings.Add(new(
                "privilege " + ReplicationReplica, "missing", "granted", $"GRANT {ReplicationReplica} ON *.* TO {account}"));
        }

        var monitor = server.IsMariaDb && server.IsAtLeast(10, 5) ? "BINLOG MONITOR" : "REPLICATION CLIENT";
        if (!Grants(grants, monitor) && !Grants(grants, "REPLICATION CLIENT") && !Grants(grants, "SUPER"))
        {
            findings.Add(new("privilege " + monitor, "missing", "granted", $"GRANT {monitor} ON *.* TO {account}"));
        }

        return findings;
    }

    /// <summary>Reads variables and grants and refuses a server or an account that will not do.</summary>
    /// <param name="connection">An idle session of the account that will capture.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <returns>The variables, for what the caller wants to know of them.</returns>
    /// <exception cref="PreflightException">Something is wrong; it names each variable with the statement that mends it.</exception>
    public static async ValueTask<ServerVariables> RunAsync(
        MySqlConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var variables = await ServerVariables.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        var findings = CheckVariables(variables);
        var account = await connection.QueryRowsAsync("SELECT CURRENT_USER()", 1, cancellationToken).ConfigureAwait(false);
        var grants = await connection.QueryRowsAsync("SHOW GRANTS", cancellationToken: cancellationToken).ConfigureAwait(false);
        var privileges = CheckGrants(
            variables.Server, Quote(account[0][0] ?? ""), [.. grants.Select(g => g[0] ?? "")]);
        if (findings.Count + privileges.Count == 0)
        {
            return variables;
        }

        var canBeMendedLaterOnly = privileges.Count == 0 && findings.All(f => f.Subject is not ("log_bin" or "server_id"));
        throw new PreflightException(
            canBeMendedLaterOnly ? ErrorKind.Unsupported : ErrorKind.Refused,
            $"{variables.Server} at {connection.Options.Endpoint}",
            [.. findings, .. privileges]);
    }

    private static void Expect(List<PreflightFinding> findings, ServerVariables variables, string name, string expected)
    {
        // A server without the variable (before 5.6) knows only the expected behaviour for the row image.
        if (variables.Find(name) is { } value && !ServerVariables.Is(value, expected))
        {
            findings.Add(new(name, value, expected, $"SET GLOBAL {name} = '{expected}', then let its sessions reconnect"));
        }
    }

    private static bool Grants(IReadOnlyList<string> grants, string privilege)
    {
        foreach (var grant in grants)
        {
            var on = grant.IndexOf(" ON *.* ", StringComparison.OrdinalIgnoreCase);
            if (on < 0 || !grant.StartsWith("GRANT ", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var list = grant[6..on].Split(',', StringSplitOptions.TrimEntries);
            if (list.Contains(privilege, StringComparer.OrdinalIgnoreCase)
                || list.Contains("ALL PRIVILEGES", StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Quote(string account)
    {
        var at = account.LastIndexOf('@');
        return at < 0 ? account : $"'{account[..at]}'@'{account[(at + 1)..]}'";
    }
}

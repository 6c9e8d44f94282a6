using System.Diagnostics.CodeAnalysis;

namespace PaimonSharp.Cdc.Wire;

/// <summary>The global variables of a server that matter to change capture; a server leaves out what it does not have.</summary>
public sealed class ServerVariables
{
    private static readonly string[] Names =
    [
        "version", "version_comment", "log_bin", "binlog_format", "binlog_row_image", "binlog_row_value_options",
        "binlog_row_metadata", "binlog_checksum", "binlog_transaction_compression", "log_bin_compress", "binlog_encryption",
        "encrypt_binlog", "gtid_mode", "gtid_strict_mode", "gtid_domain_id", "server_id", "time_zone",
        "system_time_zone", "lower_case_table_names", "max_allowed_packet", "binlog_expire_logs_seconds", "expire_logs_days",
        "net_write_timeout", "character_set_server",
    ];

    private readonly Dictionary<string, string> _values;

    /// <summary>Wraps values that were read.</summary>
    /// <param name="greeted">The version that the server greeted with; <c>version</c> among the values wins over it.</param>
    /// <param name="values">Name and value.</param>
    public ServerVariables(ServerVersion greeted, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(greeted);
        _values = new(values, StringComparer.OrdinalIgnoreCase);
        Server = Identify(greeted);
    }

    /// <summary>Family and version: a proxy may greet as something else than the server behind it is.</summary>
    public ServerVersion Server { get; }

    /// <summary>Reads them.</summary>
    /// <param name="connection">An idle session.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    public static async ValueTask<ServerVariables> LoadAsync(
        MySqlConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var list = string.Join("', '", Names);
        var rows = await connection.QueryRowsAsync(
            $"SHOW GLOBAL VARIABLES WHERE Variable_name IN ('{list}')", cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return new(connection.Server, rows.Select(r => KeyValuePair.Create(r[0]!, r[1] ?? "")));
    }

    /// <summary>A value as the server prints it, null where it has no such variable.</summary>
    /// <param name="name">The variable's name.</param>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>True when a variable is there and not off.</summary>
    /// <param name="name">The variable's name.</param>
    public bool IsOn(string name) => Find(name) is { } value && (Is(value, "ON") || value == "1");

    /// <summary>True when the server numbers its transactions so that a reader can start by GTID.</summary>
    public bool HasGtids => Server.IsMariaDb || (Find("gtid_mode") is { } mode && Is(mode, "ON"));

    /// <summary>The zone of TIMESTAMP texts of sessions that set none, as the server names it.</summary>
    public string TimeZone => Find("time_zone") is { } zone && !Is(zone, "SYSTEM") ? zone : Find("system_time_zone") ?? "SYSTEM";

    internal static bool Is([NotNullWhen(true)] string? value, string expected) =>
        string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);

    private ServerVersion Identify(ServerVersion greeted)
    {
        var version = Find("version") is { Length: > 0 } text ? ServerVersion.Parse(text) : greeted;
        var isMariaDb = version.IsMariaDb || Find("gtid_domain_id") is not null
            || Find("version_comment")?.Contains("mariadb", StringComparison.OrdinalIgnoreCase) == true;
        return isMariaDb ? version with { Flavor = ServerFlavor.MariaDb } : version;
    }
}

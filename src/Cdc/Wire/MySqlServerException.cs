using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// The server answered with an error packet. <see cref="PaimonException.Kind"/> is <see cref="ErrorKind.Refused"/> for
/// logins, privileges and binlog positions, <see cref="ErrorKind.Unavailable"/> for what passes by itself (shutdown, too
/// many connections, lock waits, network), else <see cref="ErrorKind.Invalid"/>.
/// </summary>
public sealed class MySqlServerException : PaimonException
{
    /// <summary>Makes the error of an error packet.</summary>
    /// <param name="code">The server's error number.</param>
    /// <param name="sqlState">The five characters of SQLSTATE, empty where the server sent none.</param>
    /// <param name="serverMessage">The server's text.</param>
    /// <param name="doing">What was asked for, as a clause: "running 'select 1'".</param>
    /// <param name="advice">What to do about it, null where the text says enough.</param>
    public MySqlServerException(
        int code, string sqlState, string serverMessage, string? doing = null, string? advice = null)
        : base(KindOf(code), Describe(code, sqlState, serverMessage, doing, advice))
    {
        Code = code;
        SqlState = sqlState;
        ServerMessage = serverMessage;
    }

    /// <summary>The server's error number (MySQL manual, "Server Error Message Reference").</summary>
    public int Code { get; }

    /// <summary>SQLSTATE, empty where the server sent none.</summary>
    public string SqlState { get; }

    /// <summary>The server's own text.</summary>
    public string ServerMessage { get; }

    private static ErrorKind KindOf(int code) => code switch
    {
        // No access: database, login, table, column, host blocked or not allowed, privilege, option, plugin, socket
        // account, expired or locked account (3118 MySQL, 4151 MariaDB), TLS demanded, dump refused, same replica (MariaDB).
        1044 or 1045 or 1129 or 1130 or 1142 or 1143 or 1227 or 1236 or 1290 or 1370 or 1396 or 1524 or 1698 or 1773
            or 1820 or 1862 or 3118 or 3159 or 4052 or 4151 => ErrorKind.Refused,

        // Too many connections, shutdown, aborted, network, lock wait, deadlock, killed, table changed, time limits, disk.
        1021 or 1040 or 1053 or 1077 or 1079 or 1080 or 1152 or (>= 1158 and <= 1161) or 1184 or 1203 or 1205 or 1213
            or 1226 or 1317 or 1412 or 1927 or 1969 or 2006 or 2013 or 3024 or 3169 or 3170 or 4031 => ErrorKind.Unavailable,
        _ => ErrorKind.Invalid,
    };

    private static string Describe(int code, string sqlState, string message, string? doing, string? advice)
    {
        var state = sqlState.Length == 0 ? "" : $" ({sqlState})";
        var text = $"MySQL error {code}{state}{(doing is null ? "" : " while " + doing)}: {message}";
        return advice is null ? text : $"{text.TrimEnd('.')}. {advice}";
    }
}

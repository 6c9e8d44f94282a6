using PaimonSharp.Cdc.Wire;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>What the tests of the client protocol share: settings for a server and a place for its accounts.</summary>
internal static class WireServer
{
    public const string Password = "Pass wörd 1";

    public static MySqlConnectionOptions Options(RealServer server, string user, string password = Password) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = user,
        Password = new Secret(password),
    };

    public static Task<MySqlConnection> ConnectRootAsync(RealServer server) =>
        MySqlConnection.ConnectAsync(Options(server, "root", ""));

    public static async Task<string?> ScalarAsync(MySqlConnection connection, string sql) =>
        (await connection.QueryRowsAsync(sql))[0][0];

    /// <summary>Creates an account of every privilege that a test asks for, with a plugin of its own.</summary>
    public static Task CreateAsync(RealServer server, string user, string identified, string grants = "SELECT") =>
        server.ExecuteAsync(
            $"DROP USER IF EXISTS '{user}'@'%'; CREATE USER '{user}'@'%' {identified}; GRANT {grants} ON *.* TO '{user}'@'%'");
}

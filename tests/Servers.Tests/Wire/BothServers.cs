using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>A server of each family, shared by the tests of a class.</summary>
public sealed class BothServers : IAsyncLifetime
{
    private readonly MySqlFixture _mySql = new();
    private readonly MariaDbFixture _mariaDb = new();

    /// <summary>The server; skips the test when it is not on this machine.</summary>
    /// <param name="kind">Which one.</param>
    public RealServer Get(ServerKind kind) => kind == ServerKind.MySql97 ? _mySql.Server : _mariaDb.Server;

    public async ValueTask InitializeAsync()
    {
        await _mySql.InitializeAsync();
        await _mariaDb.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _mySql.DisposeAsync();
        await _mariaDb.DisposeAsync();
    }
}

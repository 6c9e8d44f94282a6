namespace PaimonSharp.Testing.Servers;

/// <summary>
/// One server shared by the tests of a class or an assembly: started before the first, killed after the last. When it
/// is not on this machine, each test that asks for it is skipped aloud.
/// </summary>
public abstract class ServerFixture : IAsyncLifetime
{
    private readonly ServerKind _kind;
    private readonly string[] _options;
    private RealServer? _server;

    /// <summary>Names the server.</summary>
    /// <param name="kind">Which server.</param>
    /// <param name="options">More server options.</param>
    protected ServerFixture(ServerKind kind, params string[] options)
    {
        _kind = kind;
        _options = options;
    }

    /// <summary>The running server; skips the test that asks when it is not on this machine.</summary>
    public RealServer Server
    {
        get
        {
            ServerInstallation.SkipUnlessPresent(ServerInstallation.Name(_kind), "run-server");
            return _server!;
        }
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (ServerInstallation.IsPresent(_kind))
        {
            _server = await RealServer.StartAsync(_kind, _options);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

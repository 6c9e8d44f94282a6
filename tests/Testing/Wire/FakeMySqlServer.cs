using System.Net;
using System.Net.Sockets;

namespace PaimonSharp.Testing.Wire;

/// <summary>
/// A peer on loopback that speaks just the packets of a script: one script per connection. What the script throws fails
/// the test at disposal.
/// </summary>
public sealed class FakeMySqlServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _run;

    /// <summary>Listens at once and runs the scripts, one for each connection in turn.</summary>
    /// <param name="scripts">What to say and what to expect.</param>
    public FakeMySqlServer(params Func<FakeMySqlSession, Task>[] scripts)
    {
        _listener.Start();
        _run = RunAsync(scripts);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the scripts to end and shows what went wrong in them.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _run.WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            _listener.Stop();
        }
    }

    private async Task RunAsync(Func<FakeMySqlSession, Task>[] scripts)
    {
        foreach (var script in scripts)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            client.NoDelay = true;
            await script(new FakeMySqlSession(client.GetStream()));
        }
    }
}

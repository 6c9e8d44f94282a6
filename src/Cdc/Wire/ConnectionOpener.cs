using System.Net;
using System.Net.Sockets;
using PaimonSharp.Cdc.Wire.Authentication;
using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>Opens a session: TCP, greeting, TLS, login, all within the connect timeout.</summary>
internal sealed class ConnectionOpener(MySqlConnectionOptions options, TimeProvider time)
{
    public async ValueTask<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var stage = "connecting";
        PacketTransport? transport = null;
        try
        {
            var stream = await ConnectAsync(either.Token).ConfigureAwait(false);
            transport = new PacketTransport(stream, options.MaxPacketBytes, options.ReadTimeout, time);
            stage = "waiting for the greeting";
            var greeting = await ReadGreetingAsync(transport, either.Token).ConfigureAwait(false);
            var withTls = WantsTls(greeting);
            var isVerified = false;
            var capabilities = HandshakeResponse.Choose(greeting.Capabilities, withTls, options.Database is not null);
            if (withTls)
            {
                stage = "in the TLS handshake";
                isVerified = await StartTlsAsync(transport, capabilities, either.Token).ConfigureAwait(false);
            }

            stage = "logging in";
            var login = new Authenticator(transport, options, greeting, withTls, isVerified);
            await login.LoginAsync(capabilities, either.Token).ConfigureAwait(false);
            var connection = new MySqlConnection(transport, options, greeting, capabilities, withTls);
            transport = null;
            return connection;
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            throw new PaimonException(
                ErrorKind.Unavailable,
                $"No session with {options.Endpoint} after {options.ConnectTimeout.TotalSeconds:0.###} s, {stage}.",
                e);
        }
        finally
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            if (IPAddress.TryParse(options.Host, out var address))
            {
                await socket.ConnectAsync(address, options.Port, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(options.Host, options.Port, cancellationToken).ConfigureAwait(false);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            var why = e.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                    $"the host name '{options.Host}' is not known",
                SocketError.ConnectionRefused => "nothing listens there; is the server up, and is this its port?",
                _ => e.Message,
            };
            throw new PaimonException(ErrorKind.Unavailable, $"No connection to {options.Endpoint}: {why}", e);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Greeting> ReadGreetingAsync(PacketTransport transport, CancellationToken cancellationToken)
    {
        bool hasPacket;
        try
        {
            hasPacket = await transport.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CorruptDataException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"{options.Endpoint} is no port of a MySQL or MariaDB server.", e);
        }

        if (!hasPacket)
        {
            throw new PaimonException(
                ErrorKind.Unavailable, $"{options.Endpoint} closed the connection before it greeted as a MySQL server does.");
        }

        var payload = transport.Payload.Span;
        if (Replies.IsError(payload))
        {
            var (code, state, message) = Replies.ReadError(payload);
            throw new MySqlServerException(code, state, message, $"connecting to {options.Endpoint}");
        }

        return Greeting.Read(payload);
    }

    private bool WantsTls(Greeting greeting)
    {
        var mode = options.EffectiveSslMode;
        if (mode == SslMode.Disabled)
        {
            return false;
        }

        var offered = greeting.Capabilities.HasFlag(Capabilities.Ssl);
        if (!offered && mode != SslMode.Preferred)
        {
            throw new PaimonException(
                ErrorKind.Refused,
                $"{greeting.Version} at {options.Endpoint} offers no TLS, but ssl-mode={MySqlUrl.NameOf(mode)} demands it. Give the "
                + "server a certificate, or use ssl-mode=preferred on a network that you trust.");
        }

        return offered;
    }

    private async ValueTask<bool> StartTlsAsync(
        PacketTransport transport, Capabilities capabilities, CancellationToken cancellationToken)
    {
        HandshakeResponse.WriteHead(transport.BeginPacket(), capabilities, options.MaxPacketBytes);
        await transport.SendAsync(cancellationToken).ConfigureAwait(false);
        var upgrade = new TlsUpgrade(options);
        var stream = await upgrade.RunAsync(transport.Stream, cancellationToken).ConfigureAwait(false);
        await transport.SwitchAsync(stream).ConfigureAwait(false);
        return upgrade.IsVerifying;
    }
}

using System.Text;
using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Authentication;

/// <summary>
/// Logs in: answers the greeting, then what the server asks until it says OK (MySQL internals manual, "Authentication
/// Phase"). The password leaves this class only as a challenge response, RSA-encrypted, or in clear inside TLS.
/// </summary>
internal sealed class Authenticator(
    PacketTransport transport, MySqlConnectionOptions options, Greeting greeting, bool isEncrypted, bool isVerified)
{
    private const int MaxRounds = 16;
    private const byte NextFactor = 0x02;
    private const byte MoreData = 0x01;
    private const byte FastPathGood = 0x03;
    private const byte FullExchange = 0x04;
    private const byte AskCachingSha2Key = 0x02;
    private const byte AskSha256Key = 0x01;

    private string _plugin = "";
    private byte[] _salt = [];
    private bool _keyAsked;

    /// <summary>Sends the answer to the greeting and follows the server until it accepts.</summary>
    /// <param name="capabilities">The session's capabilities.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MySqlServerException">The server refused the login.</exception>
    /// <exception cref="PaimonException">The login would need a plugin or a channel that is not there.</exception>
    public async ValueTask LoginAsync(Capabilities capabilities, CancellationToken cancellationToken)
    {
        _plugin = AuthPlugin.First(greeting.AuthPlugin);
        _salt = greeting.Salt;
        HandshakeResponse.Write(transport.BeginPacket(), capabilities, options, _plugin, Challenge());
        await transport.SendAsync(cancellationToken).ConfigureAwait(false);
        for (var round = 0; round < MaxRounds; round++)
        {
            if (!await transport.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new PaimonException(
                    ErrorKind.Unavailable, $"The server {options.Endpoint} closed the connection during the login.");
            }

            if (IsAccepted(transport.Payload.Span))
            {
                return;
            }

            await AnswerAsync(cancellationToken).ConfigureAwait(false);
        }

        throw new CorruptDataException($"The login was not over after {MaxRounds} questions of the server");
    }

    private bool IsAccepted(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            CorruptDataException.Throw("The server answered the login with an empty packet");
        }

        if (payload[0] == Replies.Error)
        {
            var (code, state, message) = Replies.ReadError(payload);
            throw new MySqlServerException(
                code, state, message, $"logging in to {options.Endpoint} as '{options.User}'", Advice(code));
        }

        return payload[0] == Replies.Ok;
    }

    private string? Advice(int code) => code switch
    {
        1045 when !isEncrypted =>
            "Check user and password; an account that demands TLS (REQUIRE SSL) also answers so without ssl-mode=required.",
        1045 => "Check user and password.",
        1698 => "The account logs in by socket only: use an account with a password.",
        1049 => "Check the database of the URL.",
        1820 or 1862 => "Set a new password for the account with ALTER USER.",
        3118 or 4151 => "Unlock the account with ALTER USER … ACCOUNT UNLOCK.",
        3159 => "The server demands TLS: use ssl-mode=required or stronger.",
        1129 => "Unblock this host with FLUSH HOSTS or TRUNCATE performance_schema.host_cache.",
        _ => null,
    };

    private async ValueTask AnswerAsync(CancellationToken cancellationToken)
    {
        var payload = transport.Payload.Span;
        byte[]? answer;
        switch (payload[0])
        {
            case Replies.Eof:
                answer = Switch(payload);
                break;
            case MoreData:
                answer = Continue(payload[1..]);
                break;
            case NextFactor:
                throw new PaimonException(
                    ErrorKind.Unsupported, "The account asks for a second factor (MFA), which this client does not have.");
            default:
                throw new CorruptDataException($"The server answered the login with 0x{payload[0]:x2}, expected OK or a question");
        }

        if (answer is not null)
        {
            transport.BeginPacket().Bytes(answer);
            await transport.SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] Switch(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        _plugin = Encoding.UTF8.GetString(reader.ReadNulTerminated(endMayClose: true));
        var salt = reader.ReadRest();

        // A 20-byte challenge is ended by a NUL that is not part of it; other plugins' challenges end as they please.
        _salt = (salt.Length == Greeting.SaltBytes + 1 ? salt[..Greeting.SaltBytes] : salt).ToArray();
        _keyAsked = false;
        return Challenge();
    }

    /// <summary>The first answer that a plugin wants.</summary>
    private byte[] Challenge()
    {
        switch (_plugin)
        {
            case AuthPlugin.Native:
                CheckSalt();
                return PasswordScramble.Native(options.Password, _salt);
            case AuthPlugin.CachingSha2:
                CheckSalt();
                return PasswordScramble.CachingSha2(options.Password, _salt);
            case AuthPlugin.Sha256:
                return options.Password.IsEmpty ? [0] : Hidden(AskSha256Key);
            case AuthPlugin.Clear when isVerified:
                return PasswordScramble.Clear(options.Password);
            case AuthPlugin.Clear:
                throw new PaimonException(
                    ErrorKind.Refused,
                    $"The account logs in by {AuthPlugin.Clear}: the password would be shown to whoever answers. It is sent only "
                    + "over TLS with a checked certificate: use ssl-mode=verify-identity or verify-ca.");
            default:
                throw AuthPlugin.Unknown(_plugin);
        }
    }

    /// <summary>The answer to further data of the plugin in use; null when there is nothing to say.</summary>
    private byte[]? Continue(ReadOnlySpan<byte> data)
    {
        if (_keyAsked)
        {
            _keyAsked = false;
            return RsaPassword.Encrypt(options.Password, _salt, data);
        }

        if (_plugin == AuthPlugin.CachingSha2 && data.Length == 1)
        {
            switch (data[0])
            {
                case FastPathGood:
                    return null;
                case FullExchange:
                    return Hidden(AskCachingSha2Key);
            }
        }

        throw new CorruptDataException($"The server sent {data.Length} bytes for the plugin '{_plugin}' that mean nothing there");
    }

    /// <summary>The password where TLS or a known key hides it, else the question for the server's key.</summary>
    private byte[] Hidden(byte askKey)
    {
        if (isEncrypted)
        {
            return PasswordScramble.Clear(options.Password);
        }

        CheckSalt();
        if (options.ServerPublicKeyFile is { } path)
        {
            return RsaPassword.Encrypt(options.Password, _salt, PemFile.ReadBytes(path, "server-public-key"));
        }

        if (!options.MayFetchPublicKey)
        {
            throw new PaimonException(
                ErrorKind.Refused,
                $"The login by {_plugin} needs TLS or the server's RSA key, and a key fetched over plain TCP from a remote host "
                + "could be anybody's. Use ssl-mode=required or stronger, name the key's file with server-public-key=…, or allow "
                + "it with get-server-public-key=true.");
        }

        _keyAsked = true;
        return [askKey];
    }

    private void CheckSalt()
    {
        if (_salt.Length != Greeting.SaltBytes)
        {
            CorruptDataException.Throw(
                $"The server's challenge for {_plugin} has {_salt.Length} bytes, expected {Greeting.SaltBytes}");
        }
    }
}

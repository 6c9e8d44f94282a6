using System.Net;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>Where and how to connect to a MySQL or MariaDB server. Prints without its password.</summary>
public sealed record MySqlConnectionOptions
{
    /// <summary>The smallest <see cref="MaxPacketBytes"/>: one full protocol chunk.</summary>
    public const int SmallestMaxPacketBytes = 1 << 24;

    /// <summary>Host name or IP address (IPv6 without brackets).</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 3306;

    /// <summary>Account name.</summary>
    public string User { get; init; } = "root";

    /// <summary>Password; empty for none.</summary>
    public Secret Password { get; init; } = Secret.Empty;

    /// <summary>Default database of the session, null for none.</summary>
    public string? Database { get; init; }

    /// <summary>TLS mode; null means <see cref="EffectiveSslMode"/>'s default.</summary>
    public SslMode? SslMode { get; init; }

    /// <summary>
    /// PEM file with the authorities to trust instead of the system's. With it, the modes preferred and required check
    /// the chain as verify-ca does.
    /// </summary>
    public string? SslCaFile { get; init; }

    /// <summary>
    /// Whether the server may hand out the RSA key that encrypts the password when there is no TLS. Null means only on
    /// loopback: elsewhere a man in the middle could hand out his own.
    /// </summary>
    public bool? GetServerPublicKey { get; init; }

    /// <summary>PEM file with the server's RSA key, used instead of asking for it.</summary>
    public string? ServerPublicKeyFile { get; init; }

    /// <summary>Time for name look-up, TCP, TLS and login together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest silence of the server while an answer is awaited; a binlog dump has its own.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest answer packet that is accepted, in bytes; at most 1 GiB, as in the protocol.</summary>
    public int MaxPacketBytes { get; init; } = 1 << 30;

    /// <summary>The mode in use: the one asked for, else verify-identity, on loopback preferred.</summary>
    public SslMode EffectiveSslMode => SslMode ?? (IsLoopback ? Wire.SslMode.Preferred : Wire.SslMode.VerifyIdentity);

    /// <summary>True when the host is this machine by its name or address.</summary>
    public bool IsLoopback => string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>True when the server's RSA key may be asked for.</summary>
    public bool MayFetchPublicKey => GetServerPublicKey ?? IsLoopback;

    /// <summary>Host and port as text, for messages.</summary>
    public string Endpoint => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Refuses settings that cannot work.</summary>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>, naming the setting.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            PaimonException.ThrowInvalid("The host of the MySQL server is empty.");
        }

        if (Port is < 1 or > 65535)
        {
            PaimonException.ThrowInvalid($"Port {Port} of the MySQL server is not between 1 and 65535.");
        }

        if (User.Contains('\0', StringComparison.Ordinal) || Database?.Contains('\0', StringComparison.Ordinal) == true)
        {
            PaimonException.ThrowInvalid("A user or database name of the MySQL server holds a NUL character.");
        }

        if (ConnectTimeout <= TimeSpan.Zero || ReadTimeout <= TimeSpan.Zero)
        {
            PaimonException.ThrowInvalid("The connect timeout and the read timeout must be longer than zero.");
        }

        if (MaxPacketBytes is < SmallestMaxPacketBytes or > 1 << 30)
        {
            PaimonException.ThrowInvalid(
                $"The largest packet of {MaxPacketBytes} bytes is not between {SmallestMaxPacketBytes} and {1 << 30}.");
        }

        if (SslCaFile is not null && EffectiveSslMode == Wire.SslMode.Disabled)
        {
            PaimonException.ThrowInvalid("ssl-ca is given, but ssl-mode=disabled never uses TLS: drop one of them.");
        }
    }

    /// <summary>Account, host, port, database and TLS mode: enough to recognise the server, no password.</summary>
    public override string ToString() => $"mysql://{User}@{Endpoint}/{Database} (ssl-mode {MySqlUrl.NameOf(EffectiveSslMode)})";
}

using System.Globalization;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// Reads <c>mysql://user:password@host:port/database?key=value&amp;…</c>; <c>mariadb://</c> means the same. User, password,
/// database and values are percent-decoded; an IPv6 address stands in brackets. Keys: <c>ssl-mode</c>, <c>ssl-ca</c>,
/// <c>get-server-public-key</c>, <c>server-public-key</c>, <c>connect-timeout</c> and <c>read-timeout</c> (seconds),
/// <c>max-packet</c> (bytes). Errors name the part that is wrong and never repeat the password.
/// </summary>
public static class MySqlUrl
{
    private const string Shape = "mysql://user@host:3306/database?ssl-mode=verify-identity";

    /// <summary>Parses a URL.</summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>: a part is wrong or unknown.</exception>
    public static MySqlConnectionOptions Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var rest = AfterScheme(url);
        var query = Cut(ref rest, '?');
        var path = Cut(ref rest, '/');
        var at = rest.LastIndexOf('@');
        var options = new MySqlConnectionOptions();
        if (at >= 0)
        {
            options = WithAccount(options, rest[..at]);
            rest = rest[(at + 1)..];
        }

        options = WithHost(options, rest);
        if (!string.IsNullOrEmpty(path))
        {
            if (path.Contains('/', StringComparison.Ordinal))
            {
                PaimonException.ThrowInvalid($"A MySQL URL names one database after the host, as in {Shape}.");
            }

            options = options with { Database = Decode(path, "database") };
        }

        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            options = WithSetting(options, pair);
        }

        options.Validate();
        return options;
    }

    /// <summary>The name of a TLS mode as URLs spell it.</summary>
    /// <param name="mode">The mode.</param>
    public static string NameOf(SslMode mode) => mode switch
    {
        SslMode.Disabled => "disabled",
        SslMode.Preferred => "preferred",
        SslMode.Required => "required",
        SslMode.VerifyCa => "verify-ca",
        SslMode.VerifyIdentity => "verify-identity",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    private static string AfterScheme(string url)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["mysql://", "mariadb://"])
        {
            if (url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return url[scheme.Length..];
            }
        }

        throw new PaimonException(ErrorKind.Invalid, $"A MySQL URL begins with mysql:// or mariadb://, as in {Shape}.");
    }

    private static string? Cut(ref string text, char at)
    {
        // A password may hold neither '/' nor '?' unencoded, as in every URL: the first one ends the authority.
        var index = text.IndexOf(at, StringComparison.Ordinal);
        if (index < 0)
        {
            return null;
        }

        var tail = text[(index + 1)..];
        text = text[..index];
        return tail;
    }

    private static MySqlConnectionOptions WithAccount(MySqlConnectionOptions options, string account)
    {
        var colon = account.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            options = options with { Password = new Secret(Decode(account[(colon + 1)..], "password")) };
            account = account[..colon];
        }

        return account.Length == 0 ? options : options with { User = Decode(account, "user") };
    }

    private static MySqlConnectionOptions WithHost(MySqlConnectionOptions options, string authority)
    {
        string host;
        string? port = null;
        if (authority.StartsWith('['))
        {
            var close = authority.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                PaimonException.ThrowInvalid("The IPv6 address of a MySQL URL has no closing ']'.");
            }

            host = authority[1..close];
            var tail = authority[(close + 1)..];
            if (tail.Length > 0)
            {
                port = tail[0] == ':' ? tail[1..] : "";
            }
        }
        else
        {
            var colon = authority.LastIndexOf(':');
            host = Decode(colon < 0 ? authority : authority[..colon], "host");
            port = colon < 0 ? null : authority[(colon + 1)..];
            if (host.Contains(':', StringComparison.Ordinal))
            {
                PaimonException.ThrowInvalid("An IPv6 address in a MySQL URL stands in brackets, as in mysql://[::1]:3306/.");
            }
        }

        if (host.Length == 0)
        {
            PaimonException.ThrowInvalid($"The MySQL URL names no host; expected {Shape}.");
        }

        if (port is null)
        {
            return options with { Host = host };
        }

        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
        {
            PaimonException.ThrowInvalid("The port of a MySQL URL is a number between 1 and 65535.");
        }

        return options with { Host = host, Port = number };
    }

    private static MySqlConnectionOptions WithSetting(MySqlConnectionOptions options, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var key = Decode(equals < 0 ? pair : pair[..equals], "query key");
        var value = Decode(equals < 0 ? "" : pair[(equals + 1)..], key);
        return key switch
        {
            "ssl-mode" => options with { SslMode = ParseMode(value) },
            "ssl-ca" => options with { SslCaFile = NotEmpty(key, value) },
            "get-server-public-key" => options with { GetServerPublicKey = ParseSwitch(key, value) },
            "server-public-key" => options with { ServerPublicKeyFile = NotEmpty(key, value) },
            "connect-timeout" => options with { ConnectTimeout = ParseSeconds(key, value) },
            "read-timeout" => options with { ReadTimeout = ParseSeconds(key, value) },
            "max-packet" => options with { MaxPacketBytes = ParseNumber(key, value) },
            "password" or "user" => throw new PaimonException(
                ErrorKind.Invalid, $"'{key}' is no query key of a MySQL URL: the account stands before the '@'."),
            _ => throw new PaimonException(
                ErrorKind.Invalid,
                $"'{key}' is no query key of a MySQL URL; known are ssl-mode, ssl-ca, get-server-public-key, "
                + "server-public-key, connect-timeout, read-timeout and max-packet."),
        };
    }

    private static SslMode ParseMode(string value) => value.Replace('_', '-').ToLowerInvariant() switch
    {
        "disabled" => SslMode.Disabled,
        "preferred" => SslMode.Preferred,
        "required" => SslMode.Required,
        "verify-ca" => SslMode.VerifyCa,
        "verify-identity" => SslMode.VerifyIdentity,
        _ => throw new PaimonException(
            ErrorKind.Invalid,
            $"ssl-mode '{value}' is not one of disabled, preferred, required, verify-ca, verify-identity."),
    };

    private static bool ParseSwitch(string key, string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "" => true,
        "false" or "0" => false,
        _ => throw new PaimonException(ErrorKind.Invalid, $"{key} is true or false, not '{value}'."),
    };

    private static TimeSpan ParseSeconds(string key, string value) => TimeSpan.FromSeconds(ParseNumber(key, value));

    private static int ParseNumber(string key, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            PaimonException.ThrowInvalid($"{key} is a whole number above zero, not '{value}'.");
        }

        return number;
    }

    private static string NotEmpty(string key, string value)
    {
        if (value.Length == 0)
        {
            PaimonException.ThrowInvalid($"{key} names a file, but its value is empty.");
        }

        return value;
    }

    private static string Decode(string text, string part)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                PaimonException.ThrowInvalid($"The {part} of a MySQL URL has a '%' that two hexadecimal digits do not follow.");
            }
        }

        return Uri.UnescapeDataString(text);
    }
}

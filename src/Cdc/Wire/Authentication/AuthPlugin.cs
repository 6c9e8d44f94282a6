using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Authentication;

/// <summary>The login methods that this client knows, by the server's names.</summary>
internal static class AuthPlugin
{
    public const string CachingSha2 = "caching_sha2_password";
    public const string Sha256 = "sha256_password";
    public const string Native = "mysql_native_password";
    public const string Clear = "mysql_clear_password";

    /// <summary>The method to begin with: the server's default if it is a plain challenge, else one that makes it say.</summary>
    public static string First(string serverDefault) => serverDefault is CachingSha2 or Native ? serverDefault
        : serverDefault.Length == 0 ? Native : CachingSha2;

    public static PaimonException Unknown(string name)
    {
        var known = $"Known are {CachingSha2}, {Sha256}, {Native} and {Clear}: alter the account to one of them.";
        return new PaimonException(ErrorKind.Unsupported, name switch
        {
            "client_ed25519" or "parsec" =>
                $"The account logs in by MariaDB's plugin '{name}', which this client does not have. {known}",
            "mysql_old_password" or "" =>
                "The account still has a password hash of before MySQL 4.1: set its password anew.",
            _ => $"The account logs in by the plugin '{name}', which this client does not have. {known}",
        });
    }
}

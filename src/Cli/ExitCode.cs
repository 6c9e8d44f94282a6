using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli;

/// <summary>What the tool's exit codes mean; <c>paimonsharp --help</c> and the README list them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unsupported = 3;
    public const int Corrupt = 4;
    public const int Refused = 5;
    public const int Interrupted = 130;

    /// <summary>The code for an error.</summary>
    public static int Of(PaimonException error) => error.Kind switch
    {
        ErrorKind.Invalid => Usage,
        ErrorKind.Unsupported => Unsupported,
        ErrorKind.Corrupt => Corrupt,
        ErrorKind.Refused => Refused,
        _ => Failed,
    };
}

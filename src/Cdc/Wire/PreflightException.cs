using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// The server or the account is not set up for change capture. The kind is <see cref="ErrorKind.Unsupported"/> when a later
/// release could read what the server writes, else <see cref="ErrorKind.Refused"/>.
/// </summary>
public sealed class PreflightException : PaimonException
{
    /// <summary>Makes the error of at least one finding.</summary>
    /// <param name="kind">What the caller can do.</param>
    /// <param name="server">The server, for the message.</param>
    /// <param name="findings">What is wrong.</param>
    public PreflightException(ErrorKind kind, string server, IReadOnlyList<PreflightFinding> findings)
        : base(kind, $"{server} is not ready for change capture:{string.Concat(findings.Select(f => $"\n  - {f}"))}") =>
        Findings = findings;

    /// <summary>What is wrong, the gravest first.</summary>
    public IReadOnlyList<PreflightFinding> Findings { get; }
}

using System.Text.Json.Nodes;

namespace PaimonSharp.CaseRunner;

/// <summary>How a case compares with its recording.</summary>
internal enum CaseVerdict
{
    /// <summary>Everything that may be compared is equal.</summary>
    Agree,

    /// <summary>Something differs.</summary>
    Differ,

    /// <summary>The engine refused something by name.</summary>
    Unsupported,
}

/// <summary>What came of a case.</summary>
/// <param name="Name">The case.</param>
/// <param name="Verdict">Equal or not.</param>
/// <param name="Reason">The first difference, or what is not supported; empty where all agrees.</param>
/// <param name="Family">The case's category.</param>
/// <param name="Scope">What the case needs beyond the plain table format; null for nothing.</param>
/// <param name="Document">What was recorded, in the shape of <c>expected.json</c>.</param>
internal sealed record CaseOutcome(
    string Name, CaseVerdict Verdict, string Reason, string Family, string? Scope, JsonObject? Document)
{
    /// <summary>For people.</summary>
    public string Text => Verdict switch
    {
        CaseVerdict.Agree when Reason.StartsWith("differs", StringComparison.Ordinal) => Reason,
        CaseVerdict.Agree when Reason.Length > 0 => $"agree ({Reason})",
        CaseVerdict.Agree => "agree",
        CaseVerdict.Unsupported => $"unsupported: {Reason}",
        _ => $"differ: {Reason}",
    };
}

using System.Text.Json.Nodes;

namespace PaimonSharp.CaseRunner;

/// <summary>How a case compares with its recording.</summary>
internal enum CaseVerdict
{
    /// <summary>Everything is equal.</summary>
    Agree,

    /// <summary>Everything is equal but a part that <see cref="CaseExceptions"/> names.</summary>
    AgreeInPart,

    /// <summary>What differs is what <see cref="CaseExceptions"/> says.</summary>
    DifferOnPurpose,

    /// <summary>Something differs.</summary>
    Differ,

    /// <summary>The engine refused something by name, or nothing was recorded.</summary>
    Unsupported,
}

/// <summary>What came of a case.</summary>
/// <param name="Name">The case.</param>
/// <param name="Verdict">Equal or not.</param>
/// <param name="Reason">The first difference, what is known of it, or what is not supported; empty where all agrees.</param>
/// <param name="Family">The case's category.</param>
/// <param name="Document">What was recorded, in the shape of <c>expected.json</c>.</param>
internal sealed record CaseOutcome(string Name, CaseVerdict Verdict, string Reason, string Family, JsonObject? Document)
{
    /// <summary>True where nothing differs that is not known.</summary>
    public bool IsGood => Verdict is CaseVerdict.Agree or CaseVerdict.AgreeInPart or CaseVerdict.DifferOnPurpose;

    /// <summary>For people.</summary>
    public string Text => Verdict switch
    {
        CaseVerdict.Agree => "agree",
        CaseVerdict.AgreeInPart => $"agree, not compared: {Reason}",
        CaseVerdict.DifferOnPurpose => $"differs on purpose: {Reason}",
        CaseVerdict.Unsupported => $"unsupported: {Reason}",
        _ => $"differ: {Reason}",
    };
}

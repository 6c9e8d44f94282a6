using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.CaseRunner;

/// <summary>Runs one case and compares it with its recording.</summary>
internal static class CaseRun
{
    /// <summary>The member of a document, or of a part of it, that names what the engine refused.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>Runs a case.</summary>
    /// <param name="input">The case.</param>
    /// <param name="isReadOnly">True to read the recorded table, false to perform the steps.</param>
    /// <param name="tables">Where the table that the steps make is kept; null for nowhere.</param>
    public static async Task<CaseOutcome> RunAsync(CaseInput input, bool isReadOnly, string? tables = null)
    {
        JsonObject document;
        try
        {
            document = isReadOnly ? await RecordedRead.RunAsync(input) : await Replay.RunAsync(input, tables);
        }
        catch (Exception error) when (!IsUnsupported(error))
        {
            return new CaseOutcome(input.Name, CaseVerdict.Differ, $"failed: {error}", null);
        }

        return Compare(input, document, isReadOnly);
    }

    private static CaseOutcome Compare(CaseInput input, JsonObject document, bool isReadOnly)
    {
        using var actual = JsonDocument.Parse(document.ToJsonString(CaseInput.Written));
        var comparer = new CaseComparer(input, actual.RootElement, isReadOnly);
        if (comparer.FirstDifference() is { } difference)
        {
            if (!isReadOnly && CaseScope.DifferenceOnPurpose(input) is { } reason)
            {
                return new CaseOutcome(input.Name, CaseVerdict.Agree, $"differs on purpose: {reason}", document);
            }

            return new CaseOutcome(input.Name, CaseVerdict.Differ, difference, document);
        }

        return comparer.FirstUnsupported is { } refused
            ? new CaseOutcome(input.Name, CaseVerdict.Unsupported, refused, document)
            : new CaseOutcome(input.Name, CaseVerdict.Agree, comparer.Note, document);
    }

    /// <summary>True for an error that a step or a read may end with; everything else is a defect of the program.</summary>
    public static bool IsRefusal(Exception error) =>
        error is PaimonException { Kind: not ErrorKind.Internal } or ArgumentException or IOException;

    /// <summary>True for what the engine refuses as it does not support it.</summary>
    public static bool IsUnsupported(Exception error) => error is PaimonException { Kind: ErrorKind.Unsupported };

    /// <summary>An error as it is recorded.</summary>
    public static JsonObject Describe(Exception error) => new()
    {
        ["class"] = error is PaimonException typed ? typed.Kind.ToString() : error.GetType().Name,
        ["message"] = error.Message.Split('\n')[0],
    };

    /// <summary>Runs a part that may be refused; what was refused stands for its result.</summary>
    public static async Task<JsonObject> PartAsync(Func<Task<JsonObject>> part)
    {
        try
        {
            return await part();
        }
        catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
        {
            return new JsonObject { [Unsupported] = error.Message };
        }
    }
}

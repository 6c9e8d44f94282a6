using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.CaseRunner;

/// <summary>Runs one case and compares it with its recording.</summary>
internal static class CaseRun
{
    /// <summary>The member of a document, or of a part of it, that names what the engine refused.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>Runs cases, as many at a time as there are processors.</summary>
    /// <param name="folders">The folders of the cases.</param>
    /// <param name="isReadOnly">True to read the recorded tables, false to perform the steps.</param>
    /// <param name="take">What is done with an outcome and its document; the outcomes returned have none.</param>
    /// <param name="tables">Where the tables that the steps make are kept, by case; null for nowhere.</param>
    /// <returns>The outcomes in the order of the folders.</returns>
    public static async Task<IReadOnlyList<CaseOutcome>> RunAllAsync(
        IReadOnlyList<string> folders,
        bool isReadOnly,
        Func<CaseInput, CaseOutcome, Task>? take = null,
        string? tables = null)
    {
        var outcomes = new CaseOutcome[folders.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(0, outcomes.Length, parallel, async (i, _) =>
        {
            using var input = CaseInput.Open(folders[i]);
            var outcome = await RunAsync(input, isReadOnly, tables is null ? null : Path.Combine(tables, input.Name));
            if (take is not null)
            {
                await take(input, outcome);
            }

            outcomes[i] = outcome with { Document = null };
        });
        return outcomes;
    }

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
            return NewOutcome(input, CaseVerdict.Differ, $"failed: {error}", null);
        }

        return Compare(input, document, isReadOnly);
    }

    private static CaseOutcome Compare(CaseInput input, JsonObject document, bool isReadOnly)
    {
        using var actual = JsonDocument.Parse(document.ToJsonString(CaseInput.Written));
        var comparer = new CaseComparer(input, actual.RootElement, isReadOnly);
        var difference = comparer.FirstDifference();
        if (CaseExceptions.Of(input.Name, isReadOnly) is not { } known)
        {
            return difference is not null ? NewOutcome(input, CaseVerdict.Differ, difference, document)
                : comparer.FirstUnsupported is { } refused ? NewOutcome(input, CaseVerdict.Unsupported, refused, document)
                : NewOutcome(input, CaseVerdict.Agree, "", document);
        }

        if (known.Difference is { } start)
        {
            return difference is null ? NewOutcome(input, CaseVerdict.Differ, $"it agrees, and was to differ: {known.Reason}", document)
                : difference.StartsWith(start, StringComparison.Ordinal)
                    ? NewOutcome(input, CaseVerdict.DifferOnPurpose, known.Reason, document)
                    : NewOutcome(input, CaseVerdict.Differ, $"{difference}; expected was: {start}", document);
        }

        var rest = new CaseComparer(input, actual.RootElement, isReadOnly, known.LeftOut).FirstDifference();
        return rest is null
            ? NewOutcome(input, CaseVerdict.AgreeInPart, known.Reason, document)
            : NewOutcome(input, CaseVerdict.Differ, rest, document);
    }

    private static CaseOutcome NewOutcome(CaseInput input, CaseVerdict verdict, string reason, JsonObject? document) =>
        new(input.Name, verdict, reason, input.Root.GetProperty("category").GetString()!, document);

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

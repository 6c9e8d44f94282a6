using System.Text.Json;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// Compares what a run recorded with the recording, as far as the contract of the collection allows: rows as multisets, the
/// changes of one key in order, files without their names and bytes.
/// </summary>
internal sealed class CaseComparer
{
    private static readonly string[] SnapshotMembers =
        ["schemaId", "commitUser", "commitIdentifier", "commitKind", "watermark", "columns", "count", "checksum"];

    private static readonly string[] CountMembers = ["totalRecordCount", "deltaRecordCount", "changelogRecordCount"];

    private readonly CaseInput _input;
    private readonly JsonElement _expected;
    private readonly JsonElement _actual;
    private readonly bool _isReadOnly;
    private readonly CaseParts _leftOut;
    private readonly bool _isCut;
    private readonly ColumnTypes _types;
    private readonly ReadComparer _reads;

    /// <summary>Prepares a comparison.</summary>
    /// <param name="input">The case with its recording.</param>
    /// <param name="actual">What the run recorded.</param>
    /// <param name="isReadOnly">True where the recorded table was read.</param>
    /// <param name="leftOut">What is not compared.</param>
    public CaseComparer(CaseInput input, JsonElement actual, bool isReadOnly, CaseParts leftOut = CaseParts.None)
    {
        _input = input;
        _expected = input.Expected;
        _actual = actual;
        _isReadOnly = isReadOnly;
        _leftOut = leftOut;
        _isCut = actual.TryGetProperty(CaseRun.Unsupported, out _);
        _types = new ColumnTypes(_expected);
        _reads = new ReadComparer(input, _types, Refuse);
    }

    /// <summary>What the engine refused first, null where nothing.</summary>
    public string? FirstUnsupported { get; private set; }

    /// <summary>The first difference, null where there is none.</summary>
    public string? FirstDifference()
    {
        if (_isCut)
        {
            Refuse(_actual.GetProperty(CaseRun.Unsupported).GetString()!);
        }

        return CompareErrors() ?? CompareSnapshots() ?? CompareSchemas() ?? CompareChangelog() ?? CompareReads() ?? CompareStates();
    }

    private void Refuse(string what) => FirstUnsupported ??= what;

    private string? CompareErrors()
    {
        if (_isReadOnly || _isCut)
        {
            return null;
        }

        var expected = Errors(_expected).ToList();
        var actual = Errors(_actual).ToList();
        var missing = expected.Where(error => actual.All(other => other.Key != error.Key)).Select(error => error.Text).FirstOrDefault();
        if (missing is not null)
        {
            return $"an error is missing: {missing}";
        }

        var surplus = actual.Where(error => expected.All(other => other.Key != error.Key)).Select(error => error.Text).FirstOrDefault();
        return surplus is null ? null : $"an error is not expected: {surplus}";
    }

    private static IEnumerable<(string Key, string Text)> Errors(JsonElement document) =>
        document.TryGetProperty("errors", out var errors)
            ? errors.EnumerateArray().Select(error => (
                error.GetProperty("step").GetRawText(),
                $"step {error.GetProperty("step")}, {error.GetProperty("op").GetString()}: {error.GetProperty("message").GetString()}"))
            : [];

    private string? CompareSchemas()
    {
        if (_isCut || !_expected.TryGetProperty("schemas", out var expected) || !_actual.TryGetProperty("schemas", out var actual))
        {
            return null;
        }

        var difference = CanonicalText.Difference(
            expected.EnumerateArray().Select(schema => CanonicalText.Of(schema)),
            actual.EnumerateArray().Select(schema => CanonicalText.Of(schema)));
        return difference is null ? null : $"schemas: {difference}";
    }

    private string? CompareSnapshots()
    {
        var expected = Snapshots(_expected);
        var actual = Snapshots(_actual);
        if (_isReadOnly)
        {
            return actual.Select(snapshot => CompareKept(expected, snapshot)).FirstOrDefault(text => text is not null);
        }

        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            if (CompareSnapshot(expected[i], actual[i]) is { } difference)
            {
                return $"snapshot {NameOf(expected[i])}: {difference}";
            }
        }

        if (actual.Count > expected.Count)
        {
            return $"snapshot {NameOf(actual[expected.Count])} {Text(actual[expected.Count], "commitKind")} is not expected";
        }

        return _isCut || actual.Count == expected.Count
            ? null
            : $"snapshot {NameOf(expected[actual.Count])} {Text(expected[actual.Count], "commitKind")} is missing";
    }

    // After a rollback or a fast-forward an id is used again: the last one is what is left.
    private string? CompareKept(List<JsonElement> expected, JsonElement snapshot)
    {
        var recorded = expected.LastOrDefault(other => NameOf(other) == NameOf(snapshot));
        if (recorded.ValueKind != JsonValueKind.Object)
        {
            // One that expired within its own commit, or that a branch took over from its tag, was not recorded.
            return null;
        }

        return CompareSnapshot(recorded, snapshot) is { } difference ? $"snapshot {NameOf(snapshot)}: {difference}" : null;
    }

    private string? CompareSnapshot(JsonElement expected, JsonElement actual)
    {
        if (NameOf(expected) != NameOf(actual))
        {
            return $"found {NameOf(actual)}";
        }

        if (actual.TryGetProperty(CaseRun.Unsupported, out var refused))
        {
            Refuse(refused.GetString()!);
            return CompareMembers(expected, actual, SnapshotMembers[..5]);
        }

        if (expected.TryGetProperty("readError", out _) != actual.TryGetProperty("readError", out var error))
        {
            return error.ValueKind == JsonValueKind.Object
                ? $"reading failed: {error.GetProperty("message").GetString()}"
                : "reading must fail, and does not";
        }

        return CompareMembers(expected, actual, SnapshotMembers)
            ?? (_leftOut.HasFlag(CaseParts.Files) ? null : CompareMembers(expected, actual, CountMembers))
            ?? _reads.CompareRows(expected, actual, _types.OfSchema(expected.GetProperty("schemaId").GetInt64()))
            ?? (_leftOut.HasFlag(CaseParts.Files) ? null : LayoutComparer.Compare(_input, expected, actual, _leftOut));
    }

    private static string? CompareMembers(JsonElement expected, JsonElement actual, IEnumerable<string> members)
    {
        foreach (var member in members)
        {
            var wanted = expected.TryGetProperty(member, out var value) ? CanonicalText.Of(value) : "absent";
            var found = actual.TryGetProperty(member, out var other) ? CanonicalText.Of(other) : "absent";
            if (wanted != found)
            {
                return $"{member} is {found}, expected {wanted}";
            }
        }

        return null;
    }

    private string? CompareChangelog()
    {
        if (_isCut || _leftOut.HasFlag(CaseParts.Changelog)
            || !_expected.TryGetProperty("changelog", out var expected) || !_actual.TryGetProperty("changelog", out var actual))
        {
            return null;
        }

        return _reads.Compare(expected, actual) is { } difference ? $"changelog: {difference}" : null;
    }

    private string? CompareReads()
    {
        if (_isCut || !_expected.TryGetProperty("reads", out var expected) || !_actual.TryGetProperty("reads", out var actual))
        {
            return null;
        }

        foreach (var read in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(read.Name, out var found))
            {
                if (!_isReadOnly)
                {
                    return $"read {read.Name} is missing";
                }
            }
            else if (_leftOut.HasFlag(CaseParts.ReadsByPosition) && IsFilteredByPosition(read.Name))
            {
                continue;
            }
            else if (_reads.Compare(read.Value, found) is { } difference)
            {
                return $"read {read.Name}: {difference}";
            }
        }

        return null;
    }

    private bool IsFilteredByPosition(string read) => _input.Reads.Any(candidate =>
        candidate.GetProperty("name").GetString() == read
        && candidate.TryGetProperty("filter", out var filter)
        && filter.TryGetProperty("field", out var field)
        && candidate.TryGetProperty("projection", out var projection)
        && projection.EnumerateArray().All(column => column.GetString() != field.GetString()));

    private string? CompareStates()
    {
        if (_isCut || _isReadOnly || !_expected.TryGetProperty("states", out var expected)
            || !_actual.TryGetProperty("states", out var actual))
        {
            return null;
        }

        var states = actual.EnumerateArray().ToList();
        var i = 0;
        foreach (var state in expected.EnumerateArray())
        {
            if (i == states.Count)
            {
                return $"the state after step {state.GetProperty("step")} is missing";
            }

            if (CompareMembers(state, states[i++], state.EnumerateObject().Select(member => member.Name)) is { } difference)
            {
                return $"state after step {state.GetProperty("step")}, {Text(state, "op")}: {difference}";
            }
        }

        return null;
    }

    private static List<JsonElement> Snapshots(JsonElement document) =>
        document.TryGetProperty("snapshots", out var snapshots) ? [.. snapshots.EnumerateArray()] : [];

    private static string NameOf(JsonElement snapshot) =>
        Text(snapshot, "branch") is { } branch and not "main"
            ? $"{snapshot.GetProperty("id")} of branch {branch}"
            : snapshot.GetProperty("id").GetRawText();

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>A recorded history: its table, unpacked where it is packed, its input and what Paimon did.</summary>
internal sealed partial class GoldenCase : IDisposable
{
    private readonly TempDirectory? _unpacked;
    private readonly JsonDocument _input;
    private readonly JsonDocument _expected;

    private GoldenCase(string folder, string table, TempDirectory? unpacked)
    {
        Name = Path.GetFileName(folder);
        Table = table;
        _unpacked = unpacked;
        _input = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")));
        _expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
    }

    public string Name { get; }

    /// <summary>The table's directory.</summary>
    public string Table { get; }

    public JsonElement Input => _input.RootElement;

    public JsonElement Expected => _expected.RootElement;

    /// <summary>True where aggregators make arrays out of hash tables, whose order means nothing.</summary>
    public bool HasHashedArrays => Input.GetProperty("schema").GetProperty("options").EnumerateObject().Any(option =>
        option.Name.EndsWith(".aggregate-function", StringComparison.Ordinal)
        && option.Value.GetString() is "collect" or "nested_update" or "nested_partial_update");

    /// <summary>The recorded histories, by name; the test is skipped aloud where there are none.</summary>
    public static IReadOnlyList<string> Folders()
    {
        var cases = GoldenData.GoldenPath("cases");
        Assert.SkipUnless(Directory.Exists(cases), $"{cases} is absent: set PAIMON_GOLDEN.");
        return [.. Directory.GetDirectories(cases).Order(StringComparer.Ordinal)];
    }

    /// <summary>Opens a case; null where no table was kept.</summary>
    public static GoldenCase? TryOpen(string folder)
    {
        var table = Path.Combine(folder, "table");
        if (Directory.Exists(table))
        {
            return new GoldenCase(folder, table, null);
        }

        var zip = Path.Combine(folder, "table.zip");
        if (!File.Exists(zip))
        {
            return null;
        }

        var unpacked = new TempDirectory("case");
        ZipFile.ExtractToDirectory(zip, unpacked.Path);
        return new GoldenCase(folder, unpacked.File("table"), unpacked);
    }

    /// <summary>The recorded snapshots that are still there, with the branch that holds them (null for the main one).</summary>
    public IEnumerable<(long Id, string? Branch, JsonElement Snapshot)> Snapshots()
    {
        if (!Expected.TryGetProperty("snapshots", out var snapshots))
        {
            yield break;
        }

        // After a rollback or a fast-forward an id is used again: the last one is what is left.
        var left = snapshots.EnumerateArray().GroupBy(snapshot => (snapshot.GetProperty("id").GetInt64(), BranchOf(snapshot)));
        foreach (var group in left)
        {
            var (id, branch) = group.Key;
            var root = branch is null ? Table : Path.Combine(Table, "branch", $"branch-{branch}");
            if (File.Exists(Path.Combine(root, "snapshot", $"snapshot-{id}")))
            {
                yield return (id, branch, group.Last());
            }
        }
    }

    /// <summary>The tags that are left, with the recorded snapshot that each one keeps.</summary>
    public IEnumerable<(string Tag, JsonElement Snapshot)> Tags()
    {
        var folder = Path.Combine(Table, "tag");
        if (!Directory.Exists(folder) || !Expected.TryGetProperty("snapshots", out var snapshots))
        {
            yield break;
        }

        foreach (var file in Directory.GetFiles(folder, "tag-*").Order(StringComparer.Ordinal))
        {
            using var tag = JsonDocument.Parse(File.ReadAllBytes(file));
            var id = tag.RootElement.GetProperty("id").GetInt64();
            var identifier = tag.RootElement.GetProperty("commitIdentifier").GetInt64();
            var kept = snapshots.EnumerateArray().LastOrDefault(snapshot =>
                snapshot.GetProperty("id").GetInt64() == id && snapshot.GetProperty("commitIdentifier").GetInt64() == identifier
                && !snapshot.TryGetProperty("readError", out _));
            if (kept.ValueKind == JsonValueKind.Object)
            {
                yield return (Path.GetFileName(file)["tag-".Length..], kept);
            }
        }
    }

    /// <summary>The positions of the FLOAT columns of a recorded result; none where its schema is not recorded.</summary>
    public IReadOnlySet<int> FloatColumns(JsonElement result)
    {
        if (!(result.TryGetProperty("schemaId", out var schemaId) || result.TryGetProperty("id", out schemaId)) || !Expected.TryGetProperty("schemas", out var schemas))
        {
            return new HashSet<int>();
        }

        var schema = schemas.EnumerateArray().FirstOrDefault(item => item.GetProperty("id").GetInt64() == schemaId.GetInt64());
        return schema.ValueKind != JsonValueKind.Object
            ? new HashSet<int>()
            : schema.GetProperty("fields").EnumerateArray()
                .Select((field, i) => (Type: field.GetProperty("type"), Index: i))
                .Where(field => field.Type.ValueKind == JsonValueKind.String
                    && field.Type.GetString()!.StartsWith("FLOAT", StringComparison.Ordinal))
                .Select(field => field.Index)
                .ToHashSet();
    }

    /// <summary>An option's text with the times of snapshots in the place of <c>${time:3}</c>; null where one has expired.</summary>
    public string? WithTimes(string option)
    {
        var isComplete = true;
        var text = TimePattern().Replace(option, match =>
        {
            var path = Path.Combine(Table, "snapshot", $"snapshot-{match.Groups[1].Value}");
            isComplete &= File.Exists(path);
            if (!isComplete)
            {
                return "";
            }

            using var snapshot = JsonDocument.Parse(File.ReadAllBytes(path));
            var shift = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
            return (snapshot.RootElement.GetProperty("timeMillis").GetInt64() + shift).ToString(CultureInfo.InvariantCulture);
        });
        return isComplete ? text : null;
    }

    public void Dispose()
    {
        _input.Dispose();
        _expected.Dispose();
        _unpacked?.Dispose();
    }

    [GeneratedRegex(@"\$\{time:(\d+)([+-]\d+)?\}")]
    private static partial Regex TimePattern();

    private static string? BranchOf(JsonElement snapshot) =>
        snapshot.TryGetProperty("branch", out var branch) && branch.GetString() is { } name and not "main" ? name : null;
}

using System.Text.Json;

namespace PaimonSharp.Testing;

/// <summary>Lines of the golden vectors: inputs and what Paimon's own classes answered.</summary>
public static class GoldenVectors
{
    /// <summary>The lines of a file; the test that asks is skipped where it is absent.</summary>
    /// <param name="name">The file's name.</param>
    public static IReadOnlyList<JsonElement> Read(string name)
    {
        var path = GoldenData.VectorPath(name);
        Assert.SkipUnless(File.Exists(path), $"{path} is absent; set PAIMON_GOLDEN.");
        var lines = new List<JsonElement>();
        foreach (var line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            lines.Add(document.RootElement.Clone());
        }

        Assert.NotEmpty(lines);
        return lines;
    }

    /// <summary>The bytes of a property in hexadecimal digits; null where it is null or absent.</summary>
    /// <param name="line">A line.</param>
    /// <param name="name">The property.</param>
    public static byte[]? Bytes(JsonElement line, string name) =>
        line.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? Convert.FromHexString(text.GetString()!)
            : null;
}

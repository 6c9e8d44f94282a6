using System.Text.Json;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Vectors;

/// <summary>Lines of the golden vectors: inputs and what Paimon's own classes answered.</summary>
internal static class VectorLines
{
    public static IReadOnlyList<JsonElement> Read(string name)
    {
        var path = GoldenData.VectorPath(name);
        Assert.SkipUnless(File.Exists(path), $"{path} is absent: set PAIMON_GOLDEN.");
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
    public static byte[]? Bytes(JsonElement line, string name) =>
        line.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? Convert.FromHexString(text.GetString()!)
            : null;
}

using System.Text.Json;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests;

/// <summary>Lines of the golden vectors: inputs and what Paimon's own classes answered.</summary>
internal static class GoldenVectors
{
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
}

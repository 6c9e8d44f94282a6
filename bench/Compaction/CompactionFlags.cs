using System.Globalization;

namespace PaimonSharp.Bench.Compaction;

/// <summary>What the flags say.</summary>
internal sealed record CompactionFlags
{
    /// <summary>The groups to run; all by default.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [.. Scenarios.Groups.Keys];

    /// <summary><c>--scale</c>: times the rows of every scenario.</summary>
    public double Scale { get; init; } = 1;

    /// <summary><c>--folder</c>: where tables are made; its folder <c>run</c> is emptied.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "paimonsharp-compaction");

    /// <summary><c>--svg</c>: where the plots go, one a group.</summary>
    public string SvgFolder { get; init; } = Path.Combine("bench", "results");

    /// <summary><c>--json</c>: a line of JSON a group after its table.</summary>
    public bool Json { get; init; }

    /// <summary>Reads flags; null and a message on standard error when one is not known.</summary>
    public static CompactionFlags? Parse(ReadOnlySpan<string> flags)
    {
        var options = new CompactionFlags();
        var groups = new List<string>();
        while (!flags.IsEmpty)
        {
            var value = flags.Length > 1 ? flags[1] : "";
            switch (flags[0])
            {
                case "--json": options = options with { Json = true }; break;
                case "--folder" when value != "": options = options with { Folder = value }; break;
                case "--svg" when value != "": options = options with { SvgFolder = value }; break;
                case "--scale" when double.TryParse(value, CultureInfo.InvariantCulture, out var scale) && scale > 0:
                    options = options with { Scale = scale };
                    break;
                case var name when Scenarios.Groups.ContainsKey(name):
                    groups.Add(name);
                    break;
                default:
                    Console.Error.WriteLine($"{flags[0]} {value}: no such group, flag or value.");
                    return null;
            }

            flags = flags[(flags[0].StartsWith("--", StringComparison.Ordinal) && flags[0] != "--json" ? 2 : 1)..];
        }

        return groups.Count == 0 ? options : options with { Groups = groups };
    }
}

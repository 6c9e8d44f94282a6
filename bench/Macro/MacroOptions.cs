using System.Globalization;
using PaimonSharp.Bench.Kit;

namespace PaimonSharp.Bench.Macro;

/// <summary>What the flags of a workload say.</summary>
internal sealed record MacroOptions
{
    /// <summary><c>--rows</c></summary>
    public long Rows { get; init; } = 5_000_000;

    /// <summary><c>--runs</c>: runs per contender.</summary>
    public int Runs { get; init; } = 5;

    /// <summary><c>--compression</c>: <c>file.compression</c> of tables.</summary>
    public string Compression { get; init; } = "lz4_raw";

    /// <summary><c>--memory-budget</c>: option <c>memory-budget</c> of tables.</summary>
    public string MemoryBudget { get; init; } = "256 mb";

    /// <summary><c>--commit-rows</c>: rows of one durable commit.</summary>
    public int CommitRows { get; init; } = OrderTable.BatchRows;

    /// <summary><c>--buckets</c>: option <c>bucket</c> of tables.</summary>
    public int Buckets { get; init; } = 1;

    /// <summary><c>--lookup-cache</c>: what lookups may keep in memory, option <c>lookup.cache-max-memory-size</c>; the peer's block cache.</summary>
    public string LookupCache { get; init; } = "1 gb";

    /// <summary><c>--level-0</c>: files of 100,000 new rows of old keys that lookups find above the compacted ones.</summary>
    public int Level0Files { get; init; }

    /// <summary><c>--folder</c>: where tables are made; emptied.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "paimonsharp-bench");

    /// <summary><c>--json</c>: a line of JSON after the table.</summary>
    public bool Json { get; init; }

    /// <summary><c>--save</c>: append the table to the results of this machine.</summary>
    public bool Save { get; init; }

    /// <summary>Reads flags; null and a message on standard error when one is not known.</summary>
    public static MacroOptions? Parse(ReadOnlySpan<string> flags)
    {
        var options = new MacroOptions();
        while (!flags.IsEmpty)
        {
            var value = flags.Length > 1 ? flags[1] : "";
            switch (flags[0])
            {
                case "--json": options = options with { Json = true }; break;
                case "--save": options = options with { Save = true }; break;
                case "--compression" when value != "": options = options with { Compression = value }; break;
                case "--memory-budget" when value != "": options = options with { MemoryBudget = value }; break;
                case "--lookup-cache" when value != "": options = options with { LookupCache = value }; break;
                case "--level-0" when int.TryParse(value, CultureInfo.InvariantCulture, out var files) && files >= 0:
                    options = options with { Level0Files = files };
                    break;
                case "--folder" when value != "": options = options with { Folder = value }; break;
                case "--rows" when long.TryParse(value, CultureInfo.InvariantCulture, out var rows) && rows > 0:
                    options = options with { Rows = rows };
                    break;
                case "--commit-rows" when int.TryParse(value, CultureInfo.InvariantCulture, out var rows) && rows > 0:
                    options = options with { CommitRows = rows };
                    break;
                case "--buckets" when int.TryParse(value, CultureInfo.InvariantCulture, out var buckets) && buckets > 0:
                    options = options with { Buckets = buckets };
                    break;
                case "--runs" when int.TryParse(value, CultureInfo.InvariantCulture, out var runs) && runs > 0:
                    options = options with { Runs = runs };
                    break;
                default:
                    Console.Error.WriteLine($"{flags[0]} {value}: no such flag or value.");
                    return null;
            }

            flags = flags[(flags[0] is "--json" or "--save" ? 1 : 2)..];
        }

        return options;
    }
}

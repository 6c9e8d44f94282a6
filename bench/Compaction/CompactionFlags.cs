using System.Globalization;

namespace PaimonSharp.Bench.Compaction;

/// <summary>What the flags say.</summary>
internal sealed record CompactionFlags
{
    /// <summary>The groups to run; all by default.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [.. Scenarios.Groups.Keys];

    /// <summary><c>--scale</c>: times the rows of every scenario.</summary>
    public double Scale { get; init; } = 1;

    /// <summary><c>--runs</c>: runs of every scenario, in turns; the median counts.</summary>
    public int Runs { get; init; } = 1;

    /// <summary><c>--folder</c>: where tables are made; its folder <c>run</c> is emptied.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "paimonsharp-compaction");

    /// <summary><c>--keep</c>: the last run's tables stay, each in its folder.</summary>
    public bool Keep { get; init; }

    /// <summary><c>--svg</c>: where the plots go, one a group.</summary>
    public string SvgFolder { get; init; } = Path.Combine("bench", "results");

    /// <summary><c>--json</c>: a line of JSON a group after its table.</summary>
    public bool Json { get; init; }

    /// <summary><c>--help</c>: say what there is.</summary>
    public bool Help { get; init; }

    /// <summary>Reads flags; null and a message on standard error when one is not known.</summary>
    public static CompactionFlags? Parse(ReadOnlySpan<string> flags)
    {
        var options = new CompactionFlags();
        var groups = new List<string>();
        while (!flags.IsEmpty)
        {
            var value = flags.Length > 1 ? flags[1] : "";
            var taken = 1;
            switch (flags[0])
            {
                case "--help" or "-h": options = options with { Help = true }; break;
                case "--json": options = options with { Json = true }; break;
                case "--keep": options = options with { Keep = true }; break;
                case "--folder" when value != "":
                    (options, taken) = (options with { Folder = value }, 2);
                    break;
                case "--svg" when value != "":
                    (options, taken) = (options with { SvgFolder = value }, 2);
                    break;
                case "--scale" when double.TryParse(value, CultureInfo.InvariantCulture, out var scale) && scale > 0:
                    (options, taken) = (options with { Scale = scale }, 2);
                    break;
                case "--runs" when int.TryParse(value, CultureInfo.InvariantCulture, out var runs) && runs > 0:
                    (options, taken) = (options with { Runs = runs }, 2);
                    break;
                case var name when Scenarios.Groups.ContainsKey(name):
                    groups.Add(name);
                    break;
                default:
                    Console.Error.WriteLine($"{flags[0]} {value}: no such group, flag or value; --help says what there is.");
                    return null;
            }

            flags = flags[taken..];
        }

        return groups.Count == 0 ? options : options with { Groups = groups };
    }

    /// <summary>What can be asked for.</summary>
    public static string Usage()
    {
        var groups = Scenarios.Groups.Select(group =>
            $"  {group.Key,-10}{string.Join("; ", group.Value.Select(scenario => scenario.Name))}");
        var baseline = Scenarios.Baseline;
        return string.Create(CultureInfo.InvariantCulture, $"""
            Compares ways to compact a primary-key table with one another, and with RocksDB's universal compaction of the same rows.
            Prints a table a group, and draws rows a second, write and space amplification and sorted runs over the rows written.

            usage: dotnet run -c Release --project bench/Compaction -- [GROUP]... [FLAG]...

            groups, all by default; what one does not say is as in '{baseline.Name}': {baseline.Rows:N0} rows, durable every
            {baseline.CommitRows:N0}, of a BIGINT key, BIGINT, DOUBLE and {baseline.NoteBytes} bytes of text, {baseline.UpdateRatio * 100:N0} % updates of keys anywhere, Parquet with LZ4
            {string.Join('\n', groups)}

            flags
              --scale N         times the rows of every scenario; 1
              --runs N          runs of every scenario, in turns; tables and plots show each one's median; 1
              --svg FOLDER      where the plots go, compaction-GROUP.svg; bench/results
              --folder FOLDER   where tables are made; its folder 'run' is emptied; {Path.Combine(Path.GetTempPath(), "paimonsharp-compaction")}
              --keep            leave the tables of the last run there, run/GROUP/SCENARIO/bench.db/rows
              --json            a line of JSON a group, all points in it
            """);
    }
}

using System.Text;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// <c>[--read-only] [--compare] OUT_DIR CASE_DIR...</c>: performs recorded histories with this engine and writes what came of
/// each into <c>OUT_DIR/NAME.json</c>, in the shape of the recording's <c>expected.json</c>.
/// </summary>
internal static class CaseRunnerCommand
{
    private const string Usage =
        """
        Usage: CaseRunner [--read-only] [--compare | --catalogue] [--tables DIR] OUT_DIR CASE_DIR...
          --read-only   read the recorded table (table/ or table.zip) instead of performing the steps
          --compare     print agree, or the first difference, of each case; the last line has the counts
          --catalogue   print what agrees by family and why the rest does not, as the tables of tests/Golden.Tests/README.md
          --tables DIR  keep the tables that the steps made, as DIR/NAME
        """;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        if (!TryParse(arguments, out var options))
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        Directory.CreateDirectory(options.OutDirectory);
        var outcomes = await CaseRun.RunAllAsync(
            options.Cases, options.IsReadOnly, take: (input, outcome) => WriteAsync(input, outcome, options), tables: options.TablesDirectory);
        if (options.IsCatalogued)
        {
            var replays = options.IsReadOnly ? await CaseRun.RunAllAsync(options.Cases, isReadOnly: false) : outcomes;
            var reads = options.IsReadOnly ? outcomes : await CaseRun.RunAllAsync(options.Cases, isReadOnly: true);
            await output.WriteAsync(Catalogue.Of(replays, reads));
            return 0;
        }

        if (options.IsCompared)
        {
            foreach (var outcome in outcomes)
            {
                await output.WriteLineAsync($"{outcome.Name}: {outcome.Text}");
            }

            await output.WriteLineAsync(
                $"{outcomes.Count(outcome => outcome.IsGood)} agree, of which {Count(CaseVerdict.AgreeInPart)} in part and "
                + $"{Count(CaseVerdict.DifferOnPurpose)} but for what differs on purpose; {Count(CaseVerdict.Differ)} differ, "
                + $"{Count(CaseVerdict.Unsupported)} unsupported");
        }

        return Count(CaseVerdict.Differ) == 0 || !options.IsCompared ? 0 : 1;

        int Count(CaseVerdict verdict) => outcomes.Count(outcome => outcome.Verdict == verdict);
    }

    private static async Task WriteAsync(CaseInput input, CaseOutcome outcome, CaseRunnerOptions options)
    {
        if (outcome.Document is not null)
        {
            var path = Path.Combine(options.OutDirectory, $"{input.Name}.json");
            await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(outcome.Document.ToJsonString(CaseInput.Written)));
        }
    }

    private static bool TryParse(string[] arguments, out CaseRunnerOptions options)
    {
        var paths = new List<string>();
        options = new CaseRunnerOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--read-only":
                    options = options with { IsReadOnly = true };
                    break;
                case "--compare":
                    options = options with { IsCompared = true };
                    break;
                case "--catalogue":
                    options = options with { IsCatalogued = true };
                    break;
                case "--tables" when i + 1 < arguments.Length:
                    options = options with { TablesDirectory = arguments[++i] };
                    break;
                case var argument when argument.StartsWith('-'):
                    return false;
                default:
                    paths.Add(arguments[i]);
                    break;
            }
        }

        if (paths.Count < 2 || !paths.Skip(1).All(path => File.Exists(Path.Combine(path, "case.json"))))
        {
            return false;
        }

        options = options with { OutDirectory = paths[0], Cases = paths[1..] };
        return true;
    }
}

/// <summary>The command line.</summary>
internal sealed record CaseRunnerOptions
{
    public bool IsReadOnly { get; init; }

    public bool IsCompared { get; init; }

    public bool IsCatalogued { get; init; }

    public string? TablesDirectory { get; init; }

    public string OutDirectory { get; init; } = ".";

    public IReadOnlyList<string> Cases { get; init; } = [];
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PaimonSharp.Bench.Kit;

/// <summary>A contender's figures.</summary>
/// <param name="Name">Whose they are.</param>
/// <param name="MedianSeconds">The median time.</param>
/// <param name="MinSeconds">The shortest.</param>
/// <param name="MaxSeconds">The longest.</param>
/// <param name="Rows">The rows of one run, 0 where rows are no measure.</param>
/// <param name="PeakBytes">The most memory over all runs, 0 when not known.</param>
/// <param name="MedianProcessorSeconds">The median processor time of all threads, 0 when not known.</param>
/// <param name="Ratio">Its median time by ours.</param>
/// <param name="Floor">What the ratio must at least be, 0 where nothing is asked.</param>
internal sealed record ReportLine(
    string Name,
    double MedianSeconds,
    double MinSeconds,
    double MaxSeconds,
    long Rows,
    long PeakBytes,
    double MedianProcessorSeconds,
    double Ratio,
    double Floor)
{
    /// <summary>The bytes of the files that a run leaves, 0 where they are no measure.</summary>
    public long SpaceBytes { get; init; }
}

/// <summary>The figures of a workload, ours first.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Runs">Runs per contender.</param>
/// <param name="Lines">One a contender.</param>
internal sealed record Report(string Workload, int Runs, IReadOnlyList<ReportLine> Lines)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Lines below the table: peers that are missing, limits and what became of them.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>A Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        Append(text, $"{Workload}: medians of {Runs} interleaved runs");
        Append(text, $"");
        Append(text, $"| contender | median s | min-max s | rows/s | processor s | peak MB | time / ours | floor |");
        Append(text, $"|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var line in Lines)
        {
            var rate = line.Rows == 0 ? "" : (line.Rows / line.MedianSeconds).ToString("N0", CultureInfo.InvariantCulture);
            var peak = line.PeakBytes == 0 ? "" : (line.PeakBytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);
            var processor = line.MedianProcessorSeconds == 0
                ? ""
                : line.MedianProcessorSeconds.ToString("N3", CultureInfo.InvariantCulture);
            var floor = line.Floor == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{line.Floor:N2} {(line.Ratio >= line.Floor ? "kept" : "MISSED")}");
            Append(
                text,
                $"| {line.Name} | {line.MedianSeconds:N3} | {line.MinSeconds:N3}-{line.MaxSeconds:N3} | {rate} | {processor} | {peak} | {line.Ratio:N2} | {floor} |");
        }

        if (Notes.Count > 0)
        {
            Append(text, $"");
        }

        foreach (var note in Notes)
        {
            Append(text, $"- {note}");
        }

        return text.ToString();
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Appends the table to the day's file of results of this machine.</summary>
    /// <param name="folder">The folder of results.</param>
    /// <returns>The file.</returns>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"{day}-{Environment.MachineName}.md");
        var heading = File.Exists(path)
            ? ""
            : $"# {day}, {Environment.MachineName}: {Environment.ProcessorCount} processors, .NET {Environment.Version}\n\n";
        File.AppendAllText(path, $"{heading}{ToTable()}\n");
        return path;
    }

    private static void Append(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

using System.Globalization;
using System.Text;

namespace PaimonSharp.Bench.Compaction;

/// <summary>A group's figures, as a table to read.</summary>
internal static class GroupReport
{
    /// <summary>A Markdown table; a ratio is that of rows a second to the peer's run of the same rows.</summary>
    /// <param name="group">The group.</param>
    /// <param name="runs">The runs that the figures are the medians of.</param>
    /// <param name="results">Each scenario's curve with that of the peer on the same rows, where there is one.</param>
    public static string ToTable(string group, int runs, IReadOnlyList<GroupResult> results)
    {
        var text = new StringBuilder();
        var medians = runs == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", medians of {runs} interleaved runs");
        Line(text, $"### Compaction by {group}{medians}\n");
        Line(text, $"| {group} | rows/s | times RocksDB | processor s | write amplification | space amplification | sorted runs | compacted MB |");
        Line(text, $"|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var result in results)
        {
            Append(text, result.Ours, result.Peer);
        }

        foreach (var peer in results.Select(result => result.Peer).OfType<Curve>().Distinct())
        {
            Append(text, peer, null);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Curve curve, Curve? peer)
    {
        var ratio = peer is null ? "" : (curve.RowsPerSecond / peer.RowsPerSecond).ToString("0.00", CultureInfo.InvariantCulture);
        Line(
            text,
            $"| {curve.Name} | {curve.RowsPerSecond:N0} | {ratio} | {curve.ProcessorSeconds:0.00} | {curve.WriteAmplification:0.00} | {curve.SpaceAmplification:0.00} | {curve.ReadAmplification:0.0} | {curve.CompactedBytes / 1e6:0.0} |");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

using System.Globalization;
using System.Text;

namespace PaimonSharp.Bench.Compaction;

/// <summary>A group's figures, as a table to read.</summary>
internal static class GroupReport
{
    /// <summary>A Markdown table; a ratio is that of rows a second to the peer's run of the same rows.</summary>
    /// <param name="group">The group.</param>
    /// <param name="results">Each scenario's curve with that of the peer on the same rows, where there is one.</param>
    public static string ToTable(string group, IReadOnlyList<(Curve Ours, Curve? Peer)> results)
    {
        var text = new StringBuilder();
        Line(text, $"### {group}\n");
        Line(text, $"| scenario | rows/s | times RocksDB | write amplification | space amplification | sorted runs | processor s | compacted MB |");
        Line(text, $"|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (curve, peer) in results)
        {
            Append(text, curve, peer);
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
        var runs = curve.ReadAmplification == 0 ? "" : curve.ReadAmplification.ToString("0.0", CultureInfo.InvariantCulture);
        Line(
            text,
            $"| {curve.Name} | {curve.RowsPerSecond:N0} | {ratio} | {curve.WriteAmplification:0.00} | {curve.SpaceAmplification:0.00} | {runs} | {curve.ProcessorSeconds:0.00} | {curve.CompactedBytes / 1e6:0.0} |");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

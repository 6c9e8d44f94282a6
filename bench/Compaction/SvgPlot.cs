using System.Globalization;
using System.Security;
using System.Text;

namespace PaimonSharp.Bench.Compaction;

/// <summary>
/// Four panels over the rows written: rows a second, write amplification, space amplification, sorted runs. A line a scenario;
/// the peer's is broken, and of the colour of the scenario whose rows it has, or black where all have the same.
/// </summary>
internal static class SvgPlot
{
    private const int PanelWidth = 450;
    private const int PanelHeight = 220;
    private const int Left = 60;
    private const int Top = 70;
    private const int ColumnGap = 70;
    private const int RowGap = 76;
    private const int LegendColumns = 4;
    private const int LegendLine = 20;
    private const int Width = Left + (2 * PanelWidth) + ColumnGap + 30;
    private const string PeerColor = "#000000";

    private static readonly string[] Colors =
        ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d31", "#7b4fb5", "#7f7f7f"];

    // Runs that nobody merges for long would leave no room for the others.
    private const double CutOff = 2.5;

    private static readonly (string Title, bool FromZero, Func<Curve, int, double> Value)[] Panels =
    [
        ("thousand rows a second", true, (curve, point) => curve.RowsPerSecondAt(point) / 1000),
        ("write amplification: bytes written by bytes flushed", false, (curve, point) => curve.WriteAmplificationAt(point)),
        ("space amplification: live bytes by fully compacted bytes", false, (curve, point) => curve.SpaceAmplificationAt(point)),
        ("sorted runs that a reader merges", true, (curve, point) => curve.Points[point].Runs),
    ];

    /// <summary>Draws the curves of a group.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="results">The curves.</param>
    public static string Draw(string title, IReadOnlyList<GroupResult> results)
    {
        var lines = Lines(results);
        var legendTop = Top + (2 * (PanelHeight + RowGap)) - 10;
        var height = legendTop + (LegendLine * ((lines.Count + LegendColumns - 1) / LegendColumns)) + 10;
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\">");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Line(svg, $"<text x=\"{Left}\" y=\"28\" font-size=\"17\">{SecurityElement.Escape(title)}</text>");
        for (var i = 0; i < Panels.Length; i++)
        {
            Panel(svg, Left + (i % 2 * (PanelWidth + ColumnGap)), Top + (i / 2 * (PanelHeight + RowGap)), Panels[i], lines);
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var (x, y) = (Left + (i % LegendColumns * (Width - Left) / LegendColumns), legendTop + (i / LegendColumns * LegendLine));
            Line(svg, $"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 24}\" y2=\"{y}\" {Stroke(lines[i])}/>");
            Line(svg, $"<text x=\"{x + 30}\" y=\"{y + 4}\">{SecurityElement.Escape(lines[i].Curve.Name)}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static List<(Curve Curve, string Color, bool IsPeer)> Lines(IReadOnlyList<GroupResult> results)
    {
        var lines = results.Select((result, i) => (result.Ours, Colors[i % Colors.Length], false)).ToList();
        var peers = results.Select(result => result.Peer).OfType<Curve>().Distinct().ToList();
        lines.AddRange(peers.Select(peer => (
            peer,
            peers.Count == 1 ? PeerColor : lines[Enumerable.Range(0, results.Count).First(i => results[i].Peer == peer)].Item2,
            true)));
        return lines;
    }

    private static void Panel(
        StringBuilder svg,
        int left,
        int top,
        (string Title, bool FromZero, Func<Curve, int, double> Value) panel,
        List<(Curve Curve, string Color, bool IsPeer)> lines)
    {
        var (right, bottom) = (left + PanelWidth, top + PanelHeight);
        var values = lines
            .Select(line => Enumerable.Range(0, line.Curve.Points.Count).Select(point => panel.Value(line.Curve, point)).ToList())
            .OrderBy(line => line.Max())
            .ToList();
        var highest = Math.Min(values[^1].Max(), CutOff * values[values.Count / 2].Max());
        var vertical = new Axis(panel.FromZero ? 0 : values.Min(line => line.Min()), highest);
        var horizontal = new Axis(0, lines.Max(line => line.Curve.Points[^1].Rows) / 1e6);
        double X(double rows) => left + (PanelWidth * horizontal.ShareOf(rows / 1e6));
        double Y(double value) => bottom - (PanelHeight * vertical.ShareOf(value));

        var isCut = values[^1].Max() > highest;
        Line(svg, $"<text x=\"{left}\" y=\"{top - 10}\" font-size=\"13\">{panel.Title}{(isCut ? " (what is higher is cut off)" : "")}</text>");
        Line(svg, $"<clipPath id=\"p{left}-{top}\"><rect x=\"{left - 2}\" y=\"{top - 2}\" width=\"{PanelWidth + 4}\" height=\"{PanelHeight + 4}\"/></clipPath>");
        foreach (var tick in vertical.Ticks())
        {
            Line(svg, $"<line x1=\"{left}\" y1=\"{Y(tick):0.#}\" x2=\"{right}\" y2=\"{Y(tick):0.#}\" stroke=\"#ddd\"/>");
            Line(svg, $"<text x=\"{left - 8}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{tick:#,0.##}</text>");
        }

        foreach (var tick in horizontal.Ticks())
        {
            var unit = tick == 0 ? "" : " M";
            Line(svg, $"<text x=\"{X(tick * 1e6):0.#}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{tick:0.##}{unit}</text>");
        }

        Line(svg, $"<text x=\"{(left + right) / 2}\" y=\"{bottom + 36}\" text-anchor=\"middle\" fill=\"#555\">rows written</text>");
        foreach (var line in lines)
        {
            var points = string.Join(' ', line.Curve.Points.Select((point, i) => string.Create(
                CultureInfo.InvariantCulture, $"{X(point.Rows):0.#},{Y(panel.Value(line.Curve, i)):0.#}")));
            Line(svg, $"<polyline fill=\"none\" stroke-linejoin=\"round\" clip-path=\"url(#p{left}-{top})\" {Stroke(line)} points=\"{points}\"/>");
        }
    }

    private static string Stroke((Curve Curve, string Color, bool IsPeer) line) =>
        $"stroke=\"{line.Color}\" stroke-width=\"1.7\"{(line.IsPeer ? " stroke-dasharray=\"6 3\"" : "")}";

    private static void Line(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

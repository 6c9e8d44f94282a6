using System.Globalization;
using System.Security;
using System.Text;

namespace PaimonSharp.Bench.Compaction;

/// <summary>Three panels over the rows written: rows a second, write amplification, space amplification; a line a curve.</summary>
internal static class SvgPlot
{
    private const int Width = 1000;
    private const int PanelHeight = 220;
    private const int Left = 70;
    private const int Right = 240;
    private const int Gap = 50;
    private const int Steps = 4;

    private static readonly string[] Colors =
        ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#17becf", "#7f7f7f", "#bcbd22"];

    /// <summary>Draws the curves of a group.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="curves">The curves.</param>
    public static string Draw(string title, IReadOnlyList<Curve> curves)
    {
        var panels = new (string Title, Func<Curve, int, double> Value)[]
        {
            ("thousand rows a second", (curve, point) => curve.RowsPerSecondAt(point) / 1000),
            ("write amplification: bytes written by bytes flushed", (curve, point) => curve.WriteAmplificationAt(point)),
            ("space amplification: live bytes by fully compacted bytes", (curve, point) => curve.SpaceAmplificationAt(point)),
        };
        var svg = new StringBuilder();
        var height = (panels.Length * (PanelHeight + Gap)) + Gap;
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Line(svg, $"<text x=\"{Left}\" y=\"22\" font-size=\"16\">{SecurityElement.Escape(title)}</text>");
        for (var i = 0; i < panels.Length; i++)
        {
            Panel(svg, Gap + (i * (PanelHeight + Gap)), panels[i].Title, curves, panels[i].Value);
        }

        for (var i = 0; i < curves.Count; i++)
        {
            var y = Gap + 14 + (i * 20);
            Line(svg, $"<rect x=\"{Width - Right + 20}\" y=\"{y - 10}\" width=\"14\" height=\"10\" fill=\"{Colors[i % Colors.Length]}\"/>");
            Line(svg, $"<text x=\"{Width - Right + 40}\" y=\"{y}\">{SecurityElement.Escape(curves[i].Name)}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int top, string title, IReadOnlyList<Curve> curves, Func<Curve, int, double> value)
    {
        var (right, bottom) = (Width - Right, top + PanelHeight);
        var rows = curves.Max(curve => curve.Points[^1].Rows);
        var highest = NiceAbove(curves.Max(curve => Enumerable.Range(0, curve.Points.Count).Max(point => value(curve, point))));
        Line(svg, $"<text x=\"{Left}\" y=\"{top - 8}\">{title}</text>");
        for (var step = 0; step <= Steps; step++)
        {
            var y = bottom - (PanelHeight * step / Steps);
            var x = Left + ((right - Left) * step / Steps);
            Line(svg, $"<line x1=\"{Left}\" y1=\"{y}\" x2=\"{right}\" y2=\"{y}\" stroke=\"#ddd\"/>");
            Line(svg, $"<text x=\"{Left - 6}\" y=\"{y + 4}\" text-anchor=\"end\">{highest * step / Steps:0.##}</text>");
            Line(svg, $"<text x=\"{x}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{rows * step / Steps / 1e6:0.##} M</text>");
        }

        for (var i = 0; i < curves.Count; i++)
        {
            var curve = curves[i];
            var path = string.Join(' ', Enumerable.Range(0, curve.Points.Count).Select(point => string.Create(
                CultureInfo.InvariantCulture,
                $"{Left + ((right - Left) * curve.Points[point].Rows / (double)rows):0.#},{bottom - (PanelHeight * value(curve, point) / highest):0.#}")));
            Line(svg, $"<polyline fill=\"none\" stroke=\"{Colors[i % Colors.Length]}\" stroke-width=\"1.5\" points=\"{path}\"/>");
        }
    }

    // The next of 1, 2, 5 times a power of ten.
    private static double NiceAbove(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-9))));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(nice => nice >= value);
    }

    private static void Line(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

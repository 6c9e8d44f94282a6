using System.Text;

namespace PaimonSharp.Cli;

/// <summary>
/// A text table for people: a header, a rule, rows with columns under each other. Widths are those of the widest cell;
/// cells longer than <see cref="MaxWidth"/> are cut with an ellipsis.
/// </summary>
internal sealed class AlignedText(params string[] header)
{
    /// <summary>The widest that a cell is shown.</summary>
    public const int MaxWidth = 60;

    private readonly List<string[]> _rows = [];
    private int[] _shown = [];

    public int RowCount => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, Fit));

    /// <summary>Writes the table as UTF-8 and forgets the rows; the next call writes with the same header again.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="continues">
    /// True to go on below what was written before, without a header where its columns are wide enough.
    /// </param>
    public void WriteTo(Stream output, bool continues = false)
    {
        var widths = new int[header.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = Math.Max(header[i].Length, _rows.Count == 0 ? 0 : _rows.Max(row => row[i].Length));
        }

        var text = new StringBuilder();
        if (continues && _shown.Length > 0 && !widths.Where((width, i) => width > _shown[i]).Any())
        {
            widths = _shown;
        }
        else
        {
            Append(text, header, widths);
            Append(text, Array.ConvertAll(widths, width => new string('-', width)), widths);
        }

        _shown = widths;
        foreach (var row in _rows)
        {
            Append(text, row, widths);
        }

        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _rows.Clear();
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            text.Append(i == 0 ? "" : "  ").Append(i == cells.Length - 1 ? cells[i] : cells[i].PadRight(widths[i]));
        }

        text.Append('\n');
    }

    private static string Fit(string cell)
    {
        var line = cell.AsSpan().IndexOfAny('\n', '\r', '\t') < 0
            ? cell
            : cell.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal);
        return line.Length <= MaxWidth ? line : line[..(MaxWidth - 1)] + "…";
    }
}

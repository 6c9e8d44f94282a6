using System.Globalization;
using System.Text;
using System.Text.Json;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary>
/// Shows what compactions do: how far they are on standard error, what they came to on standard output; with JSON an object a commit
/// and one at the end, all on standard output. One thread.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="isJson">True for JSON.</param>
internal sealed class CompactProgressPrinter(Terminal terminal, bool isJson) : IProgress<CompactProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly StatusLine _line = new(terminal);
    private TimeSpan _lastShown;

    /// <summary>Shows how far the compaction of a table is.</summary>
    public void Report(CompactProgress value)
    {
        if (isJson)
        {
            WriteJson("compacting", value);
            return;
        }

        // The end of a pass has a line of its own.
        var isDue = value.Elapsed < _lastShown || value.Elapsed - _lastShown >= Pause;
        if (value.DoneBuckets < value.Buckets && (terminal.IsInteractive || isDue))
        {
            _lastShown = value.Elapsed;
            _line.Show($"{value.Table}: {value.DoneBuckets} of {Counted.Text(value.Buckets, "bucket")}, {Describe(value)}", replace: true);
        }
    }

    /// <summary>Shows what the compaction of a table came to.</summary>
    public void End(CompactProgress value)
    {
        if (isJson)
        {
            WriteJson("done", value);
            return;
        }

        _line.End();
        _lastShown = TimeSpan.Zero;
        var left = value.Buckets - value.DoneBuckets;
        var done = value switch
        {
            { Buckets: 0, Snapshots: 0 } => "there are no rows to compact",
            { Snapshots: 0 } when left == 0 => $"nothing to compact in {Counted.Text(value.Buckets, "bucket")}",
            _ => Describe(value),
        };
        var text = $"{value.Table}: {done}{(left == 0 ? "" : $"; {Counted.Text(left, "bucket")} left, where writers were faster")}.";
        terminal.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
        terminal.Output.Flush();
    }

    /// <summary>Shows that a table was not compacted, and why.</summary>
    /// <param name="what">What became of it.</param>
    /// <param name="reason">Why.</param>
    public void Warn(string what, string reason) => _line.Write($"{what}: {reason}");

    private static string Describe(CompactProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Counted.Text(value.Files, "file")} merged or moved up, {Counted.Text(value.Rows, "row")} of {ByteSize.Text(value.Bytes)} "
        + $"rewritten, {Counted.Text(value.Snapshots, "snapshot")}, {value.Elapsed.TotalSeconds:0.0} s");

    private void WriteJson(string phase, CompactProgress value)
    {
        using (var writer = new Utf8JsonWriter(terminal.Output))
        {
            writer.WriteStartObject();
            writer.WriteString("phase", phase);
            writer.WriteString("table", value.Table);
            writer.WriteNumber("buckets", value.Buckets);
            writer.WriteNumber("doneBuckets", value.DoneBuckets);
            writer.WriteNumber("files", value.Files);
            writer.WriteNumber("rows", value.Rows);
            writer.WriteNumber("sizeBytes", value.Bytes);
            writer.WriteNumber("snapshots", value.Snapshots);
            writer.WriteNumber("lostRaces", value.LostRaces);
            writer.WriteNumber("seconds", Math.Round(value.Elapsed.TotalSeconds, 3));
            writer.WriteEndObject();
        }

        terminal.Output.WriteByte((byte)'\n');
        terminal.Output.Flush();
    }
}

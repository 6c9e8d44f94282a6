using System.Globalization;
using System.Text.Json;
using PaimonSharp.Cdc.Sync;

namespace PaimonSharp.Cli.Commands;

/// <summary>Shows how far a sync is: one line that renews itself on a terminal, a line now and then elsewhere.</summary>
internal sealed class SyncProgressPrinter(Terminal terminal, bool json)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly StatusLine _line = new(terminal);
    private SyncPhase? _phase;
    private string _table = "";
    private long _lastShown = long.MinValue;

    /// <summary>Shows a status. May be called from any thread.</summary>
    public void Show(SyncStatus status)
    {
        lock (_lock)
        {
            if (json)
            {
                WriteJson(status);
                return;
            }

            var changed = status.Phase != _phase || status.Table != _table;
            var now = TimeProvider.System.GetTimestamp();
            var due = _lastShown == long.MinValue || TimeProvider.System.GetElapsedTime(_lastShown, now) >= Pause;
            if (!terminal.IsInteractive && !changed && !due)
            {
                return;
            }

            (_phase, _table, _lastShown) = (status.Phase, status.Table, now);
            _line.Show(Describe(status), replace: !changed);
        }
    }

    /// <summary>Shows a warning on a line of its own.</summary>
    public void Warn(string message)
    {
        lock (_lock)
        {
            _line.Write("warning: " + message);
        }
    }

    /// <summary>Shows what a sync came to.</summary>
    public void End(SyncResult result)
    {
        lock (_lock)
        {
            if (json)
            {
                WriteJson(result);
                return;
            }

            var rate = Counted.Text((long)(result.ChangedRows / Math.Max(0.001, result.StreamingTime.TotalSeconds)), "change");
            _line.Write(
                $"done: {Counted.Text(result.SnapshotRows, "row")} by snapshot, {Counted.Text(result.ChangedRows, "change")} in " +
                $"{Counted.Text(result.Transactions, "transaction")}, {Counted.Text(result.Commits, "commit")}, {rate}/s" +
                (result.Position.Length > 0 ? $"; position {result.Position}" : ""));
            foreach (var (table, reason) in result.StoppedTables)
            {
                _line.Write($"stopped: {table}: {reason}");
            }
        }
    }

    private static string Describe(SyncStatus status)
    {
        var rows = $"{Counted.Text(status.Rows, "row")}, {Counted.Text((long)status.RowsPerSecond, "row")}/s";
        var lag = status.Lag is null ? "" : string.Create(CultureInfo.InvariantCulture, $", lag {status.Lag.Value.TotalSeconds:0.0} s");
        return status.Phase switch
        {
            SyncPhase.Snapshot => $"snapshot {status.Table}" + (status.Rows == 0 ? "" : $": {rows}"),
            SyncPhase.Streaming when status is { Rows: 0, Transactions: 0 } =>
                "streaming" + (status.Position.Length == 0 ? "" : $" at {status.Position}"),
            SyncPhase.Streaming =>
                $"streaming: {rows}, {Counted.Text(status.Transactions, "transaction")}, {Counted.Text(status.Commits, "commit")}{lag}"
                + (status.Position.Length == 0 ? "" : $", at {status.Position}"),
            SyncPhase.Reconnecting => "reconnecting",
            SyncPhase.Starting => "starting",
            _ => "committed",
        };
    }

    private void WriteJson(SyncStatus status)
    {
        using (var writer = new Utf8JsonWriter(terminal.Output))
        {
            writer.WriteStartObject();
            writer.WriteString("phase", status.Phase.ToString().ToLowerInvariant());
            writer.WriteString("table", status.Table);
            writer.WriteNumber("rows", status.Rows);
            writer.WriteNumber("rowsPerSecond", Math.Round(status.RowsPerSecond));
            writer.WriteNumber("transactions", status.Transactions);
            writer.WriteNumber("commits", status.Commits);
            if (status.Lag is { } lag)
            {
                writer.WriteNumber("lagSeconds", lag.TotalSeconds);
            }

            writer.WriteString("position", status.Position);
            writer.WriteEndObject();
        }

        terminal.Output.WriteByte((byte)'\n');
        terminal.Output.Flush();
    }

    private void WriteJson(SyncResult result)
    {
        using (var writer = new Utf8JsonWriter(terminal.Output))
        {
            writer.WriteStartObject();
            writer.WriteString("phase", "done");
            writer.WriteNumber("snapshotRows", result.SnapshotRows);
            writer.WriteNumber("changedRows", result.ChangedRows);
            writer.WriteNumber("transactions", result.Transactions);
            writer.WriteNumber("commits", result.Commits);
            writer.WriteString("position", result.Position);
            writer.WriteStartObject("stopped");
            foreach (var (table, reason) in result.StoppedTables)
            {
                writer.WriteString(table, reason);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        terminal.Output.WriteByte((byte)'\n');
        terminal.Output.Flush();
    }
}

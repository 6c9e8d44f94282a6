using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>Opens the table of a case with options of its own.</summary>
internal delegate Task<Table> OpenTable(IReadOnlyDictionary<string, string> options);

/// <summary>Performs reads and records their rows.</summary>
/// <param name="snapshots">Knows the times of snapshots.</param>
/// <param name="isChecksum">True to record checksums of rows.</param>
internal sealed partial class ReadRecorder(SnapshotRecorder snapshots, bool isChecksum)
{
    /// <summary>True when a read asks for the time of a snapshot.</summary>
    public static bool NeedsClock(JsonElement read) =>
        read.TryGetProperty("options", out var options) && TimePattern().IsMatch(options.GetRawText());

    /// <summary>All changes since the first snapshot.</summary>
    public async Task<JsonObject> ChangelogAsync(Table table, OpenTable open) => await CaseRun.PartAsync(async () =>
    {
        var options = new Dictionary<string, string> { ["scan.mode"] = "from-snapshot", ["scan.snapshot-id"] = "1" };
        return await StreamRecorder.RecordAsync(await open(options), new StreamRequest(null, null, null, false), isChecksum);
    });

    /// <summary>One read of a case.</summary>
    public async Task<JsonObject> ReadAsync(JsonElement read, OpenTable open)
    {
        try
        {
            var table = await open(OptionsOf(read));
            var system = read.TryGetProperty("system", out var named) ? named.GetString() : null;
            var projection = read.TryGetProperty("projection", out var columns)
                ? columns.EnumerateArray().Select(column => column.GetString()!).ToList() : null;
            JsonElement? filter = read.TryGetProperty("filter", out var condition) ? condition : null;
            if (read.TryGetProperty("mode", out var mode) && mode.GetString() == "stream")
            {
                var notify = read.TryGetProperty("notify", out var asked) && asked.GetBoolean();
                return await StreamRecorder.RecordAsync(table, new StreamRequest(system, projection, filter, notify), isChecksum);
            }

            return await BatchAsync(table, system, projection, filter);
        }
        catch (Exception error) when (CaseRun.IsRefusal(error) && !CaseRun.IsUnsupported(error))
        {
            return new JsonObject { ["expectError"] = CaseRun.Describe(error) };
        }
    }

    private async Task<JsonObject> BatchAsync(
        Table table, string? system, IReadOnlyList<string>? projection, JsonElement? filter)
    {
        var scan = system is null
            ? await ScanAsync(table.NewScan().WithKinds(), projection, filter)
            : SystemScan(table, system, projection, filter);
        var type = await scan.ResultTypeAsync();
        var rows = new RowRecorder(isChecksum);
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            rows.Add(batch);
        }

        var result = new JsonObject { ["columns"] = Columns(type.Fields.Select(field => field.Name)) };
        rows.WriteTo(result, showKinds: true);
        return result;
    }

    private static async Task<IRowScan> ScanAsync(TableScan scan, IReadOnlyList<string>? projection, JsonElement? filter)
    {
        if (filter is { } condition)
        {
            scan.Filter(FilterReader.Read(condition, await scan.ResultTypeAsync()));
        }

        return projection is null ? scan : scan.Project(projection);
    }

    private static SystemScan SystemScan(Table table, string name, IReadOnlyList<string>? projection, JsonElement? filter)
    {
        var system = table.OpenSystemTable(name);
        var scan = system.NewScan();
        if (filter is { } condition)
        {
            scan.Filter(FilterReader.Read(condition, system.RowType));
        }

        return projection is null ? scan : scan.Project(projection);
    }

    /// <summary>The names of columns.</summary>
    public static JsonArray Columns(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    private Dictionary<string, string> OptionsOf(JsonElement read)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (read.TryGetProperty("options", out var given))
        {
            foreach (var option in given.EnumerateObject())
            {
                options[option.Name] = TimePattern().Replace(option.Value.GetString()!, TimeOf);
            }
        }

        return options;
    }

    private string TimeOf(Match match)
    {
        var snapshot = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var shift = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return (snapshots.TimeMillis(snapshot) + shift).ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\$\{time:(\d+)([+-]\d+)?\}")]
    private static partial Regex TimePattern();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>A streaming read of a case.</summary>
/// <param name="System">The system table, null for the table itself.</param>
/// <param name="Projection">The columns, null for all.</param>
/// <param name="Filter">The condition, if any.</param>
/// <param name="Notify">True to report the progress to the consumer at the end.</param>
internal sealed record StreamRequest(
    string? System, IReadOnlyList<string>? Projection, JsonElement? Filter, bool Notify);

/// <summary>Records a stream, plan by plan, until the newest snapshot has been handed out.</summary>
internal static class StreamRecorder
{
    public static async Task<JsonObject> RecordAsync(Table table, StreamRequest request, bool isChecksum)
    {
        if (request.System is not null || request.Filter is not null)
        {
            throw CaseSession.Unsupported($"A stream of {request.System ?? "filtered rows"}");
        }

        var from = table.Options.GetInt64("scan.snapshot-id");
        if (from is null || table.Options.GetString("scan.mode", "default") != "from-snapshot" || request.Notify)
        {
            throw CaseSession.Unsupported("A stream that does not begin at a snapshot");
        }

        var stream = table.NewChangelogStream(
            new ChangelogStreamOptions { FromSnapshot = from, Bounded = true, Columns = request.Projection });
        var plans = new JsonArray();
        var result = new JsonObject
        {
            ["columns"] = ReadRecorder.Columns(request.Projection ?? [.. table.Schema.Fields.Select(field => field.Name)]),
        };
        var rows = new Dictionary<long, RowRecorder>();
        await foreach (var changes in stream.ReadAsync())
        {
            if (!rows.TryGetValue(changes.SnapshotId, out var recorder))
            {
                rows.Add(changes.SnapshotId, recorder = new RowRecorder(isChecksum, withKinds: true));
            }

            recorder.Add(changes.Rows);
        }

        foreach (var (snapshot, recorder) in rows)
        {
            var bucket = new JsonObject();
            recorder.WriteTo(bucket);
            plans.Add(new JsonObject
            {
                ["snapshot"] = snapshot,
                ["next"] = snapshot + 1,
                ["buckets"] = new JsonArray(bucket),
            });
        }

        result["next"] = await table.LatestSnapshotAsync() is null ? null : stream.NextSnapshot;
        result["plans"] = plans;
        return result;
    }
}

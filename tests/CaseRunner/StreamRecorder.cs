using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Vectors;
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
        if (request.System is not null)
        {
            throw CaseSession.Unsupported($"A stream of the system table {request.System}");
        }

        var stream = table.NewChangelogStream(new ChangelogStreamOptions
        {
            Bounded = true,
            Columns = request.Projection,
            Filter = request.Filter is { } filter ? FilterReader.Read(filter, table.Schema.RowType) : null,
        });
        var columns = request.Projection ?? [.. table.Schema.Fields.Select(field => field.Name)];
        var buckets = new List<(long Snapshot, string Partition, int Bucket, RowRecorder Rows, JsonArray Values)>();
        await foreach (var changes in stream.ReadAsync())
        {
            if (buckets.Count == 0 || (buckets[^1].Snapshot, buckets[^1].Partition, buckets[^1].Bucket)
                != (changes.SnapshotId, changes.Partition, changes.Bucket))
            {
                buckets.Add((
                    changes.SnapshotId,
                    changes.Partition,
                    changes.Bucket,
                    new RowRecorder(isChecksum, withKinds: true),
                    PartitionOf(table, columns, changes.Rows)));
            }

            buckets[^1].Rows.Add(changes.Rows);
        }

        if (request.Notify)
        {
            await stream.CommitProgressAsync();
        }

        return new JsonObject
        {
            ["columns"] = ReadRecorder.Columns(columns),
            ["next"] = await table.LatestSnapshotAsync() is null ? null : stream.NextSnapshot,
            ["plans"] = new JsonArray([.. buckets.GroupBy(bucket => bucket.Snapshot).Select(plan => new JsonObject
            {
                ["snapshot"] = plan.Key,
                ["next"] = plan.Key + 1,
                ["buckets"] = new JsonArray([.. plan.Select(bucket =>
                {
                    var described = new JsonObject { ["partition"] = bucket.Values, ["bucket"] = bucket.Bucket };
                    bucket.Rows.WriteTo(described);
                    return described;
                })]),
            })]),
        };
    }

    // The values stand in every row, where they are read.
    private static JsonArray PartitionOf(Table table, IReadOnlyList<string> columns, ColumnBatch rows)
    {
        var keys = table.Schema.PartitionKeys.Select(key => columns.ToList().IndexOf(key)).ToList();
        return keys.Contains(-1) ? [] : RowRecorder.Values([.. keys.Select(key => rows.Columns[key])]);
    }
}

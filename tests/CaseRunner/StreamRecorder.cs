using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Types;
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
        var options = new ChangelogStreamOptions
        {
            Bounded = true,
            Columns = request.Projection,
            Filter = request.Filter is { } filter ? FilterReader.Read(filter, table.Schema.RowType) : null,
        };
        if (request.System is not null)
        {
            var system = table.OpenSystemTable(request.System);
            var log = system.NewChangelogStream(options);
            return await RecordAsync(
                table, NamesOf(system.RowType), log.ReadAsync(), () => log.NextSnapshot, isChecksum);
        }

        var stream = table.NewChangelogStream(options);
        var result = await RecordAsync(
            table, request.Projection ?? NamesOf(table.Schema.RowType), stream.ReadAsync(), () => stream.NextSnapshot, isChecksum);
        if (request.Notify)
        {
            await stream.CommitProgressAsync();
        }

        return result;
    }

    private static async Task<JsonObject> RecordAsync(
        Table table, IReadOnlyList<string> columns, IAsyncEnumerable<ChangelogBatch> stream, Func<long> next, bool isChecksum)
    {
        var buckets = new List<(long Snapshot, string Partition, int Bucket, RowRecorder Rows, JsonArray Values)>();
        var overwrites = await OverwritesAsync(table);
        await foreach (var changes in stream)
        {
            // NULL, empty and blank values share the name of a folder, but not a bucket.
            var isOverwrite = overwrites.Contains(changes.SnapshotId);
            var values = isOverwrite ? [] : PartitionOf(table, columns, changes.Rows);
            var partition = isOverwrite ? "" : changes.Partition + values.ToJsonString();
            var number = isOverwrite ? 0 : changes.Bucket;
            if (buckets.Count == 0 || (buckets[^1].Snapshot, buckets[^1].Partition, buckets[^1].Bucket)
                != (changes.SnapshotId, partition, number))
            {
                var rows = new RowRecorder(isChecksum, withKinds: true);
                buckets.Add((changes.SnapshotId, partition, number, rows, values));
            }

            buckets[^1].Rows.Add(changes.Rows);
        }

        return new JsonObject
        {
            ["columns"] = ReadRecorder.Columns(columns),
            ["next"] = await table.LatestSnapshotAsync() is null ? null : next(),
            ["plans"] = new JsonArray([.. buckets.GroupBy(bucket => bucket.Snapshot).Select(plan => new JsonObject
            {
                ["snapshot"] = overwrites.Contains(plan.Key) ? null : plan.Key,
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

    // What an overwrite replaced was recorded as one bucket of no snapshot.
    private static async Task<HashSet<long>> OverwritesAsync(Table table) =>
        table.Schema.PrimaryKeys.Count > 0 && table.Options.GetBoolean("streaming-read-overwrite", false)
            ? [.. (await table.SnapshotsAsync()).Where(snapshot => snapshot.CommitKind == "OVERWRITE").Select(snapshot => snapshot.Id)]
            : [];

    private static string[] NamesOf(RowType type) => [.. type.Fields.Select(field => field.Name)];

    // The values stand in every row, where they are read.
    private static JsonArray PartitionOf(Table table, IReadOnlyList<string> columns, ColumnBatch rows)
    {
        var keys = table.Schema.PartitionKeys.Select(key => columns.ToList().IndexOf(key)).ToList();
        return keys.Contains(-1) ? [] : RowRecorder.Values([.. keys.Select(key => rows.Columns[key] is ListVector list ? list.Elements : rows.Columns[key])]);
    }
}

using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>statistics</c>: the statistics of the table's last ANALYZE, if the snapshot that is read has them.</summary>
internal sealed class StatisticsSource(Table table) : MetadataSource(
    table,
    ("snapshot_id", Number),
    ("schema_id", Number),
    ("mergedRecordCount", DataTypes.BigInt),
    ("mergedRecordSize", DataTypes.BigInt),
    ("colstat", DataTypes.String))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        if (await SystemState.SnapshotAsync(Table, cancellationToken).ConfigureAwait(false) is not { Statistics: { } name })
        {
            return;
        }

        var path = Store.Paths.Statistics(name);
        var bytes = await SmallFiles.ReadAsync(Store.Environment.FileIO, path, cancellationToken).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var statistics = json.RootElement;
            rows.Add(
                statistics.GetProperty("snapshotId").GetInt64(),
                statistics.GetProperty("schemaId").GetInt64(),
                Optional(statistics, "mergedRecordCount"),
                Optional(statistics, "mergedRecordSize"),
                ColumnsText(statistics));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorruptDataException($"The statistics are not as expected: {e.Message}", path, innerException: e);
        }
    }

    private static long? Optional(JsonElement statistics, string member) =>
        statistics.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static string? ColumnsText(JsonElement statistics) =>
        statistics.TryGetProperty("colStats", out var columns) ? columns.GetRawText() : null;
}

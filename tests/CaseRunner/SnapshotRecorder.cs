using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>Records snapshots as they appear: their file, their rows and their files.</summary>
internal sealed class SnapshotRecorder(CaseInput input)
{
    private static readonly string[] KnownUsers = [CaseSession.User, "compact-user", "other-user", "expire-user"];

    private readonly Dictionary<string, HashSet<string>> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _times = [];

    /// <summary>What was recorded.</summary>
    public JsonArray Recorded { get; } = [];

    /// <summary>The time of a snapshot of this run.</summary>
    public long TimeMillis(long snapshotId) => _times[snapshotId];

    /// <summary>Lets all snapshots be recorded again, as a fast-forward replaces them.</summary>
    public void Forget(string? branch) => _known.Remove(branch ?? "");

    /// <summary>Records the snapshots that were never there before.</summary>
    public async Task RecordNewAsync(Table table, string? branch)
    {
        if (!_known.TryGetValue(branch ?? "", out var known))
        {
            _known.Add(branch ?? "", known = new HashSet<string>(StringComparer.Ordinal));
        }

        foreach (var id in await table.Store.Snapshots.ListIdsAsync())
        {
            var snapshot = await table.Store.Snapshots.ReadAsync(id);
            var identity = $"{id} {snapshot.BaseManifestList} {snapshot.DeltaManifestList}";
            _times[id] = snapshot.TimeMillis;
            if (known.Add(identity))
            {
                Recorded.Add(await DescribeAsync(table, snapshot, branch));
            }
        }
    }

    private async Task<JsonObject> DescribeAsync(Table table, Snapshot snapshot, string? branch)
    {
        var user = snapshot.CommitUser;
        var result = new JsonObject { ["id"] = snapshot.Id };
        if (branch is not null)
        {
            result["branch"] = branch;
        }

        result["schemaId"] = snapshot.SchemaId;
        result["commitUser"] = KnownUsers.Contains(user) ? user : "other";
        result["commitIdentifier"] = snapshot.CommitIdentifier;
        result["commitKind"] = snapshot.CommitKind.ToString().ToUpperInvariant();
        result["totalRecordCount"] = snapshot.TotalRecordCount;
        result["deltaRecordCount"] = snapshot.DeltaRecordCount;
        result["changelogRecordCount"] = snapshot.ChangelogRecordCount;
        result["watermark"] = snapshot.Watermark;
        result["hasChangelogManifestList"] = snapshot.ChangelogManifestList is not null;
        result["hasIndexManifest"] = snapshot.IndexManifest is not null;
        result["hasStatistics"] = snapshot.Statistics is not null;
        result["properties"] = snapshot.Properties is null
            ? null
            : new JsonObject(snapshot.Properties.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
        await AddRowsAsync(result, table, snapshot);
        result["layout"] = await LayoutRecorder.RecordAsync(table, snapshot, input.RecordsStatistics);
        return result;
    }

    private async Task AddRowsAsync(JsonObject result, Table table, Snapshot snapshot)
    {
        try
        {
            var scan = table.NewScan().AsOfSnapshot(snapshot.Id);
            var type = await scan.ResultTypeAsync();
            result["columns"] = new JsonArray([.. type.Fields.Select(field => JsonValue.Create(field.Name))]);
            var rows = new RowRecorder(input.RecordsChecksums);
            await foreach (var batch in scan.ReadBatchesAsync())
            {
                rows.Add(batch);
            }

            rows.WriteTo(result);
        }
        catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
        {
            result[CaseRun.Unsupported] = error.Message;
        }
        catch (Exception error) when (CaseRun.IsRefusal(error))
        {
            result.Remove("columns");
            result["readError"] = CaseRun.Describe(error);
        }
    }
}

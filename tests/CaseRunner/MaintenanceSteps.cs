using System.Text.Json;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.CaseRunner;

/// <summary>Tags, branches, rollback, expiry and what else keeps house.</summary>
internal static class MaintenanceSteps
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(100);

    /// <summary>Performs a step.</summary>
    public static async Task RunAsync(CaseSession session, JsonElement step)
    {
        var table = session.Table;
        switch (StepRunner.Operation(step))
        {
            case "tag":
                await table.Tags.CreateAsync(Name(step), Number(step, "snapshot"));
                break;
            case "deleteTag":
                await table.Tags.DeleteAsync(Name(step));
                break;
            case "renameTag":
                await table.Tags.RenameAsync(Name(step), Name(step, "to"));
                break;
            case "replaceTag":
                await table.Tags.ReplaceAsync(Name(step), Number(step, "snapshot"));
                break;
            case "branch":
                await table.Branches.CreateAsync(Name(step), step.TryGetProperty("tag", out var tag) ? tag.GetString() : null);
                break;
            case "deleteBranch":
                await table.Branches.DeleteAsync(Name(step));
                break;
            case "fastForward":
                await session.CloseWriterAsync();
                await table.Branches.FastForwardAsync(Name(step));
                await session.ReopenAsync();
                break;
            case "useBranch":
                await session.ReopenAsync(Name(step));
                break;
            case "rollback":
                await RollBackAsync(session, step);
                break;
            case "consumer":
                await table.Consumers.SetAsync(Name(step, "id"), step.GetProperty("next").GetInt64());
                break;
            case "deleteConsumer":
                await table.Consumers.DeleteAsync(Name(step, "id"));
                break;
            case "expire":
                await table.Maintenance.ExpireSnapshotsAsync(SnapshotsKept(step));
                break;
            case "expireChangelogs":
                await table.Maintenance.ExpireChangelogsAsync(ChangelogsKept(step));
                break;
            case "orphanClean":
                await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
                break;
            case "compactManifests":
                await table.Maintenance.CompactManifestsAsync("compact-user");
                break;
            case "statistics":
                await table.Maintenance.CommitStatisticsAsync(
                    step.GetProperty("mergedRecordCount").GetInt64(),
                    step.GetProperty("mergedRecordSize").GetInt64(),
                    CaseSession.User);
                break;
            case var operation:
                throw CaseSession.Unsupported($"The step {operation}");
        }
    }

    private static async Task RollBackAsync(CaseSession session, JsonElement step)
    {
        await session.CloseWriterAsync();
        if (Number(step, "snapshot") is { } snapshot)
        {
            await session.Table.Maintenance.RollBackToSnapshotAsync(snapshot);
        }
        else
        {
            await session.Table.Maintenance.RollBackToTagAsync(Name(step, "tag"));
        }

        await session.ReopenAsync();
    }

    private static SnapshotRetention SnapshotsKept(JsonElement step) => new()
    {
        MinSnapshots = (int)(Number(step, "retainMin") ?? 1),
        MaxSnapshots = (int)(Number(step, "retainMax") ?? int.MaxValue),
        TimeRetained = TimeSpan.Zero,
        MaxDeletes = (int)(Number(step, "maxDeletes") ?? int.MaxValue),
        ChangelogTimeRetained = step.TryGetProperty("decoupled", out var decoupled) && decoupled.GetBoolean() ? Long : null,
        MaxChangelogs = (int?)Number(step, "changelogRetainMax"),
    };

    private static SnapshotRetention ChangelogsKept(JsonElement step) => new()
    {
        MinSnapshots = 1,
        TimeRetained = TimeSpan.Zero,
        MinChangelogs = (int)(Number(step, "retainMin") ?? 1),
        MaxChangelogs = (int)(Number(step, "retainMax") ?? int.MaxValue),
        ChangelogTimeRetained = TimeSpan.Zero,
    };

    private static string Name(JsonElement step, string member = "name") => step.GetProperty(member).GetString()!;

    private static long? Number(JsonElement step, string member) =>
        step.TryGetProperty(member, out var value) ? value.GetInt64() : null;
}

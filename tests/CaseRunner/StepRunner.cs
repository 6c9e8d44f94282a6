using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>Performs the steps of a case with the engine's public API.</summary>
internal sealed class StepRunner(CaseInput input, CaseSession session)
{
    private static readonly string[] StateSteps =
    [
        "tag", "deleteTag", "renameTag", "replaceTag", "branch", "deleteBranch", "fastForward", "rollback", "expire",
        "expireChangelogs", "expirePartitions", "consumer", "deleteConsumer", "retryCommit", "orphanClean", "state",
    ];

    /// <summary>The step's operation.</summary>
    public static string Operation(JsonElement step) => step.GetProperty("op").GetString()!;

    /// <summary>True for a step after which the state is recorded.</summary>
    public static bool ShowsState(JsonElement step) => StateSteps.Contains(Operation(step));

    /// <summary>Performs a step.</summary>
    /// <returns>What else is to be recorded with the state.</returns>
    public async Task<JsonObject> RunAsync(JsonElement step)
    {
        switch (Operation(step))
        {
            case "write":
                await session.OpenWriter().WriteAsync(
                    RowGenerator.Read(step.GetProperty("rows"), session.OpenWriter().Schema.RowType));
                break;
            case "writeGenerated":
                await session.OpenWriter().WriteAsync(RowGenerator.Generate(step, session.OpenWriter().Schema.RowType));
                break;
            case "commit":
                await session.CommitAsync(Number(step, "identifier"), Number(step, "watermark"));
                break;
            case "compact":
                await session.OpenWriter().CompactBucketAsync(
                    Partition(step), step.GetProperty("bucket").GetInt32(), step.GetProperty("full").GetBoolean());
                break;
            case "compactAll":
                await CompactAllAsync(!step.TryGetProperty("full", out var full) || full.GetBoolean());
                break;
            case "conflictingCompact":
                await CompactTwiceAsync(step);
                break;
            case "reopen":
                await session.ReopenAsync();
                break;
            case "alter":
                await session.Catalog.AlterTableAsync(CaseSession.TableName, SchemaChangeReader.Read(step.GetProperty("changes")));
                break;
            case "otherWrite":
                await OtherWriteAsync(step);
                break;
            case "state":
                break;
            default:
                throw CaseSession.Unsupported($"The step {Operation(step)}");
        }

        return [];
    }

    private static long? Number(JsonElement step, string member) =>
        step.TryGetProperty(member, out var value) ? value.GetInt64() : null;

    private static object?[] Partition(JsonElement step) =>
        step.TryGetProperty("partition", out var values) ? [.. values.EnumerateArray().Select(FilterReader.Literal)] : [];

    private async Task<TableWriter> NewCompactorAsync(string user)
    {
        var table = await session.OpenAsync(new Dictionary<string, string> { ["write-only"] = "false" });
        return table.NewWriter(user);
    }

    private async Task CompactAllAsync(bool isFull)
    {
        session.LastIdentifier++;
        await using var writer = await NewCompactorAsync("compact-user");
        await writer.CompactAsync(isFull);
        await writer.CommitAsync(new CommitOptions { Identifier = session.LastIdentifier });
    }

    private async Task CompactTwiceAsync(JsonElement step)
    {
        await using var first = await NewCompactorAsync("compact-user");
        await using var second = await NewCompactorAsync("other-user");
        var bucket = (int)(Number(step, "bucket") ?? 0);
        await first.CompactBucketAsync(Partition(step), bucket, isFull: true);
        await second.CompactBucketAsync(Partition(step), bucket, isFull: true);
        await first.CommitAsync(new CommitOptions { Identifier = 1 });
        await second.CommitAsync(new CommitOptions { Identifier = 1 });
    }

    private async Task OtherWriteAsync(JsonElement step)
    {
        var table = await session.OpenAsync();
        await using var writer = table.NewWriter("other-user");
        await writer.WriteAsync(RowGenerator.Read(step.GetProperty("rows"), writer.Schema.RowType));
        await writer.CommitAsync(new CommitOptions
        {
            Identifier = Number(step, "identifier") ?? 1,
            AllowEmpty = !input.IgnoresEmptyCommits,
        });
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;
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
                try
                {
                    await session.OpenWriter().CompactBucketAsync(
                        Partition(step), step.GetProperty("bucket").GetInt32(), step.GetProperty("full").GetBoolean());
                }
                catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
                {
                    // There a compaction runs beside, and what it says is heard by the commit.
                    session.CompactionFailure = e;
                }

                break;
            case "overwrite":
                await OverwriteAsync(step);
                break;
            case "truncate":
                await TruncateAsync(step);
                break;
            case "retryCommit":
                return new JsonObject { ["committed"] = await RetryAsync() };
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
                await (await session.OpenAsync()).AlterAsync(SchemaChangeReader.Read(step.GetProperty("changes")));
                break;
            case "otherWrite":
                await OtherWriteAsync(step);
                break;
            case "expirePartitions":
                return new JsonObject { ["expiredPartitions"] = await ExpirePartitionsAsync() };
            case "state":
                break;
            default:
                await MaintenanceSteps.RunAsync(session, step);
                break;
        }

        return [];
    }

    private static long? Number(JsonElement step, string member) =>
        step.TryGetProperty(member, out var value) ? value.GetInt64() : null;

    private static Dictionary<string, string> Texts(JsonElement step, string member) =>
        step.TryGetProperty(member, out var values)
            ? values.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!)
            : [];

    // A partition is given by its values in order; NULL is named as directories name it.
    private Dictionary<string, string> Partition(JsonElement step)
    {
        var keys = session.Table.Schema.PartitionKeys;
        var values = step.TryGetProperty("partition", out var given) ? given.EnumerateArray().ToList() : [];
        return values.Select((value, i) => (Key: keys[i], Value: value)).ToDictionary(
            part => part.Key,
            part => part.Value.ValueKind switch
            {
                JsonValueKind.Null => session.Table.Options.GetString("partition.default-name", "__DEFAULT_PARTITION__"),
                JsonValueKind.String => part.Value.GetString()!,
                _ => part.Value.GetRawText(),
            });
    }

    private async Task<JsonArray> ExpirePartitionsAsync()
    {
        var expired = await session.Table.Maintenance.ExpirePartitionsAsync(commitUser: "expire-user");
        await session.ReopenAsync();
        return
        [
            .. expired.Select(partition => new JsonObject(
                partition.Select(value => new KeyValuePair<string, JsonNode?>(value.Key, value.Value)))),
        ];
    }

    private async Task OverwriteAsync(JsonElement step)
    {
        await session.CloseWriterAsync();
        var table = await session.OpenAsync(Texts(step, "options"));
        await using (var writer = table.NewOverwriter(Texts(step, "partition")))
        {
            await writer.WriteAsync(RowGenerator.Read(step.GetProperty("rows"), writer.Schema.RowType));
            await writer.CommitAsync();
        }

        await session.ReopenAsync();
    }

    private async Task TruncateAsync(JsonElement step)
    {
        await session.ReopenAsync();
        if (step.TryGetProperty("partitions", out var partitions))
        {
            await session.Table.DropPartitionsAsync([.. partitions.EnumerateArray().Select(partition =>
                partition.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!))]);
        }
        else
        {
            await session.Table.TruncateAsync();
        }

        await session.ReopenAsync();
    }

    private async Task<int> RetryAsync()
    {
        await session.ReopenAsync();
        var (prepared, options) = session.LastCommit!.Value;
        return await session.Table.RecoverAsync(
            CaseSession.User, [new RecoveredCommit(options.Identifier!.Value, prepared) { Options = options }]);
    }

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
        await first.CommitAsync(new CommitOptions { Identifier = 1, RequireCompaction = true });
        await second.CommitAsync(new CommitOptions { Identifier = 1, RequireCompaction = true });
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
            WaitForCompaction = true,
        });
    }
}

using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>Reads the table that was kept of a case: every snapshot that is left, the changelog and the reads at the end.</summary>
internal static class RecordedRead
{
    /// <summary>What is said of a case that has no table to be read.</summary>
    public const string NoTable = "no table was kept";

    public static async Task<JsonObject> RunAsync(CaseInput input)
    {
        if (input.RecordedTable() is not { } path)
        {
            return new JsonObject { [CaseRun.Unsupported] = NoTable };
        }

        var snapshots = new SnapshotRecorder(input);
        try
        {
            await RecordAllAsync(path, snapshots);
            var document = new JsonObject
            {
                ["schemas"] = await SchemaRecorder.RecordAsync(await Table.OpenAsync(path)),
                ["snapshots"] = snapshots.Recorded,
            };
            var recorder = new ReadRecorder(snapshots, input.RecordsChecksums);
            if (input.RecordsChangelog)
            {
                document["changelog"] = await recorder.ChangelogAsync(
                    await Table.OpenAsync(path), async options => await Table.OpenAsync(path, options));
            }

            document["reads"] = await ReadsAsync(input, path, recorder);
            return document;
        }
        catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
        {
            return new JsonObject { [CaseRun.Unsupported] = error.Message, ["snapshots"] = snapshots.Recorded };
        }
    }

    private static async Task RecordAllAsync(string path, SnapshotRecorder snapshots)
    {
        await snapshots.RecordNewAsync(await Table.OpenAsync(path), null);
        var branches = Path.Combine(path, "branch");
        foreach (var folder in Directory.Exists(branches) ? Directory.GetDirectories(branches, "branch-*") : [])
        {
            var branch = Path.GetFileName(folder)["branch-".Length..];
            await snapshots.RecordNewAsync(await OpenAsync(path, new Dictionary<string, string>(), branch), branch);
        }
    }

    private static async Task<JsonObject> ReadsAsync(CaseInput input, string path, ReadRecorder recorder)
    {
        var results = new JsonObject();
        foreach (var read in input.Reads.Where(read => !read.TryGetProperty("notify", out _)))
        {
            var branch = read.TryGetProperty("branch", out var named) ? named.GetString() : null;
            results[read.GetProperty("name").GetString()!] = await CaseRun.PartAsync(
                () => recorder.ReadAsync(read, options => OpenAsync(path, options, branch)));
        }

        return results;
    }

    private static async Task<Table> OpenAsync(string path, IReadOnlyDictionary<string, string> options, string? branch)
    {
        var all = new Dictionary<string, string>(options, StringComparer.Ordinal);
        if (branch is not null and not "main")
        {
            all["branch"] = branch;
        }

        return await Table.OpenAsync(path, all);
    }
}

using System.Text.Json.Nodes;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.CaseRunner;

/// <summary>Records what there is in a table's directory: snapshots, tags, branches, consumers, files of buckets.</summary>
internal static class StateRecorder
{
    public static async Task<JsonObject> RecordAsync(CaseSession session)
    {
        var store = session.Table.Store;
        var fileIO = session.Environment.FileIO;
        var paths = store.Paths;
        var tags = new JsonObject();
        foreach (var name in await NamesAsync(fileIO, paths.TagDirectory, TablePaths.TagPrefix))
        {
            var snapshot = SnapshotJson.Read(await SmallFiles.ReadAsync(fileIO, paths.Tag(name), default), paths.Tag(name));
            tags[name] = snapshot.Id;
        }

        var consumers = new JsonObject();
        foreach (var (id, next) in await store.Consumers.ListAsync())
        {
            consumers[id] = next;
        }

        var files = await FilesAsync(fileIO, paths.Root, isBucket: false);
        return new JsonObject
        {
            ["snapshots"] = Array((await store.Snapshots.ListIdsAsync()).Select(id => JsonValue.Create(id))),
            ["longLivedChangelogs"] = Array(
                (await NamesAsync(fileIO, paths.ChangelogDirectory, TablePaths.ChangelogPrefix)).Select(long.Parse)
                .Order().Select(id => JsonValue.Create(id))),
            ["tags"] = tags,
            ["branches"] = Array(
                (await NamesAsync(fileIO, $"{paths.Root}/branch", "branch-")).Select(name => JsonValue.Create(name))),
            ["consumers"] = consumers,
            ["dataFilesOnDisk"] = files.Count(name => name.StartsWith("data-", StringComparison.Ordinal)),
            ["changelogFilesOnDisk"] = files.Count(name => name.StartsWith("changelog-", StringComparison.Ordinal)),
        };
    }

    private static JsonArray Array(IEnumerable<JsonNode> values) => [.. values];

    private static async Task<IReadOnlyList<string>> NamesAsync(IFileIO fileIO, string directory, string prefix) =>
    [
        .. (await fileIO.ListAsync(directory)).Select(entry => entry.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    private static async Task<IReadOnlyList<string>> FilesAsync(IFileIO fileIO, string directory, bool isBucket)
    {
        var files = new List<string>();
        foreach (var entry in await fileIO.ListAsync(directory))
        {
            if (entry.IsDirectory)
            {
                var isNextBucket = entry.Name.StartsWith("bucket-", StringComparison.Ordinal);
                files.AddRange(await FilesAsync(fileIO, $"{directory}/{entry.Name}", isNextBucket));
            }
            else if (isBucket)
            {
                files.Add(entry.Name);
            }
        }

        return files;
    }
}

using System.Text.Json;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// The sizes of the files that were recorded. Immutable. A file of ours is known again by its bucket, keys, sequence numbers and
/// rows; one that was there between two snapshots only was not recorded.
/// </summary>
internal sealed class RecordedSizes
{
    private static readonly string[] Members =
        ["partition", "bucket", "rowCount", "deleteRowCount", "minKey", "maxKey", "minSeq", "maxSeq"];

    private readonly Dictionary<string, HashSet<long>> _sizes = new(StringComparer.Ordinal);

    /// <summary>Reads the layouts of a recording.</summary>
    /// <param name="input">The case.</param>
    public RecordedSizes(CaseInput input)
    {
        if (!input.Expected.TryGetProperty("snapshots", out var snapshots))
        {
            return;
        }

        foreach (var file in snapshots.EnumerateArray()
            .SelectMany(snapshot => snapshot.TryGetProperty("layout", out var layout) ? layout.EnumerateArray().ToArray() : [])
            .Where(file => file.TryGetProperty("size", out _)))
        {
            Add(Identity(file, withLevel: true), file);
            Add(Identity(file, withLevel: false), file);
        }
    }

    /// <summary>The size that a file had there; null where none like it was recorded, or several of unequal sizes were.</summary>
    /// <param name="schema">The schema that the file was written with.</param>
    /// <param name="bucket">The file's bucket.</param>
    /// <param name="file">The file.</param>
    public long? Of(TableSchema schema, BucketId bucket, DataFileMeta file)
    {
        var entry = new ManifestEntry(FileKind.Add, bucket.Partition, bucket.Bucket, 1, file);
        using var described = JsonDocument.Parse(LayoutRecorder.Describe(schema, entry).ToJsonString(CaseInput.Written));
        return One(Identity(described.RootElement, withLevel: true)) ?? One(Identity(described.RootElement, withLevel: false));
    }

    private long? One(string identity) => _sizes.GetValueOrDefault(identity) is { Count: 1 } sizes ? sizes.Single() : null;

    private void Add(string identity, JsonElement file)
    {
        if (!_sizes.TryGetValue(identity, out var sizes))
        {
            _sizes.Add(identity, sizes = []);
        }

        sizes.Add(file.GetProperty("size").GetInt64());
    }

    // A file that changes its level keeps its size, so that the level only says which of two rewrites is meant.
    private static string Identity(JsonElement file, bool withLevel) => string.Join(
        ' ',
        Members.Select(member => CanonicalText.Of(file.GetProperty(member))).Append(withLevel ? file.GetProperty("level").GetRawText() : ""));
}

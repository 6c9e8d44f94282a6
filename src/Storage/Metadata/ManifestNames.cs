using PaimonSharp.Data;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The names of the metadata files that one committer makes. Safe for several threads.</summary>
internal sealed class ManifestNames(IdSource ids)
{
    private readonly string _uuid = ids.NextUuid();
    private int _manifests = -1;
    private int _lists = -1;
    private int _indexManifests = -1;
    private int _statistics = -1;

    /// <summary>The next manifest.</summary>
    public string NextManifest() => $"manifest-{_uuid}-{Interlocked.Increment(ref _manifests)}";

    /// <summary>The next manifest list.</summary>
    public string NextList() => $"manifest-list-{_uuid}-{Interlocked.Increment(ref _lists)}";

    /// <summary>The next index manifest.</summary>
    public string NextIndexManifest() => $"index-manifest-{_uuid}-{Interlocked.Increment(ref _indexManifests)}";

    /// <summary>The next file of table statistics.</summary>
    public string NextStatistics() => $"stat-{_uuid}-{Interlocked.Increment(ref _statistics)}";
}

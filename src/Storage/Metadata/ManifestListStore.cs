namespace PaimonSharp.Storage.Metadata;

/// <summary>The manifest lists of a table. Safe for several threads.</summary>
/// <param name="paths">Where the table is.</param>
/// <param name="files">Reads and writes metadata files.</param>
internal sealed class ManifestListStore(TablePaths paths, MetadataFile files)
{
    /// <summary>Reads the manifests of a list.</summary>
    public ValueTask<List<ManifestFileMeta>> ReadAsync(string name, CancellationToken cancellationToken) =>
        files.ReadAsync(paths.Manifest(name), ManifestFileMetaCodec.Instance, accept: null, cancellationToken);

    /// <summary>Reads all data manifests of a snapshot: those before it, then its own.</summary>
    public async ValueTask<List<ManifestFileMeta>> ReadAllAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var manifests = await ReadAsync(snapshot.BaseManifestList, cancellationToken).ConfigureAwait(false);
        manifests.AddRange(await ReadAsync(snapshot.DeltaManifestList, cancellationToken).ConfigureAwait(false));
        return manifests;
    }

    /// <summary>Writes a list, which may be empty.</summary>
    /// <returns>The list's name and size.</returns>
    public async ValueTask<(string Name, long SizeBytes)> WriteAsync(
        IReadOnlyList<ManifestFileMeta> manifests, ManifestNames names, CancellationToken cancellationToken)
    {
        var name = names.NextList();
        var size = await files.WriteAsync(
            paths.Manifest(name), ManifestFileMetaCodec.Instance, manifests, cancellationToken).ConfigureAwait(false);
        return (name, size);
    }
}

using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Finds the files of a snapshot through its manifests. Safe for several threads.</summary>
/// <param name="lists">The table's manifest lists.</param>
/// <param name="manifests">The table's manifests.</param>
internal sealed class FileStoreScan(ManifestListStore lists, ManifestFileStore manifests)
{
    /// <summary>The files that are live in a snapshot.</summary>
    /// <exception cref="CorruptDataException">The manifests remove a file that they never added.</exception>
    public async ValueTask<List<ManifestEntry>> LiveAsync(
        Snapshot snapshot, ScanFilter filter, CancellationToken cancellationToken = default)
    {
        var all = await lists.ReadAllAsync(snapshot, cancellationToken).ConfigureAwait(false);
        var merged = await MergeAsync(all, filter, cancellationToken).ConfigureAwait(false);
        var live = new List<ManifestEntry>();
        foreach (var entry in merged.Entries)
        {
            if (entry.Kind == FileKind.Delete)
            {
                throw new CorruptDataException(
                    $"Snapshot {snapshot.Id} removes the file {entry.Identity}, which none of its manifests adds.");
            }

            if (filter.File is null || filter.File(entry))
            {
                live.Add(entry);
            }
        }

        return live;
    }

    /// <summary>What a snapshot itself added and removed, in order.</summary>
    public async ValueTask<List<ManifestEntry>> DeltaAsync(
        Snapshot snapshot, ScanFilter filter, CancellationToken cancellationToken = default)
    {
        var delta = await lists.ReadAsync(snapshot.DeltaManifestList, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(delta, filter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The changelog files of a snapshot; none when it has none.</summary>
    public async ValueTask<List<ManifestEntry>> ChangelogAsync(
        Snapshot snapshot, ScanFilter filter, CancellationToken cancellationToken = default)
    {
        if (snapshot.ChangelogManifestList is null)
        {
            return [];
        }

        var changelog = await lists.ReadAsync(snapshot.ChangelogManifestList, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(changelog, filter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads manifests and cancels their entries against each other.</summary>
    public async ValueTask<MergedEntries> MergeAsync(
        IReadOnlyList<ManifestFileMeta> metas, ScanFilter filter, CancellationToken cancellationToken)
    {
        var merged = new MergedEntries();
        foreach (var meta in metas)
        {
            if (filter.MayContain(meta))
            {
                foreach (var entry in await manifests.ReadAsync(meta.FileName, filter.AcceptsIdentity, cancellationToken)
                    .ConfigureAwait(false))
                {
                    merged.Add(entry);
                }
            }
        }

        return merged;
    }

    private async ValueTask<List<ManifestEntry>> ReadAsync(
        IReadOnlyList<ManifestFileMeta> metas, ScanFilter filter, CancellationToken cancellationToken)
    {
        var entries = new List<ManifestEntry>();
        foreach (var meta in metas)
        {
            if (filter.MayContain(meta))
            {
                entries.AddRange(await manifests.ReadAsync(
                    meta.FileName,
                    entry => filter.AcceptsIdentity(entry) && (filter.File is null || filter.File(entry)),
                    cancellationToken).ConfigureAwait(false));
            }
        }

        return entries;
    }
}

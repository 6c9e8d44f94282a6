namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Keeps the list of manifests short (docs/format.md#manifest-merging). A minor merge joins neighbours until they reach the
/// target size; a full one, once enough bytes are in small or deleting manifests, leaves no DELETE behind. Order is kept, so
/// that reading the result gives the same files. Safe for several threads.
/// </summary>
internal sealed class ManifestMerger(ManifestFileStore manifests, FileStoreScan scan, FileStoreOptions options)
{
    /// <summary>Merges manifests where it pays.</summary>
    /// <param name="input">The manifests before the new snapshot, in order.</param>
    /// <param name="names">Names for new manifests.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Equivalent manifests; those of the input that nothing was done to are returned as they are.</returns>
    public async ValueTask<IReadOnlyList<ManifestFileMeta>> MergeAsync(
        IReadOnlyList<ManifestFileMeta> input, ManifestNames names, CancellationToken cancellationToken)
    {
        var changing = input.Where(MustChange).Sum(meta => meta.FileSizeBytes);
        if (changing >= options.ManifestFullCompactionSizeBytes)
        {
            var full = await FullAsync(input, names, cancellationToken).ConfigureAwait(false);
            if (full is not null)
            {
                return full;
            }
        }

        return await MinorAsync(input, names, cancellationToken).ConfigureAwait(false);
    }

    private bool MustChange(ManifestFileMeta meta) =>
        meta.DeletedFileCount > 0 || meta.FileSizeBytes < options.ManifestTargetSizeBytes;

    private async ValueTask<IReadOnlyList<ManifestFileMeta>?> FullAsync(
        IReadOnlyList<ManifestFileMeta> input, ManifestNames names, CancellationToken cancellationToken)
    {
        var changing = input.Where(MustChange).ToList();
        var merged = await scan.MergeAsync(changing, ScanFilter.All, cancellationToken).ConfigureAwait(false);
        var deletes = merged.UnmatchedDeletes.Select(entry => entry.Identity).ToHashSet();
        var kept = new List<ManifestFileMeta>();
        var rewritten = new List<ManifestEntry>();
        var touched = changing.Count;
        foreach (var meta in input)
        {
            if (MustChange(meta))
            {
                continue;
            }

            var entries = deletes.Count == 0
                ? null
                : await manifests.ReadAsync(meta.FileName, accept: null, cancellationToken).ConfigureAwait(false);
            if (entries is null || !entries.Exists(entry => deletes.Contains(entry.Identity)))
            {
                kept.Add(meta);
                continue;
            }

            touched++;
            rewritten.AddRange(entries.Where(entry => !deletes.Contains(entry.Identity)));
        }

        if (touched <= 1)
        {
            return null;
        }

        rewritten.AddRange(merged.Added);
        kept.AddRange(await manifests.WriteAsync(rewritten, names, cancellationToken).ConfigureAwait(false));
        return kept;
    }

    private async ValueTask<IReadOnlyList<ManifestFileMeta>> MinorAsync(
        IReadOnlyList<ManifestFileMeta> input, ManifestNames names, CancellationToken cancellationToken)
    {
        var result = new List<ManifestFileMeta>();
        var candidates = new List<ManifestFileMeta>();
        long size = 0;
        foreach (var meta in input)
        {
            size += meta.FileSizeBytes;
            candidates.Add(meta);
            if (size >= options.ManifestTargetSizeBytes)
            {
                await JoinAsync(candidates, result, names, cancellationToken).ConfigureAwait(false);
                candidates.Clear();
                size = 0;
            }
        }

        if (candidates.Count >= options.ManifestMergeMinCount)
        {
            await JoinAsync(candidates, result, names, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            result.AddRange(candidates);
        }

        return result;
    }

    private async ValueTask JoinAsync(
        List<ManifestFileMeta> candidates, List<ManifestFileMeta> result, ManifestNames names, CancellationToken cancellationToken)
    {
        if (candidates.Count == 1)
        {
            result.Add(candidates[0]);
            return;
        }

        var merged = await scan.MergeAsync(candidates, ScanFilter.All, cancellationToken).ConfigureAwait(false);
        result.AddRange(await manifests.WriteAsync([.. merged.Entries], names, cancellationToken).ConfigureAwait(false));
    }
}

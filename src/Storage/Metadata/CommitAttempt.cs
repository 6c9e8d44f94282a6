namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The metadata files of one snapshot to be. Those of its own changes are written once; those of everything before it are
/// written again for every attempt. For one thread.
/// </summary>
internal sealed class CommitAttempt(
    FileStore store, ManifestNames names, ManifestMerger merger, string commitUser, Committable committable, Changes changes)
{
    private readonly List<string> _ownFiles = [];
    private readonly List<string> _baseFiles = [];
    private (string Name, long SizeBytes)? _delta;
    private (string Name, long SizeBytes)? _changelog;

    /// <summary>Writes what a snapshot on top of the newest one refers to.</summary>
    /// <param name="latest">The newest snapshot; null for the first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshot, not yet published.</returns>
    public async ValueTask<Snapshot> PrepareAsync(Snapshot? latest, CancellationToken cancellationToken)
    {
        _baseFiles.Clear();
        var (baseName, baseSize) = await WriteBaseAsync(latest, cancellationToken).ConfigureAwait(false);
        _delta ??= await WriteOwnAsync(changes.Delta, cancellationToken).ConfigureAwait(false);
        if (changes.Changelog.Count > 0)
        {
            _changelog ??= await WriteOwnAsync(changes.Changelog, cancellationToken).ConfigureAwait(false);
        }

        var schema = await store.Schemas.LatestAsync(cancellationToken).ConfigureAwait(false) ?? store.Schema;
        return new Snapshot
        {
            Id = (latest?.Id + 1) ?? Snapshot.FirstId,
            SchemaId = schema.Id,
            BaseManifestList = baseName,
            BaseManifestListSize = baseSize,
            DeltaManifestList = _delta.Value.Name,
            DeltaManifestListSize = _delta.Value.SizeBytes,
            ChangelogManifestList = _changelog?.Name,
            ChangelogManifestListSize = _changelog?.SizeBytes,
            IndexManifest = latest?.IndexManifest,
            CommitUser = commitUser,
            CommitIdentifier = committable.Identifier,
            CommitKind = changes.Kind,
            TimeMillis = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            TotalRecordCount = (latest?.TotalRecordCount ?? 0) + changes.DeltaRowCount,
            DeltaRecordCount = changes.DeltaRowCount,
            ChangelogRecordCount = changes.ChangelogRowCount,
            Watermark = MaxWatermark(latest?.Watermark, committable.Watermark),
            Statistics = latest?.SchemaId == schema.Id ? latest.Statistics : null,
            Properties = committable.Properties is { Count: > 0 } ? committable.Properties : null,
            NextRowId = latest?.NextRowId ?? 0,
        };
    }

    /// <summary>Removes the files that only the failed attempt refers to.</summary>
    public ValueTask DiscardBaseAsync(CancellationToken cancellationToken) => DeleteAsync(_baseFiles, cancellationToken);

    /// <summary>Removes all files written: the snapshot will never be.</summary>
    public async ValueTask DiscardAllAsync(CancellationToken cancellationToken)
    {
        await DeleteAsync(_baseFiles, cancellationToken).ConfigureAwait(false);
        await DeleteAsync(_ownFiles, cancellationToken).ConfigureAwait(false);
        (_delta, _changelog) = (null, null);
    }

    private async ValueTask<(string Name, long SizeBytes)> WriteBaseAsync(
        Snapshot? latest, CancellationToken cancellationToken)
    {
        IReadOnlyList<ManifestFileMeta> merged = [];
        if (latest is not null)
        {
            var before = await store.ManifestLists.ReadAllAsync(latest, cancellationToken).ConfigureAwait(false);
            merged = await merger.MergeAsync(before, names, cancellationToken).ConfigureAwait(false);
            var known = before.Select(meta => meta.FileName).ToHashSet(StringComparer.Ordinal);
            _baseFiles.AddRange(merged.Select(meta => meta.FileName).Where(name => !known.Contains(name)));
        }

        var list = await store.ManifestLists.WriteAsync(merged, names, cancellationToken).ConfigureAwait(false);
        _baseFiles.Add(list.Name);
        return list;
    }

    private async ValueTask<(string Name, long SizeBytes)> WriteOwnAsync(
        IReadOnlyList<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        var metas = await store.Manifests.WriteAsync(entries, names, cancellationToken).ConfigureAwait(false);
        _ownFiles.AddRange(metas.Select(meta => meta.FileName));
        var list = await store.ManifestLists.WriteAsync(metas, names, cancellationToken).ConfigureAwait(false);
        _ownFiles.Add(list.Name);
        return list;
    }

    private static long? MaxWatermark(long? left, long? right) =>
        left is null ? right : right is null ? left : Math.Max(left.Value, right.Value);

    private async ValueTask DeleteAsync(List<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await store.Environment.FileIO.DeleteAsync(store.Paths.Manifest(name), cancellationToken).ConfigureAwait(false);
        }

        names.Clear();
    }
}

using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The metadata files of one snapshot to be. Those of its own changes are written once; those of everything before it are
/// written again for every attempt. For one thread.
/// </summary>
internal sealed class CommitAttempt(
    FileStore store, ManifestNames names, ManifestMerger merger, string commitUser, SnapshotDraft draft)
{
    private readonly List<string> _ownFiles = [];
    private readonly List<string> _baseFiles = [];
    private (string Name, long SizeBytes)? _delta;
    private (string Name, long SizeBytes)? _changelog;
    private Changes? _changes;

    /// <summary>Writes what a snapshot on top of the newest one refers to.</summary>
    /// <param name="latest">The newest snapshot; null for the first.</param>
    /// <param name="changes">The snapshot's own changes; other ones than before only where they depend on the table.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshot, not yet published.</returns>
    public async ValueTask<Snapshot> PrepareAsync(
        Snapshot? latest, Changes changes, CancellationToken cancellationToken)
    {
        _baseFiles.Clear();
        await UseAsync(changes).ConfigureAwait(false);
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
            IndexManifest = await WriteIndexAsync(latest, changes, cancellationToken).ConfigureAwait(false),
            CommitUser = commitUser,
            CommitIdentifier = draft.Committable.Identifier,
            CommitKind = changes.Kind,
            TimeMillis = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            TotalRecordCount = (latest?.TotalRecordCount ?? 0) + changes.DeltaRowCount,
            DeltaRecordCount = changes.DeltaRowCount,
            ChangelogRecordCount = changes.ChangelogRowCount,
            Watermark = MaxWatermark(latest?.Watermark, draft.Committable.Watermark),
            Statistics = draft.Statistics ?? (latest?.SchemaId == schema.Id ? latest.Statistics : null),
            Properties = draft.Committable.Properties is { Count: > 0 } properties ? properties : null,
            NextRowId = latest?.NextRowId ?? 0,
        };
    }

    /// <summary>Removes the files that only the failed attempt refers to.</summary>
    public ValueTask DiscardBaseAsync() => DeleteAsync(_baseFiles);

    /// <summary>The snapshot may have been published: the files written until now stay, whatever comes of later attempts.</summary>
    public void Keep()
    {
        _baseFiles.Clear();
        _ownFiles.Clear();
    }

    /// <summary>Removes all files written: the snapshot will never be.</summary>
    public async ValueTask DiscardAllAsync()
    {
        await DeleteAsync(_baseFiles).ConfigureAwait(false);
        await DeleteAsync(_ownFiles).ConfigureAwait(false);
        (_delta, _changelog) = (null, null);
    }

    private async ValueTask UseAsync(Changes changes)
    {
        if (_changes is not null && !ReferenceEquals(_changes, changes))
        {
            (_delta, _changelog) = (null, null);
            await DeleteAsync(_ownFiles).ConfigureAwait(false);
        }

        _changes = changes;
    }

    private async ValueTask<string?> WriteIndexAsync(
        Snapshot? latest, Changes changes, CancellationToken cancellationToken)
    {
        if (changes.Index.Count == 0)
        {
            return latest?.IndexManifest;
        }

        var entries = latest is null
            ? []
            : (await store.IndexEntriesAsync(latest, cancellationToken).ConfigureAwait(false)).ToList();
        IndexChanges.Apply(entries, changes.Index);
        var name = names.NextIndexManifest();
        await store.MetadataFiles.WriteAsync(
            store.Paths.Manifest(name), IndexManifestCodec.Instance, entries, cancellationToken).ConfigureAwait(false);
        _baseFiles.Add(name);
        return name;
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

    private async ValueTask DeleteAsync(List<string> names)
    {
        foreach (var name in names)
        {
            await store.Environment.FileIO.TryDeleteAsync(store.Paths.Manifest(name)).ConfigureAwait(false);
        }

        names.Clear();
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Makes prepared files part of a table: the only moment at which anything becomes true (docs/format.md#commit). A committable
/// becomes an APPEND snapshot, a COMPACT snapshot or both, each published atomically; when another writer takes the id first,
/// the commit is tried again on top of it. One committable at a time.
/// </summary>
internal sealed class FileStoreCommit
{
    private readonly FileStore _store;
    private readonly SnapshotPublisher _publisher;
    private readonly ManifestNames _names;

    /// <summary>Begins to commit to a table.</summary>
    /// <param name="store">The table.</param>
    /// <param name="commitUser">One id for all commits of a writing job, the same after a restart.</param>
    public FileStoreCommit(FileStore store, string commitUser)
    {
        _store = store;
        CommitUser = commitUser;
        _names = new ManifestNames(store.Environment.Ids);
        _publisher = new SnapshotPublisher(store, commitUser, _names);
    }

    /// <summary>The writing job's id.</summary>
    public string CommitUser { get; }

    /// <summary>False to write a snapshot even when there is nothing to commit, as a new position of a source needs.</summary>
    public bool IgnoreEmptyCommit { get; init; } = true;

    /// <summary>True to check commits of new rows against the table too, not only compactions and overwrites.</summary>
    public bool CheckAppendConflicts { get; init; }

    /// <summary>
    /// The committables that are not committed yet: those with an identifier above that of this user's newest snapshot. How a
    /// job that restarts finds out what became of its last commits.
    /// </summary>
    /// <param name="committables">Ordered by identifier.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<Committable>> FilterCommittedAsync(
        IReadOnlyList<Committable> committables, CancellationToken cancellationToken = default)
    {
        var newest = await _store.Snapshots.LatestNumberedOfUserAsync(CommitUser, cancellationToken).ConfigureAwait(false);
        if (newest is not null)
        {
            // What is taken for committed must outlive a power failure, even if the flush of its commit failed.
            await _store.Environment.FileIO.FlushDirectoryAsync(_store.Paths.SnapshotDirectory, cancellationToken)
                .ConfigureAwait(false);
        }

        return newest is null
            ? committables
            : [.. committables.Where(committable => committable.Identifier > newest.CommitIdentifier)];
    }

    /// <summary>Commits.</summary>
    /// <returns>The snapshots published, oldest first; none when there was nothing to commit.</returns>
    /// <exception cref="CommitConflictException">
    /// Another writer changed the same files first. The APPEND snapshot may have been published when the COMPACT one conflicts.
    /// </exception>
    /// <exception cref="PaimonException">
    /// Unavailable: storage failed or other writers won every attempt. It may be unknown whether the commit was published:
    /// delete no file, and ask <see cref="FilterCommittedAsync"/> before committing again.
    /// </exception>
    public async ValueTask<IReadOnlyList<Snapshot>> CommitAsync(
        Committable committable, CancellationToken cancellationToken = default)
    {
        var snapshots = new List<Snapshot>();
        var append = Changes.OfAppend(committable);
        if (!append.IsEmpty || !IgnoreEmptyCommit)
        {
            var check = CheckAppendConflicts || append.Kind == CommitKind.Overwrite;
            snapshots.Add(await _publisher.PublishAsync(new SnapshotDraft(committable, append, check), cancellationToken)
                .ConfigureAwait(false));
        }

        var compact = Changes.OfCompact(committable);
        if (!compact.IsEmpty)
        {
            snapshots.Add(await _publisher.PublishAsync(new SnapshotDraft(committable, compact, true), cancellationToken)
                .ConfigureAwait(false));
        }

        return snapshots;
    }

    /// <summary>
    /// Replaces the rows of partitions by those of a commit. Changelog files are not committed, as the rows that went have none.
    /// </summary>
    /// <param name="committable">The new rows, which may be none.</param>
    /// <param name="partition">The partitions that lose all rows they have; null for the whole table.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshots published: the OVERWRITE, and a COMPACT when the new rows were compacted.</returns>
    /// <exception cref="CommitConflictException">Another writer's compaction took the files of the new rows.</exception>
    /// <exception cref="PaimonException">As of <see cref="CommitAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<Snapshot>> OverwriteAsync(
        Committable committable, Predicate<BinaryRowBytes>? partition, CancellationToken cancellationToken = default)
    {
        var rows = Changes.OfAppend(committable);
        var compact = Changes.OfCompact(committable) with { Changelog = [] };
        var added = compact.IsEmpty ? _publisher.Conflicts.MoveUp(rows.Delta, _store.Options) : rows.Delta;
        var overwrite = new Overwrite(_store, added, rows.Index, partition);
        var snapshots = new List<Snapshot>
        {
            await _publisher.PublishAsync(
                new SnapshotDraft(committable, CommitKind.Overwrite, overwrite.OnAsync, true), cancellationToken)
                .ConfigureAwait(false),
        };
        if (!compact.IsEmpty)
        {
            snapshots.Add(await _publisher.PublishAsync(new SnapshotDraft(committable, compact, true), cancellationToken)
                .ConfigureAwait(false));
        }

        return snapshots;
    }

    /// <summary>Removes the rows of partitions.</summary>
    /// <param name="committable">The number and the properties; it has no messages.</param>
    /// <param name="partition">The partitions.</param>
    /// <param name="isRemoved">By the files that a partition has at that moment: false to leave it after all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The OVERWRITE snapshot.</returns>
    /// <exception cref="PaimonException">As of <see cref="CommitAsync"/>.</exception>
    public ValueTask<Snapshot> RemoveAsync(
        Committable committable,
        Predicate<BinaryRowBytes> partition,
        Predicate<IEnumerable<DataFileMeta>> isRemoved,
        CancellationToken cancellationToken = default)
    {
        var overwrite = new Overwrite(_store, [], [], partition) { IsOverwritten = isRemoved };
        return _publisher.PublishAsync(
            new SnapshotDraft(committable, CommitKind.Overwrite, overwrite.OnAsync, true), cancellationToken);
    }

    /// <summary>Leaves statistics of the newest snapshot's rows, as an ANALYZE snapshot.</summary>
    /// <exception cref="PaimonException">Invalid: there is no snapshot yet.</exception>
    public async ValueTask<Snapshot> CommitStatisticsAsync(
        long mergedRecordCount, long mergedRecordSizeBytes, CancellationToken cancellationToken = default)
    {
        var latest = await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new PaimonException(
                ErrorKind.Invalid, $"{_store.Paths.Root} has no snapshot yet: there is nothing to analyze.");
        var name = _names.NextStatistics();
        var writer = new PrettyJsonWriter();
        writer.StartObject();
        writer.Member("snapshotId", latest.Id);
        writer.Member("schemaId", latest.SchemaId);
        writer.Member("mergedRecordCount", mergedRecordCount);
        writer.Member("mergedRecordSize", mergedRecordSizeBytes);
        writer.Member("colStats", Array.Empty<KeyValuePair<string, string>>());
        writer.EndObject();
        await _store.Environment.FileIO.TryPublishAsync(_store.Paths.Statistics(name), writer.ToUtf8(), cancellationToken)
            .ConfigureAwait(false);
        var draft = new SnapshotDraft(
            new Committable(long.MaxValue, []), new Changes(CommitKind.Analyze, [], []), isChecked: false)
        {
            Statistics = name,
        };
        return await _publisher.PublishAsync(draft, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Joins the manifests of the newest snapshot into as few as possible, as a COMPACT snapshot.</summary>
    /// <returns>The snapshot; null when there was nothing to join.</returns>
    public ValueTask<Snapshot?> CompactManifestsAsync(CancellationToken cancellationToken = default) =>
        new ManifestCompaction(_store, CommitUser, _names).RunAsync(cancellationToken);

    /// <summary>
    /// Removes the files of work that is given up, as far as that is possible. Never call it for work that may have been published.
    /// </summary>
    public async ValueTask AbortAsync(IReadOnlyList<CommitMessage> messages)
    {
        foreach (var message in messages)
        {
            // A file that compaction moved up stands in both lists: it is live in the table and stays.
            var live = message.CompactBefore.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);
            foreach (var file in message.NewFiles
                .Concat(message.ChangelogFiles)
                .Concat(message.CompactAfter.Where(file => !live.Contains(file.FileName)))
                .Concat(message.CompactChangelog))
            {
                foreach (var path in _store.DataPaths.AllFiles(message.Partition, message.Bucket, file))
                {
                    await _store.Environment.FileIO.TryDeleteAsync(path).ConfigureAwait(false);
                }
            }

            foreach (var entry in message.NewIndexFiles.Concat(message.CompactNewIndexFiles))
            {
                await _store.Environment.FileIO.TryDeleteAsync(_store.IndexPath(entry)).ConfigureAwait(false);
            }
        }
    }
}

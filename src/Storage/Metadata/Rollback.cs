using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Takes a table back to an earlier state: later snapshots, changelogs and tags are removed, newest first, so that a reader
/// sees committed states only, however far it came (docs/format.md#rollback). Data files of what is removed are left for the
/// orphan clean. No writer may be at work. For one thread.
/// </summary>
/// <param name="store">The table or branch.</param>
internal sealed class Rollback(FileStore store)
{
    private readonly IFileIO _fileIO = store.Environment.FileIO;

    /// <summary>Goes back to a snapshot, or to the tag that keeps it when it has expired.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such snapshot.</exception>
    public async ValueTask ToSnapshotAsync(long id, CancellationToken cancellationToken = default)
    {
        var snapshot = await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            var tagged = await store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false);
            snapshot = tagged.FirstOrDefault(tag => tag.Id == id)
                ?? throw new PaimonException(ErrorKind.Invalid, $"{store.Paths.BranchRoot} has no snapshot {id} to go back to.");
        }

        await ToAsync(snapshot, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes back to a tag.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such tag.</exception>
    public async ValueTask ToTagAsync(string name, CancellationToken cancellationToken = default)
    {
        var tag = await store.Tags.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        await ToAsync(tag.Snapshot, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ToAsync(Snapshot target, CancellationToken cancellationToken)
    {
        if (!await store.Snapshots.ExistsAsync(target.Id, cancellationToken).ConfigureAwait(false))
        {
            // Only a tag kept it: it comes back before the others go, so that the table is never without a snapshot.
            await _fileIO.TryPublishAsync(store.Paths.Snapshot(target.Id), SnapshotJson.Write(target), cancellationToken)
                .ConfigureAwait(false);
            await store.Snapshots.WriteEarliestHintAsync(target.Id, cancellationToken).ConfigureAwait(false);
        }

        var ids = await store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in ids.Where(id => id > target.Id).OrderDescending())
        {
            await _fileIO.DeleteAsync(store.Paths.Snapshot(id), cancellationToken).ConfigureAwait(false);
        }

        await store.Snapshots.WriteLatestHintAsync(target.Id, cancellationToken).ConfigureAwait(false);
        await RemoveChangelogsAsync(store, target.Id, cancellationToken).ConfigureAwait(false);
        foreach (var tag in await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (tag.Snapshot.Id > target.Id)
            {
                await store.Tags.RemoveAsync(tag.Name, cancellationToken).ConfigureAwait(false);
            }
        }

        // Names that are gone for readers must be gone after a power failure too, or a new snapshot would meet an old one.
        await _fileIO.FlushDirectoryAsync(store.Paths.SnapshotDirectory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the changelogs of snapshots after one; their files are left to the orphan clean.</summary>
    internal static async ValueTask RemoveChangelogsAsync(FileStore store, long lastId, CancellationToken cancellationToken)
    {
        var ids = await store.Snapshots.ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false);
        var later = ids.Where(id => id > lastId).OrderDescending().ToList();
        if (later.Count == 0)
        {
            return;
        }

        var newest = ids.Count == later.Count ? -1 : ids[ids.Count - later.Count - 1];
        await store.Snapshots.WriteLatestChangelogHintAsync(newest, cancellationToken).ConfigureAwait(false);
        foreach (var id in later)
        {
            await store.Environment.FileIO.DeleteAsync(store.Paths.Changelog(id), cancellationToken).ConfigureAwait(false);
        }
    }
}

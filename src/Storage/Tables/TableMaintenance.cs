using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// What keeps a table small, and what takes it back to an earlier state. Safe for several threads; what is said to need a table
/// without writers says so.
/// </summary>
public sealed class TableMaintenance
{
    private static readonly TimeSpan DefaultOrphanAge = TimeSpan.FromDays(1);

    private readonly FileStore _store;

    internal TableMaintenance(FileStore store) => _store = store;

    /// <summary>
    /// Removes old snapshots with the files that only they need. Snapshots that consumers need, files that tags or branches
    /// need, and the newest snapshot that carries a job's position stay. Readers of what is removed fail.
    /// </summary>
    /// <param name="retention">What is kept; by default what the table's options say.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>The number of snapshots removed.</returns>
    /// <exception cref="PaimonException">Invalid: the retention contradicts itself.</exception>
    public ValueTask<int> ExpireSnapshotsAsync(
        SnapshotRetention? retention = null, CancellationToken cancellationToken = default) =>
        new SnapshotExpiration(_store).ExpireAsync(retention ?? _store.Options.Retention, cancellationToken);

    /// <summary>Removes old changelogs that outlived their snapshots.</summary>
    /// <param name="retention">What is kept; by default what the table's options say.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>The number of changelogs removed.</returns>
    /// <exception cref="PaimonException">Invalid: the retention contradicts itself.</exception>
    public ValueTask<int> ExpireChangelogsAsync(
        SnapshotRetention? retention = null, CancellationToken cancellationToken = default) =>
        new ChangelogExpiration(_store).ExpireAsync(retention ?? _store.Options.Retention, cancellationToken);

    /// <summary>Removes partitions that have expired, as OVERWRITE snapshots without rows. Earlier snapshots keep them.</summary>
    /// <param name="retention">Which; by default what the table's options say, and none where they say nothing.</param>
    /// <param name="isDryRun">True to tell what would be removed only.</param>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>
    /// The partitions removed, as texts by column in the order of the columns; <c>partition.default-name</c> stands for NULL.
    /// </returns>
    /// <exception cref="PaimonException">Invalid or Unsupported: an option makes no sense or is not understood.</exception>
    public async ValueTask<IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>>> ExpirePartitionsAsync(
        PartitionRetention? retention = null,
        bool isDryRun = false,
        string? commitUser = null,
        CancellationToken cancellationToken = default)
    {
        retention ??= PartitionRetention.From(new TableOptions(_store.Schema.Options));
        if (retention is null)
        {
            return [];
        }

        var expiration = new PartitionExpiration(_store, commitUser ?? _store.Environment.Ids.NextUuid());
        var expired = isDryRun
            ? await expiration.FindAsync(retention, cancellationToken).ConfigureAwait(false)
            : await expiration.ExpireAsync(retention, new Committable(long.MaxValue, []), cancellationToken).ConfigureAwait(false);
        return [.. expired.Select(partition => _store.DataPaths.Partitions.Spec(partition))];
    }

    /// <summary>
    /// Takes the table back to a snapshot: later snapshots, and tags of them, are removed. Their data files are left for the
    /// orphan clean. Nobody may write to the table meanwhile, and writers that were open before are of no use afterwards.
    /// </summary>
    /// <param name="snapshotId">The snapshot, or one that a tag keeps.</param>
    /// <param name="cancellationToken">Gives up waiting; the table then shows a state in between, and it can be repeated.</param>
    /// <exception cref="PaimonException">Invalid: there is no such snapshot.</exception>
    public ValueTask RollBackToSnapshotAsync(long snapshotId, CancellationToken cancellationToken = default) =>
        new Rollback(_store).ToSnapshotAsync(snapshotId, cancellationToken);

    /// <summary>Takes the table back to the state of a tag, as <see cref="RollBackToSnapshotAsync"/> does.</summary>
    /// <param name="tag">The tag's name.</param>
    /// <param name="cancellationToken">Gives up waiting; the table then shows a state in between, and it can be repeated.</param>
    /// <exception cref="PaimonException">Invalid: there is no such tag.</exception>
    public ValueTask RollBackToTagAsync(string tag, CancellationToken cancellationToken = default) =>
        new Rollback(_store).ToTagAsync(tag, cancellationToken);

    /// <summary>
    /// Removes files of the table's directory that no snapshot, tag or changelog of any branch leads to: what failed commits,
    /// crashes, rollbacks and deleted branches left behind.
    /// </summary>
    /// <param name="olderThan">
    /// How old a file must be; a day by default. It must be longer than any write takes from its first file to its commit.
    /// </param>
    /// <param name="isDryRun">True to tell what would be removed only.</param>
    /// <param name="cancellationToken">Gives up waiting; some may then be removed.</param>
    /// <exception cref="PaimonException">Invalid: a branch is damaged, so that nobody can say what it uses.</exception>
    public async ValueTask<OrphanFiles> CleanOrphanFilesAsync(
        TimeSpan? olderThan = null, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        var age = olderThan ?? DefaultOrphanAge;
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero, nameof(olderThan));
        var now = _store.Environment.TimeProvider.GetUtcNow();

        // An age of zero takes in what was written this very moment.
        var limit = age == TimeSpan.Zero ? DateTimeOffset.MaxValue : now - age;
        var files = await new OrphanFileClean(_store).CleanAsync(limit, isDryRun, cancellationToken).ConfigureAwait(false);
        return new OrphanFiles([.. files.Select(file => file.Path)], files.Sum(file => file.SizeBytes), !isDryRun);
    }

    /// <summary>Joins the manifests of the newest snapshot into as few as possible, as a COMPACT snapshot.</summary>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshot made; null when there was nothing to join.</returns>
    public async ValueTask<TableSnapshot?> CompactManifestsAsync(
        string? commitUser = null, CancellationToken cancellationToken = default) =>
        TableSnapshot.From(await NewCommit(commitUser).CompactManifestsAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Leaves statistics of the newest snapshot's rows for planners, as an ANALYZE snapshot.</summary>
    /// <param name="mergedRecordCount">The rows that a reader sees.</param>
    /// <param name="mergedRecordSizeBytes">Their size.</param>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: the table has no snapshot yet.</exception>
    public async ValueTask<TableSnapshot> CommitStatisticsAsync(
        long mergedRecordCount,
        long mergedRecordSizeBytes,
        string? commitUser = null,
        CancellationToken cancellationToken = default) =>
        TableSnapshot.From(await NewCommit(commitUser)
            .CommitStatisticsAsync(mergedRecordCount, mergedRecordSizeBytes, cancellationToken).ConfigureAwait(false));

    private FileStoreCommit NewCommit(string? commitUser) =>
        _store.NewCommit(commitUser ?? _store.Environment.Ids.NextUuid());
}

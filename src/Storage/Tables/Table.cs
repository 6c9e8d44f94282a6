using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// An open table with the schema that was newest when it was opened. Immutable and safe for several threads; what it hands
/// out (writers, scans, streams) is for one thread each.
/// </summary>
public sealed class Table
{
    private Table() => throw new NotImplementedException();

    /// <summary>The table's name in its catalog; the directory's name where it was opened by path.</summary>
    public string Name { get; }

    /// <summary>The table's directory.</summary>
    public string Path { get; }

    /// <summary>The schema that rows are written and read with.</summary>
    public TableSchema Schema { get; }

    /// <summary>The schema's options with those that were given on opening laid over them.</summary>
    public TableOptions Options { get; }

    /// <summary>Opens the table of a directory; it needs no catalog.</summary>
    /// <param name="path">The table's directory.</param>
    /// <param name="options">Table options that win over those of the schema for this object.</param>
    /// <param name="environment">Files, clock, log; the local disk by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the directory holds no table.</exception>
    public static ValueTask<Table> OpenAsync(
        string path,
        IReadOnlyDictionary<string, string>? options = null,
        StorageEnvironment? environment = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The newest snapshot, null before the first commit.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<TableSnapshot?> LatestSnapshotAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The newest snapshot of a commit user, null when there is none: where a job goes on after a restart.</summary>
    /// <param name="commitUser">The user.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<TableSnapshot?> LatestSnapshotOfUserAsync(string commitUser, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>All snapshots that are there, oldest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<TableSnapshot>> SnapshotsAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The live data files of a snapshot, ordered by partition, bucket, level and key.</summary>
    /// <param name="snapshotId">The snapshot; the newest by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<TableFile>> FilesAsync(long? snapshotId = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Begins to write. Give a job one commit user for its whole life, so that it can find its commits again.</summary>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    public TableWriter NewWriter(string? commitUser = null) => throw new NotImplementedException();

    /// <summary>Begins a batch read: of all columns of the newest snapshot, until the scan is told otherwise.</summary>
    public TableScan NewScan() => throw new NotImplementedException();

    /// <summary>Begins a read of changes.</summary>
    /// <param name="options">Where to begin, whether to follow; the newest state and then changes by default.</param>
    public ChangelogStream NewChangelogStream(ChangelogStreamOptions? options = null) => throw new NotImplementedException();
}

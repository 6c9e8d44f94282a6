using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>The state of a table that system tables tell about.</summary>
internal static class SystemState
{
    /// <summary>The snapshot that the table's options name, else the newest; null before the first commit.</summary>
    public static async ValueTask<Snapshot?> SnapshotAsync(Table table, CancellationToken cancellationToken)
    {
        var (start, _) = await new BatchPlanner(table).FindStartAsync(cancellationToken).ConfigureAwait(false);
        return start switch
        {
            BatchStart.State state => state.Snapshot,
            BatchStart.Nothing => null,
            _ => await table.Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The live files of that snapshot, without rows that wait for their bucket.</summary>
    public static async ValueTask<IReadOnlyList<ManifestEntry>> FilesAsync(Table table, CancellationToken cancellationToken)
    {
        if (await SnapshotAsync(table, cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return [];
        }

        var filter = new ScanFilter { Buckets = (bucket, _) => bucket >= 0 };
        return await table.Store.Scan.LiveAsync(snapshot, filter, cancellationToken).ConfigureAwait(false);
    }
}

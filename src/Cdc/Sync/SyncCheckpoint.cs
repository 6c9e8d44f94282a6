using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// How far a table mirrors its source: kept in the properties of the same snapshot as the rows, so that both become true at
/// once (docs/cdc.md#exactly-once).
/// </summary>
/// <param name="Source">Whose binlog it is: the server's identity, or that files were read.</param>
/// <param name="Position">Between two transactions: all before it are in the table, none after it.</param>
/// <param name="Table">The source's columns at that position.</param>
/// <param name="StoppedBecause">Why the table is not followed any further, null while it is.</param>
internal sealed record SyncCheckpoint(
    string Source, BinlogPosition Position, SourceTable Table, string? StoppedBecause = null)
{
    private const string SourceKey = "paimonsharp.sync.source";
    private const string PositionKey = "paimonsharp.sync.position";
    private const string TableKey = "paimonsharp.sync.table";
    private const string StoppedKey = "paimonsharp.sync.stopped";

    /// <summary>The properties that carry the checkpoint.</summary>
    public Dictionary<string, string> ToProperties()
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SourceKey] = Source,
            [PositionKey] = Position.ToString(),
            [TableKey] = SourceTableJson.Write(Table),
        };
        if (StoppedBecause is not null)
        {
            properties[StoppedKey] = StoppedBecause;
        }

        return properties;
    }

    /// <summary>The checkpoint of the newest snapshot that a job committed to a table; null when it committed none.</summary>
    public static async Task<SyncCheckpoint?> FindAsync(Table table, string commitUser, CancellationToken cancellationToken)
    {
        var snapshot = await table.LatestSnapshotOfUserAsync(commitUser, cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            await RefuseOtherJobAsync(table, commitUser, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var properties = snapshot.Properties;
        if (!properties.TryGetValue(PositionKey, out var position) ||
            !properties.TryGetValue(SourceKey, out var source) ||
            !properties.TryGetValue(TableKey, out var columns))
        {
            throw new CorruptDataException(
                $"Snapshot {snapshot.Id} of {table.Name} was committed by '{commitUser}' but holds no source position. " +
                "If another program used that name, give the sync another one with --job.",
                table.Path);
        }

        return new SyncCheckpoint(
            source, BinlogPosition.Parse(position), SourceTableJson.Read(columns), properties.GetValueOrDefault(StoppedKey));
    }

    /// <summary>A second job would take the snapshot again over rows that the source may have deleted since.</summary>
    private static async Task RefuseOtherJobAsync(Table table, string commitUser, CancellationToken cancellationToken)
    {
        var newest = await table.LatestSnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (newest is not null && newest.CommitUser != commitUser && newest.Properties.ContainsKey(PositionKey))
        {
            PaimonException.ThrowInvalid(
                $"{table.Name} is mirrored by the job '{newest.CommitUser}', not by '{commitUser}'. Go on with --job " +
                $"{newest.CommitUser}, or remove the table with 'paimonsharp drop' to mirror it anew.");
        }
    }
}

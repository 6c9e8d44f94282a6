using Microsoft.Extensions.Logging;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What metadata tells an operator. Ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "{Table}: committed snapshot {SnapshotId} ({Kind}), identifier {Identifier}, {Rows} rows more")]
    public static partial void SnapshotCommitted(
        ILogger logger, string table, long snapshotId, CommitKind kind, long identifier, long rows);

    [LoggerMessage(1001, LogLevel.Debug, "{Table}: snapshot {SnapshotId} was taken by another writer; attempt {Attempt} failed")]
    public static partial void CommitRaced(ILogger logger, string table, long snapshotId, int attempt);

    [LoggerMessage(1002, LogLevel.Warning, "{Table}: it is unknown whether snapshot {SnapshotId} was published; looking again")]
    public static partial void CommitUncertain(ILogger logger, Exception error, string table, long snapshotId);

    [LoggerMessage(1003, LogLevel.Information, "{Table}: identifier {Identifier} ({Kind}) is committed already, as snapshot {SnapshotId}")]
    public static partial void AlreadyCommitted(ILogger logger, string table, long identifier, CommitKind kind, long snapshotId);

    [LoggerMessage(1004, LogLevel.Information, "{Table}: expired snapshots {First} to {Last}")]
    public static partial void SnapshotsExpired(ILogger logger, string table, long first, long last);

    [LoggerMessage(1005, LogLevel.Warning, "{Table}: the hint of the newest snapshot could not be written; readers find {SnapshotId} by listing")]
    public static partial void HintNotWritten(ILogger logger, Exception error, string table, long snapshotId);

    [LoggerMessage(1006, LogLevel.Information, "{Table}: expired changelogs {First} to {Last}")]
    public static partial void ChangelogsExpired(ILogger logger, string table, long first, long last);

    [LoggerMessage(1007, LogLevel.Information, "{Table}: removed {Files} orphan files of {Bytes} bytes")]
    public static partial void OrphansRemoved(ILogger logger, string table, int files, long bytes);

    [LoggerMessage(1008, LogLevel.Warning, "{Table}: maintenance after a commit failed; a later commit does it again")]
    public static partial void MaintenanceFailed(ILogger logger, Exception error, string table);

    [LoggerMessage(1010, LogLevel.Information, "{Table}: partition {Partition} has expired")]
    public static partial void PartitionExpired(ILogger logger, string table, string partition);

    [LoggerMessage(
        1011,
        LogLevel.Warning,
        "{Table}: partition {Partition} never expires, as its values name no time; see partition.timestamp-pattern and -formatter")]
    public static partial void PartitionWithoutTime(ILogger logger, string table, string partition);

    [LoggerMessage(
        1012,
        LogLevel.Warning,
        "{Table}: files of expired snapshots are left to the orphan clean, as a tag that may need them cannot be read: delete it")]
    public static partial void FilesLeft(ILogger logger, Exception error, string table);

    [LoggerMessage(1009, LogLevel.Error, "{Table}: maintenance after a commit hit an error that nobody foresaw; the commit stands")]
    public static partial void MaintenanceBroke(ILogger logger, Exception error, string table);
}

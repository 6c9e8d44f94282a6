namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// Adds to a dump's error what to do about it. The code decides; error 1236 covers everything, so there the text is looked
/// into, for the advice only.
/// </summary>
internal static class DumpErrors
{
    private const int FatalReadError = 1236;
    private const int SameReplica = 4052;
    private const int NoPrivilege = 1227;
    private const int AccessDenied = 1045;

    public static MySqlServerException Explain(int code, string sqlState, string message, string doing, DumpRequest request) =>
        new(code, sqlState, message, doing, code switch
        {
            FatalReadError or SameReplica => Advice(message, request),
            NoPrivilege or AccessDenied => "The account needs GRANT REPLICATION SLAVE ON *.* to read the binlog.",
            _ => null,
        });

    private static string? Advice(string message, DumpRequest request)
    {
        if (Says(message, "same server_uuid") || Says(message, "same server_id"))
        {
            return $"Another replica connected with server id {request.ServerId}"
                + (request.ReplicaUuid is null ? "" : $" or uuid {request.ReplicaUuid}")
                + ": stop it, or give this one an id of its own. Trying again would only throw the other one out.";
        }

        if (Says(message, "more GTIDs"))
        {
            return "The stored position is ahead of this server: it is another server, or it was restored from an older backup. "
                + "Connect to the right one, or take a new snapshot.";
        }

        if (Says(message, "purged") || Says(message, "Could not find first log file") || Says(message, "not in the master's binlog")
            || Says(message, "not in the source's binlog"))
        {
            return $"The server no longer has {request.Start}: take a new snapshot, and keep binlogs longer "
                + "(binlog_expire_logs_seconds, expire_logs_days).";
        }

        if (Says(message, "checksum"))
        {
            return "The server writes checksums that the session could not agree on.";
        }

        return Says(message, "position > file size") || Says(message, "exceeded max_allowed_packet") || Says(message, "bogus data")
            || Says(message, "impossible position")
            ? $"{request.Start} is not where an event begins in this server's log: check that it is the same server, or take a new "
                + "snapshot."
            : null;
    }

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}

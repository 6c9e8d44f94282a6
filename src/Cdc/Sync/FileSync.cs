using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Mirrors the tables of binlog files. The files must name their columns (<c>binlog_row_metadata=FULL</c>): there is no server
/// to ask. For one caller.
/// </summary>
internal sealed class FileSync(
    IReadOnlyList<BinlogFile> files, Catalog catalog, SyncOptions options, SyncMeter meter, Action<string> warn, TimeProvider timeProvider)
{
    /// <summary>How checkpoints name the source.</summary>
    private const string Identity = "files";

    private readonly TableFilter _filter = new(options.Include, options.Exclude);
    private readonly HashSet<(string, string)> _leftOut = [];

    /// <summary>Reads all files, from where each table's checkpoint stands.</summary>
    public async Task<SyncResult> RunAsync(CancellationToken stop)
    {
        var mirrors = new MirrorSet(catalog, options, timeProvider) { SourceIdentity = Identity };
        await using (mirrors.ConfigureAwait(false))
        {
            var parser = new BinlogEventParser(isStream: false);
            var source = new BinlogFileReader(files, parser);
            var reader = new TransactionReader(source, parser, new BinlogPosition("", 0), ExecutedTransactions.None());
            await using (reader.ConfigureAwait(false))
            {
                meter.Enter(SyncPhase.Streaming);
                var schema = new SchemaFollower(mirrors, _filter, warn) { OpensNewTables = true };
                var pump = new ChangePump(reader, mirrors, schema, options, meter, timeProvider)
                {
                    OnUnknownTable = (map, cancellationToken) => OpenAsync(mirrors, map, cancellationToken),
                };
                await pump.RunAsync(stop).ConfigureAwait(false);
                meter.EndStreaming();
                return new SyncResult
                {
                    ChangedRows = meter.ChangedRows,
                    Transactions = meter.Transactions,
                    Commits = mirrors.Commits,
                    StreamingTime = meter.StreamingTime,
                    Position = reader.Boundary.ToString(),
                    StoppedTables = mirrors.Stopped,
                };
            }
        }
    }

    private async Task<TableMirror?> OpenAsync(MirrorSet mirrors, TableMap map, CancellationToken cancellationToken)
    {
        if (!_filter.Accepts(map.Database, map.Name) || _leftOut.Contains((map.Database, map.Name)))
        {
            return null;
        }

        if (!map.HasColumnNames)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"The binlog files do not name the columns of {map.Database}.{map.Name}: they were written with " +
                "binlog_row_metadata=MINIMAL or NO_LOG. Sync from the server, or leave the table out with --exclude.");
        }

        if (map.PrimaryKey.Count == 0)
        {
            return LeaveOut(map, "has no primary key");
        }

        var mirror = await mirrors.OpenAsync(new SourceTable(map.Database, map.Name, map.Columns, map.PrimaryKey), cancellationToken)
            .ConfigureAwait(false);
        if (mirror is null)
        {
            return LeaveOut(map, $"was stopped before: {mirrors.Stopped[$"{map.Database}.{map.Name}"]}");
        }

        // Files have one order of their own: a table that was read before is behind its checkpoint's place, GTIDs or not.
        mirror.Ahead = mirror.Checkpoint is null ? null : ExecutedTransactions.None();
        return mirror;
    }

    private TableMirror? LeaveOut(TableMap map, string why)
    {
        if (options.RequirePrimaryKey && map.PrimaryKey.Count == 0)
        {
            PaimonException.ThrowInvalid($"{map.Database}.{map.Name} {why}. Leave it out with --exclude {map.Database}.{map.Name}.");
        }

        _leftOut.Add((map.Database, map.Name));
        warn($"{map.Database}.{map.Name} {why} and is left out.");
        return null;
    }
}

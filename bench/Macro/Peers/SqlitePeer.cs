using Microsoft.Data.Sqlite;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Macro.Peers;

/// <summary>The same increments in SQLite: write-ahead log, every transaction synced, one prepared statement.</summary>
internal static class SqlitePeer
{
    /// <summary>Counts all increments into an empty folder.</summary>
    /// <param name="folder">The database's folder.</param>
    /// <param name="batches">The increments, a transaction each.</param>
    /// <param name="rowCount">How many they are.</param>
    public static Sample Aggregate(string folder, IEnumerable<ColumnBatch> batches, long rowCount)
    {
        Directory.CreateDirectory(folder);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "counters.db")};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -262144");
        Execute(connection, "CREATE TABLE counters (id INTEGER PRIMARY KEY, total INTEGER, events INTEGER)");
        var meter = new Meter();
        using var upsert = connection.CreateCommand();
        upsert.CommandText =
            "INSERT INTO counters VALUES ($id, $total, $events) ON CONFLICT (id) DO UPDATE SET "
            + "total = total + excluded.total, events = events + excluded.events";
        var (id, total, events) = (
            upsert.Parameters.Add("$id", SqliteType.Integer),
            upsert.Parameters.Add("$total", SqliteType.Integer),
            upsert.Parameters.Add("$events", SqliteType.Integer));
        foreach (var batch in batches)
        {
            var ids = ((FixedVector<long>)batch.Columns[0]).Values;
            var totals = ((FixedVector<long>)batch.Columns[1]).Values;
            var counts = ((FixedVector<long>)batch.Columns[2]).Values;
            meter.Start();
            using var transaction = connection.BeginTransaction();
            upsert.Transaction = transaction;
            for (var row = 0; row < ids.Length; row++)
            {
                (id.Value, total.Value, events.Value) = (ids[row], totals[row], counts[row]);
                upsert.ExecuteNonQuery();
            }

            transaction.Commit();
            meter.Stop();
        }

        using var check = connection.CreateCommand();
        check.CommandText = "SELECT sum(events) FROM counters";
        return (long)check.ExecuteScalar()! == rowCount
            ? meter.ToSample(rowCount)
            : throw new InvalidOperationException("SQLite has lost increments.");
    }

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}

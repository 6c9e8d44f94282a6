using System.Globalization;
using System.Text;
using PaimonSharp.Servers.Tests.Wire;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>
/// Every column type with NULL and its ends, in a table of its own and in one table of all: the snapshot's value, the binlog's
/// value and what the server selects are one.
/// </summary>
public sealed class TypeTests(BothServers servers) : IClassFixture<BothServers>
{
    private const int BinlogIds = 1000;

    public static TheoryData<ServerKind, string> Cases => new()
    {
        { ServerKind.MySql97, "FULL" },
        { ServerKind.MySql97, "MINIMAL" },
        { ServerKind.MariaDb1011, "FULL" },
        { ServerKind.MariaDb1011, "NO_LOG" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Snapshot_and_binlog_give_what_the_server_selects(ServerKind kind, string metadata)
    {
        var server = servers.Get(kind);
        await server.ExecuteAsync($"SET GLOBAL binlog_row_metadata = {metadata}");
        using var mirror = await Mirror.CreateAsync(server, "types");
        var samples = TypeSamples.Of(kind);
        await mirror.ExecuteAsync(Create(samples) + Insert(samples, 0));
        await mirror.SyncAsync();
        await mirror.ExecuteAsync(Insert(samples, BinlogIds));
        await mirror.SyncAsync();

        string[] tables = [.. samples.Select((_, i) => $"t{i}"), "everything"];
        await mirror.AssertEqualAsync(tables);
        await mirror.AssertFoldsAsync(tables);
        foreach (var table in tables)
        {
            var rows = await TableRows.ScanAsync(mirror.Folder(table));
            TableProof.AssertSame(Without(rows, true), Without(rows, false), $"{samples[0].Type}: the binlog's rows of {table}");
        }

        await TableProof.ProveAsync(mirror.Folder("everything"));
    }

    /// <summary>The rows of the snapshot or of the binlog, without what tells them apart.</summary>
    private static List<string> Without(List<string> rows, bool ofSnapshot)
    {
        var ids = rows.Select(row =>
        {
            var comma = row.IndexOf(',', StringComparison.Ordinal);
            var id = int.Parse(row["{\"id\":".Length..comma], CultureInfo.InvariantCulture);
            return (Id: id % BinlogIds, IsSnapshot: id < BinlogIds, Values: row[comma..]);
        });
        return [.. ids.Where(row => row.IsSnapshot == ofSnapshot).OrderBy(row => row.Id).Select(row => $"{row.Id}{row.Values}")];
    }

    private static string Create((string Type, string[] Values)[] samples)
    {
        var sql = new StringBuilder();
        foreach (var (i, (type, _)) in samples.Index())
        {
            sql.Append($"CREATE TABLE t{i} (id INT PRIMARY KEY, v {type}) CHARACTER SET utf8mb4;\n");
        }

        var columns = string.Join(", ", samples.Select((sample, i) => $"v{i} {sample.Type}"));
        return sql.Append($"CREATE TABLE everything (id INT PRIMARY KEY, {columns}) CHARACTER SET utf8mb4;\n").ToString();
    }

    private static string Insert((string Type, string[] Values)[] samples, int firstId)
    {
        var sql = new StringBuilder("SET sql_mode = ''; SET time_zone = '+00:00';\n");
        foreach (var (i, (_, values)) in samples.Index())
        {
            sql.Append($"INSERT INTO t{i} VALUES ({firstId}, NULL)");
            foreach (var (n, value) in values.Index())
            {
                sql.Append($", ({firstId + n + 1}, {value})");
            }

            sql.Append(";\n");
        }

        var most = samples.Max(sample => sample.Values.Length) + 1;
        for (var n = 0; n < most; n++)
        {
            // Row n has the n-th value of each column, NULL when n is 0 or the column has no more.
            var row = samples.Select(sample => n == 0 || n > sample.Values.Length ? "NULL" : sample.Values[n - 1]);
            sql.Append($"INSERT INTO everything VALUES ({firstId + n}, {string.Join(", ", row)});\n");
        }

        return sql.ToString();
    }
}

using PaimonSharp.Cdc.Sync;
using PaimonSharp.Servers.Tests.Wire;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>Statements that change mirrored tables: columns are added, harmless ones pass, others stop their table and no other.</summary>
public sealed class DdlTests(BothServers servers) : IClassFixture<BothServers>
{
    private const string Two =
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)); CREATE TABLE other (id INT PRIMARY KEY, v INT);"
        + "INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO other VALUES (1, 1)";

    private static readonly string[] Stopping =
    [
        "TRUNCATE TABLE t", "DROP TABLE t", "RENAME TABLE t TO t2", "ALTER TABLE t MODIFY v VARCHAR(30)", "ALTER TABLE t DROP COLUMN v",
        "ALTER TABLE t CHANGE v w VARCHAR(20)", "ALTER TABLE t RENAME TO t3", "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (v)",
        "ALTER TABLE t ADD COLUMN n INT, DROP COLUMN v", "DROP TABLE t; CREATE TABLE t (id INT PRIMARY KEY, x INT)",
    ];

    public static TheoryData<ServerKind, string> Statements
    {
        get
        {
            var data = new TheoryData<ServerKind, string>();
            foreach (var statement in Stopping)
            {
                data.Add(ServerKind.MySql97, statement);
                data.Add(ServerKind.MariaDb1011, statement);
            }

            return data;
        }
    }

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Other_changes_of_a_table_stop_it_for_good_and_no_other(ServerKind kind, string statement)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "stop");
        await mirror.ExecuteAsync(Two);
        await mirror.SyncAsync();
        await mirror.ExecuteAsync("UPDATE t SET v = 'before' WHERE id = 1");
        await mirror.ExecuteAsync(statement);
        await mirror.ExecuteAsync("INSERT INTO other VALUES (2, 2)");

        var result = await mirror.SyncAsync();

        var reason = Assert.Single(result.StoppedTables);
        Assert.Equal($"{mirror.Database}.t", reason.Key);
        var named = statement.Split(' ') is ["ALTER", _, _, var clause, ..] && !statement.Contains(',', StringComparison.Ordinal)
            ? clause
            : "DROP";
        Assert.Contains(statement.StartsWith("ALTER", StringComparison.Ordinal) ? named : statement.Split(' ')[0], reason.Value);
        Assert.Contains(mirror.Warnings, warning => warning.Contains($"{mirror.Database}.t", StringComparison.Ordinal));
        await mirror.AssertEqualAsync("other");
        var rows = await TableRows.ScanAsync(mirror.Folder("t"));
        Assert.Equal(["{\"id\":1,\"v\":\"before\"}", "{\"id\":2,\"v\":\"b\"}"], rows);

        await mirror.ExecuteAsync("INSERT INTO other VALUES (3, 3)");
        var again = await mirror.SyncAsync();

        Assert.Single(again.StoppedTables);
        await mirror.AssertEqualAsync("other");
        Assert.Equal(rows, await TableRows.ScanAsync(mirror.Folder("t")));
        await TableProof.ProveAsync(mirror.Folder("t"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Harmless_statements_stop_nothing(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "harmless");
        await mirror.ExecuteAsync(Two);
        await mirror.SyncAsync();
        await mirror.ExecuteAsync(
            """
            CREATE INDEX by_v ON t (v); ALTER TABLE t ADD INDEX i2 (v, id), COMMENT = 'hello; DROP TABLE t'; DROP INDEX by_v ON t;
            ALTER TABLE t DROP INDEX i2; ALTER TABLE t AUTO_INCREMENT = 100; ANALYZE TABLE t; OPTIMIZE TABLE t;
            CREATE VIEW looks AS SELECT * FROM t; DROP VIEW looks;
            CREATE TEMPORARY TABLE mine (id INT PRIMARY KEY); INSERT INTO mine VALUES (1); DROP TEMPORARY TABLE mine;
            CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.v = UPPER(NEW.v); DROP TRIGGER tr;
            GRANT SELECT ON t TO CURRENT_USER; FLUSH TABLES t;
            INSERT INTO t VALUES (3, 'c');
            """);

        var result = await mirror.SyncAsync();

        Assert.Empty(result.StoppedTables);
        await mirror.AssertEqualAsync("t", "other");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Added_columns_take_their_place_in_the_order_of_the_stream(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "columns");
        await mirror.ExecuteAsync(Two);
        await mirror.SyncAsync();
        await mirror.ExecuteAsync(
            """
            INSERT INTO t VALUES (3, 'three'); ALTER TABLE t ADD COLUMN a INT NULL FIRST; UPDATE t SET a = 3 WHERE id = 3;
            INSERT INTO t VALUES (4, 4, 'four'); ALTER TABLE t ADD b DECIMAL(10,2) AFTER id, ADD COLUMN (c TEXT, `d ``x` DATE);
            INSERT INTO t VALUES (5, 5, 5.5, 'five', 'c', '2024-05-05'); DELETE FROM t WHERE id = 1;
            ALTER TABLE t ADD COLUMN Ä JSON, ADD INDEX x (b); UPDATE t SET Ä = '{}' WHERE id = 4;
            """);

        var result = await mirror.SyncAsync();

        Assert.Empty(result.StoppedTables);
        await mirror.AssertEqualAsync("t");
        await TableProof.ProveAsync(mirror.Folder("t"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Added_columns_are_read_without_names_in_the_binlog(ServerKind kind)
    {
        var server = servers.Get(kind);
        await server.ExecuteAsync($"SET GLOBAL binlog_row_metadata = {(server.IsMariaDb ? "NO_LOG" : "MINIMAL")}");
        using var mirror = await Mirror.CreateAsync(server, "unnamed");
        await mirror.ExecuteAsync(Two);
        await mirror.SyncAsync();
        await mirror.ExecuteAsync(
            """
            ALTER TABLE t ADD COLUMN a INT UNSIGNED NULL FIRST; INSERT INTO t VALUES (4294967295, 4, 'four');
            ALTER TABLE t ADD s SET('x','y') CHARACTER SET latin1 AFTER id; INSERT INTO t VALUES (5, 5, 'x,y', 'five');
            ALTER TABLE t ADD e ENUM('ä','b') CHARACTER SET latin1 NULL, ADD w VARCHAR(9) COLLATE latin1_bin;
            INSERT INTO t VALUES (6, 6, 'y', 'six', 'ä', 'ü');
            """);

        await mirror.SyncAsync();
        await server.ExecuteAsync("SET GLOBAL binlog_row_metadata = FULL");

        await mirror.AssertEqualAsync("t");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Column_with_a_default_warns_once(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "defaults");
        await mirror.ExecuteAsync(Two);
        await mirror.SyncAsync();
        await mirror.ExecuteAsync("ALTER TABLE t ADD COLUMN n INT NOT NULL DEFAULT 7; INSERT INTO t VALUES (3, 'c', 8)");

        await mirror.SyncAsync();

        Assert.Contains("'n'", Assert.Single(mirror.Warnings), StringComparison.Ordinal);
        Assert.Contains("{\"id\":3,\"v\":\"c\",\"n\":8}", await TableRows.ScanAsync(mirror.Folder("t")));
        Assert.Contains("{\"id\":1,\"v\":\"a\",\"n\":null}", await TableRows.ScanAsync(mirror.Folder("t")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Table_without_key_is_named_and_left_out_or_refused(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "keyless");
        await mirror.ExecuteAsync(Two + "; CREATE TABLE heap (id INT, UNIQUE (id)); INSERT INTO heap VALUES (1)");

        await mirror.SyncAsync();

        Assert.Contains("heap", Assert.Single(mirror.Warnings), StringComparison.Ordinal);
        Assert.False(Directory.Exists(mirror.Folder("heap")));
        var refused = await Assert.ThrowsAsync<Data.Errors.PaimonException>(
            () => mirror.SyncAsync(new SyncOptions { RequirePrimaryKey = true }));
        Assert.Equal(Data.Errors.ErrorKind.Invalid, refused.Kind);
        Assert.Contains("heap", refused.Message, StringComparison.Ordinal);
    }
}

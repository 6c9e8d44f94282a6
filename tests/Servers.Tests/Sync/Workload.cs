using System.Globalization;
using System.Text;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>
/// Random statements on a few tables whose keys are of many kinds, as SQL text. Statements may fail on the server (a key that is
/// there already): then they change nothing, like any other client's. One seed, one workload.
/// </summary>
internal sealed class Workload(int seed)
{
    public static readonly string[] Tables = ["plain", "pair", "texts", "latin", "bytes"];

    private const int Keys = 60;
    private static readonly string[] Texts =
        ["''", "'a'", "'A'", "'b '", "'ä'", "'a\u0308'", "'😀'", "'ß'", "'ss'", "'Straße'", "'it''s'", "'\\\\'", "'x\\ny'", "NULL"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _added = [];

    public static string CreateTables =>
        """
        CREATE TABLE plain (id INT PRIMARY KEY, v VARCHAR(40), n DECIMAL(12,3), at DATETIME(6));
        CREATE TABLE pair (a BIGINT UNSIGNED, v DOUBLE, b SMALLINT, c DATE, PRIMARY KEY (b, a, c));
        CREATE TABLE texts (v TEXT, k VARCHAR(30) CHARACTER SET utf8mb4 NOT NULL PRIMARY KEY, f BOOL);
        CREATE TABLE latin (k CHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL, n INT NOT NULL, v SET('x','y'),
          PRIMARY KEY (n, k));
        CREATE TABLE bytes (k VARBINARY(16) NOT NULL PRIMARY KEY, v BLOB, e ENUM('p','q'));
        """;

    /// <summary>A number of transactions, each on a line of its own so that a failing statement ends nothing but itself.</summary>
    public string Transactions(int count)
    {
        var sql = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            AppendTransaction(sql);
        }

        return sql.ToString();
    }

    /// <summary>ALTER TABLE statements that add columns which need no value.</summary>
    public string AddColumn()
    {
        var table = Pick(Tables);
        var number = _added[table] = _added.GetValueOrDefault(table) + 1;
        var (name, after) = ($"added{seed}_{number}", table is "plain" or "pair" or "texts" or "bytes" ? "v" : "n");
        return _random.Next(4) switch
        {
            0 => $"ALTER TABLE {table} ADD COLUMN {name} INT NULL;\n",
            1 => $"ALTER TABLE {table} ADD {name} VARCHAR(30) DEFAULT NULL FIRST;\n",
            2 => $"ALTER TABLE {table} ADD COLUMN {name} DATETIME(3) NULL AFTER {after};\n",
            _ => $"ALTER TABLE {table} ADD COLUMN ({name} DECIMAL(30,4) NULL, {name}b TEXT NULL);\n",
        };
    }

    private void AppendTransaction(StringBuilder sql)
    {
        var kind = _random.Next(10);
        if (kind < 4)
        {
            AppendStatement(sql);
            return;
        }

        sql.Append("START TRANSACTION;\n");
        var statements = _random.Next(1, 12);
        for (var i = 0; i < statements; i++)
        {
            if (_random.Next(8) == 0)
            {
                sql.Append("SAVEPOINT s;\n");
                AppendStatement(sql);
                AppendStatement(sql);
                sql.Append(_random.Next(2) == 0 ? "ROLLBACK TO SAVEPOINT s;\n" : "RELEASE SAVEPOINT s;\n");
            }

            AppendStatement(sql);
        }

        sql.Append(kind == 9 ? "ROLLBACK;\n" : "COMMIT;\n");
    }

    private void AppendStatement(StringBuilder sql)
    {
        var table = Pick(Tables);
        switch (_random.Next(12))
        {
            case < 4:
                sql.Append($"INSERT INTO {table} ({Columns(table)}) VALUES ({Row(table)});\n");
                break;
            case 4:
                sql.Append($"REPLACE INTO {table} ({Columns(table)}) VALUES ({Row(table)}), ({Row(table)});\n");
                break;
            case 5:
                sql.Append($"INSERT INTO {table} ({Columns(table)}) VALUES ({Row(table)}) ON DUPLICATE KEY UPDATE v = NULL;\n");
                break;
            case 6 or 7:
                sql.Append($"UPDATE {table} SET {ValueOf(table)} WHERE {Some(table)};\n");
                break;
            case 8:
                sql.Append($"DELETE FROM {table} WHERE {Some(table)};\n");
                break;
            default:
                AppendKeyChange(sql, table);
                break;
        }
    }

    /// <summary>Rows that move to other keys: one, a chain of all, or two that swap.</summary>
    private void AppendKeyChange(StringBuilder sql, string table)
    {
        var (a, b) = (_random.Next(Keys), _random.Next(Keys));
        var down = _random.Next(2) == 0;
        var (sign, order) = down ? ("-", "ASC") : ("+", "DESC");
        sql.Append((table, _random.Next(3)) switch
        {
            ("plain", 0) => $"UPDATE plain SET id = id {sign} 1 WHERE id > {a} ORDER BY id {order};\n",
            ("plain", 1) => $"UPDATE plain SET id = -1 WHERE id = {a}; UPDATE plain SET id = {a} WHERE id = {b}; "
                + $"UPDATE plain SET id = {b} WHERE id = -1;\n",
            ("plain", _) => $"UPDATE IGNORE plain SET id = {b}, v = 'moved' WHERE id = {a};\n",
            ("pair", _) => $"UPDATE IGNORE pair SET b = b {sign} 1, a = a + 1 WHERE a % 7 = {a % 7} ORDER BY b {order};\n",
            ("texts", 0) => $"UPDATE IGNORE texts SET k = UPPER(k) WHERE f;\n",
            ("texts", _) => $"UPDATE IGNORE texts SET k = CONCAT(k, '{(down ? "é" : "z")}') WHERE CHAR_LENGTH(k) < 20 LIMIT 3;\n",
            ("latin", _) => $"UPDATE IGNORE latin SET k = CONCAT(k, 'ÿ'), n = n {sign} 1 WHERE n = {a % 9} AND CHAR_LENGTH(k) < 15;\n",
            _ => $"UPDATE IGNORE bytes SET k = CONCAT(x'00', k) WHERE LENGTH(k) < 10 AND LENGTH(v) % 3 = {a % 3};\n",
        });
    }

    private string Some(string table) => table switch
    {
        "plain" => _random.Next(3) == 0 ? $"id % 5 = {_random.Next(5)}" : $"id = {_random.Next(Keys)}",
        "pair" => $"a % 9 = {_random.Next(9)}",
        "texts" => $"k = {Pick(Texts[..^1])}",
        "latin" => $"n = {_random.Next(9)}",
        _ => $"LENGTH(k) = {_random.Next(4)}",
    };

    private string ValueOf(string table) => table switch
    {
        "plain" => $"v = {Pick(Texts)}, n = {Number()}",
        "pair" => $"v = {Number()}",
        "texts" => $"v = {Pick(Texts)}, f = NOT f",
        "latin" => "v = 'x,y'",
        _ => $"v = REPEAT(x'{_random.Next(256):x2}', {_random.Next(50)})",
    };

    private static string Columns(string table) => table switch
    {
        "plain" => "id, v, n, at",
        "pair" => "a, v, b, c",
        "texts" => "k, v, f",
        "latin" => "k, n, v",
        _ => "k, v, e",
    };

    private string Row(string table) => table switch
    {
        "plain" => $"{_random.Next(Keys)}, {Pick(Texts)}, {Number()}, "
            + $"'20{_random.Next(10, 99)}-0{_random.Next(1, 9)}-11 01:02:03.{_random.Next(1000000):D6}'",
        "pair" => $"{(_random.Next(6) == 0 ? "18446744073709551615" : _random.Next(40))}, {Number()}, {_random.Next(-9, 9)}, "
            + $"'2024-0{_random.Next(1, 4)}-01'",
        "texts" => $"{Pick(Texts[..^1])}, {Pick(Texts)}, {_random.Next(2)}",
        "latin" => $"{Pick(["'a'", "'A'", "'ä'", "'é'", "''", "'ß'", "'ÿ'"])}, {_random.Next(9)}, {Pick(["''", "'x'", "'y'", "NULL"])}",
        _ => $"x'{Convert.ToHexString(Bytes(_random.Next(4)))}', x'{Convert.ToHexString(Bytes(_random.Next(30)))}', "
            + Pick(["'p'", "'q'", "NULL"]),
    };

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)(_random.Next(3) * 127);
        }

        return bytes;
    }

    private string Number() => _random.Next(6) == 0
        ? "NULL"
        : (_random.Next(-1_000_000, 1_000_000) / 1000m).ToString(CultureInfo.InvariantCulture);

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}

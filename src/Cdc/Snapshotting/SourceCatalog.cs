using PaimonSharp.Cdc.Types;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Snapshotting;

/// <summary>Reads which tables a server has and how they look, from <c>information_schema</c>.</summary>
public static class SourceCatalog
{
    private const string SystemSchemas = "('mysql', 'information_schema', 'performance_schema', 'sys')";

    /// <summary>The base tables of a database, or of all that are not the server's own, by name.</summary>
    /// <param name="connection">A session, used for a few queries.</param>
    /// <param name="database">The database; null for all.</param>
    /// <param name="accept">Which tables to describe, by database and name; a column type that is not supported is an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PaimonException">Invalid: the database does not exist. Unsupported: a column's type.</exception>
    public static async Task<IReadOnlyList<SourceTable>> ReadTablesAsync(
        MySqlConnection connection,
        string? database,
        Func<string, string, bool> accept,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(accept);
        await CheckDatabaseAsync(connection, database, cancellationToken).ConfigureAwait(false);
        return await DescribeAsync(connection, TablesOf(database), accept, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One base table as it is now; null where it is not there.</summary>
    /// <param name="connection">A session, used for a few queries.</param>
    /// <param name="database">The table's database.</param>
    /// <param name="name">The table's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PaimonException">Unsupported: a column's type.</exception>
    internal static async Task<SourceTable?> TryReadTableAsync(
        MySqlConnection connection, string database, string name, CancellationToken cancellationToken)
    {
        // The server may compare names without case.
        var tables = await DescribeAsync(
            connection,
            $"{TablesOf(database)} AND TABLE_NAME = {Quote(name)}",
            (otherDatabase, otherName) => otherDatabase == database && otherName == name,
            cancellationToken).ConfigureAwait(false);
        return tables.Count == 0 ? null : tables[0];
    }

    /// <summary>The tables with system versioning (MariaDB), whose log also holds the history; they are not mirrored.</summary>
    /// <param name="connection">A session, used for a query.</param>
    /// <param name="database">The database; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<IReadOnlyList<(string Database, string Name)>> ReadVersionedTablesAsync(
        MySqlConnection connection, string? database, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryRowsAsync(
            $"""
            SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES
            WHERE TABLE_TYPE = 'SYSTEM VERSIONED' AND {TablesOf(database)} ORDER BY 1, 2
            """,
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => (row[0]!, row[1]!))];
    }

    /// <summary>A text as a SQL string literal.</summary>
    internal static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A name as a quoted SQL name.</summary>
    internal static string QuoteName(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static string TablesOf(string? database) =>
        database is null ? $"TABLE_SCHEMA NOT IN {SystemSchemas}" : $"TABLE_SCHEMA = {Quote(database)}";

    private static async Task<IReadOnlyList<SourceTable>> DescribeAsync(
        MySqlConnection connection, string where, Func<string, string, bool> accept, CancellationToken cancellationToken)
    {
        var keys = await ReadKeysAsync(connection, where, cancellationToken).ConfigureAwait(false);
        var columns = await ReadColumnsAsync(connection, where, accept, cancellationToken).ConfigureAwait(false);
        var rows = await connection.QueryRowsAsync(
            $"""
            SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_COMMENT, c.CHARACTER_SET_NAME
            FROM information_schema.TABLES t
            LEFT JOIN information_schema.COLLATION_CHARACTER_SET_APPLICABILITY c ON c.COLLATION_NAME = t.TABLE_COLLATION
            WHERE t.TABLE_TYPE = 'BASE TABLE' AND {where} ORDER BY 1, 2
            """,
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Where(row => accept(row[0]!, row[1]!)).Select(row => new SourceTable(
                row[0]!,
                row[1]!,
                columns.GetValueOrDefault((row[0]!, row[1]!))?.Columns ?? [],
                keys.GetValueOrDefault((row[0]!, row[1]!)) ?? [])
            {
                Comment = row[2] ?? "",
                DefaultCharacterSet = row[3] ?? "utf8mb4",
                ColumnComments = columns.GetValueOrDefault((row[0]!, row[1]!))?.Comments ?? [],
            }),
        ];
    }

    private static async Task CheckDatabaseAsync(
        MySqlConnection connection, string? database, CancellationToken cancellationToken)
    {
        if (database is null)
        {
            return;
        }

        var found = await connection.QueryRowsAsync(
            $"SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {Quote(database)}",
            cancellationToken: cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            PaimonException.ThrowInvalid(
                $"The server has no database '{database}' that this account may see. Mend the URL, or grant SELECT on it.");
        }
    }

    private static async Task<Dictionary<(string, string), List<string>>> ReadKeysAsync(
        MySqlConnection connection, string where, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<(string, string), List<string>>();
        var rows = await connection.QueryRowsAsync(
            $"""
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
            WHERE INDEX_NAME = 'PRIMARY' AND {where} ORDER BY 1, 2, SEQ_IN_INDEX
            """,
            cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            if (!keys.TryGetValue((row[0]!, row[1]!), out var key))
            {
                keys.Add((row[0]!, row[1]!), key = []);
            }

            key.Add(row[2]!);
        }

        return keys;
    }

    private static async Task<Dictionary<(string, string), ColumnList>> ReadColumnsAsync(
        MySqlConnection connection, string where, Func<string, string, bool> accept, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<(string, string), ColumnList>();
        var rows = await connection.QueryRowsAsync(
            $"""
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, IS_NULLABLE, COLUMN_COMMENT
            FROM information_schema.COLUMNS WHERE {where} ORDER BY 1, 2, ORDINAL_POSITION
            """,
            maxRows: 10_000_000,
            cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (var row in rows.Where(row => accept(row[0]!, row[1]!)))
        {
            if (!tables.TryGetValue((row[0]!, row[1]!), out var table))
            {
                tables.Add((row[0]!, row[1]!), table = new ColumnList([], []));
            }

            table.Columns.Add(new MySqlColumn(row[2]!, ParseType(row), row[5] == "YES"));
            if (row[6] is { Length: > 0 } comment)
            {
                table.Comments.Add(row[2]!, comment);
            }
        }

        return tables;
    }

    private static MySqlColumnType ParseType(string?[] row)
    {
        try
        {
            return MySqlColumnType.Parse(row[3]!, row[4]);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Unsupported)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"Column '{row[2]}' of {row[0]}.{row[1]}: {e.Message} Leave the table out with --exclude {row[0]}.{row[1]}.",
                e);
        }
    }

    private sealed record ColumnList(List<MySqlColumn> Columns, Dictionary<string, string> Comments);
}

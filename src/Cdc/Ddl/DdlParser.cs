using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Ddl;

/// <summary>
/// Reads the statements that a binlog's QUERY events hold. Only what a mirror needs is understood; a statement of another
/// kind is <see cref="DdlKind.Harmless"/>, and an ALTER clause that is not known is an <see cref="UnsupportedClause"/>, never
/// guessed. Grammar: MySQL manual, "Data Definition Statements", and MariaDB's additions (IF [NOT] EXISTS, ONLINE, IGNORE).
/// </summary>
internal static class DdlParser
{
    private static readonly string[] RowChangeWords = ["insert", "update", "delete", "replace", "load", "with", "call", "do"];

    /// <summary>Reads a statement.</summary>
    /// <param name="sql">The text of the QUERY event.</param>
    /// <param name="defaultDatabase">The event's default database, which unqualified names mean.</param>
    /// <param name="ansiQuotes">The session's ANSI_QUOTES.</param>
    /// <param name="noBackslashEscapes">The session's NO_BACKSLASH_ESCAPES.</param>
    /// <exception cref="PaimonException">The statement names a table that it changes but cannot be read.</exception>
    public static DdlStatement Parse(
        string sql, string defaultDatabase, bool ansiQuotes = false, bool noBackslashEscapes = false)
    {
        var tokens = new SqlTokens(sql, SqlLexer.Tokenize(sql, ansiQuotes, noBackslashEscapes));
        var tables = new List<DdlTable>();
        var clauses = new List<AlterClause>();
        var kind = ReadStatement(tokens, defaultDatabase, tables, clauses);
        return new DdlStatement(kind, tables, clauses, sql);
    }

    private static DdlKind ReadStatement(
        SqlTokens tokens, string database, List<DdlTable> tables, List<AlterClause> clauses)
    {
        if (tokens.Take("alter"))
        {
            tokens.Take("online");
            tokens.Take("ignore");
            return tokens.Take("table") ? ReadAlter(tokens, database, tables, clauses) : DdlKind.Harmless;
        }

        if (tokens.Take("create"))
        {
            return ReadCreate(tokens, database, tables);
        }

        if (tokens.Take("drop"))
        {
            return ReadDrop(tokens, database, tables);
        }

        if (tokens.Take("rename"))
        {
            return ReadRename(tokens, database, tables);
        }

        if (tokens.Take("truncate"))
        {
            tokens.Take("table");
            tables.Add(tokens.TakeTable(database));
            return DdlKind.TruncateTable;
        }

        return ReadRowChange(tokens, database, tables);
    }

    private static DdlKind ReadCreate(SqlTokens tokens, string database, List<DdlTable> tables)
    {
        var replaces = tokens.Take("or");
        if (replaces)
        {
            tokens.Expect("replace");
        }

        if (tokens.Take("temporary") || !tokens.Take("table"))
        {
            return DdlKind.Harmless;
        }

        tokens.TakeIfNotExists();
        tables.Add(tokens.TakeTable(database));
        // MariaDB's OR REPLACE drops the table that is there.
        return replaces ? DdlKind.DropTable : DdlKind.CreateTable;
    }

    private static DdlKind ReadDrop(SqlTokens tokens, string database, List<DdlTable> tables)
    {
        if (tokens.Take("database") || tokens.Take("schema"))
        {
            tokens.TakeIfExists();
            tables.Add(new DdlTable(tokens.TakeName(), ""));
            return DdlKind.DropDatabase;
        }

        if (tokens.Take("temporary") || !(tokens.Take("table") || tokens.Take("tables")))
        {
            return DdlKind.Harmless;
        }

        tokens.TakeIfExists();
        do
        {
            tables.Add(tokens.TakeTable(database));
        }
        while (tokens.Take(","));
        return DdlKind.DropTable;
    }

    private static DdlKind ReadRename(SqlTokens tokens, string database, List<DdlTable> tables)
    {
        if (!(tokens.Take("table") || tokens.Take("tables")))
        {
            return DdlKind.Harmless;
        }

        tokens.TakeIfExists();
        do
        {
            tables.Add(tokens.TakeTable(database));
            tokens.SkipWaitOption();
            tokens.Expect("to");
            tables.Add(tokens.TakeTable(database));
        }
        while (tokens.Take(","));
        return DdlKind.RenameTable;
    }

    private static DdlKind ReadAlter(
        SqlTokens tokens, string database, List<DdlTable> tables, List<AlterClause> clauses)
    {
        tokens.TakeIfExists();
        tables.Add(tokens.TakeTable(database));
        tokens.SkipWaitOption();
        while (!tokens.AtEnd)
        {
            AlterClauseParser.Read(tokens, clauses);
            if (!tokens.Take(","))
            {
                tokens.Take(";");
            }
        }

        return DdlKind.AlterTable;
    }

    private static DdlKind ReadRowChange(SqlTokens tokens, string database, List<DdlTable> tables)
    {
        if (!Array.Exists(RowChangeWords, tokens.Take))
        {
            return DdlKind.Harmless;
        }

        // Every name that could be a table counts: better to stop at a statement that only reads a table than to miss rows.
        tokens.TakeAllNames(database, tables);
        return DdlKind.RowChange;
    }
}

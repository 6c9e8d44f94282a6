using System.Text;

namespace PaimonSharp.Cdc.Ddl;

/// <summary>Reads one clause of ALTER TABLE; ADD (a, b) gives several.</summary>
internal static class AlterClauseParser
{
    /// <summary>What may follow ADD or DROP and concerns no column.</summary>
    private static readonly string[] KeyWords =
        ["index", "key", "unique", "fulltext", "spatial", "primary", "foreign", "constraint", "check", "period", "vector"];

    /// <summary>First words of clauses and table options that change neither rows nor columns.</summary>
    private static readonly string[] HarmlessWords =
    [
        "algorithm", "lock", "engine", "type", "auto_increment", "comment", "avg_row_length", "checksum", "table_checksum",
        "connection", "data", "index", "delay_key_write", "insert_method", "key_block_size", "max_rows", "min_rows",
        "pack_keys", "password", "row_format", "stats_auto_recalc", "stats_persistent", "stats_sample_pages", "tablespace",
        "union", "encryption", "secondary_engine", "compression", "autoextend_size", "engine_attribute", "page_checksum",
        "page_compressed", "page_compression_level", "transactional", "force", "enable", "disable", "with", "without",
        "analyze", "check", "optimize", "repair", "rebuild", "secondary_load", "secondary_unload", "order", "nowait", "wait",
        "partition", "remove", "reorganize", "coalesce",
    ];

    public static void Read(SqlTokens tokens, List<AlterClause> clauses)
    {
        var start = tokens.Current.Start;
        if (tokens.Take("add"))
        {
            ReadAdd(tokens, clauses, start);
        }
        else if (tokens.Take("drop"))
        {
            var harmless = IsAny(tokens, KeyWords) && !tokens.Current.Is("primary") && !tokens.Current.Is("period");
            Rest(tokens, clauses, start, harmless);
        }
        else if (tokens.Take("rename"))
        {
            Rest(tokens, clauses, start, harmless: tokens.Current.Is("index") || tokens.Current.Is("key"));
        }
        else if (tokens.Take("alter"))
        {
            // ALTER [COLUMN] c SET DEFAULT, ALTER INDEX i INVISIBLE, ALTER CHECK c: rows and types stay.
            Rest(tokens, clauses, start, harmless: true);
        }
        else if (tokens.Take("default"))
        {
            // DEFAULT CHARACTER SET: of columns added later; the row format of existing ones stays.
            Rest(tokens, clauses, start, harmless: true);
        }
        else if (tokens.Current.Is("character") || tokens.Current.Is("charset") || tokens.Current.Is("collate"))
        {
            Rest(tokens, clauses, start, harmless: true);
        }
        else
        {
            Rest(tokens, clauses, start, IsAny(tokens, HarmlessWords));
        }
    }

    private static void ReadAdd(SqlTokens tokens, List<AlterClause> clauses, int start)
    {
        if (IsAny(tokens, KeyWords))
        {
            // A new PRIMARY KEY changes what a row is; a PERIOD or system versioning adds columns to the row images.
            var harmless = !tokens.Current.Is("primary") && !tokens.Current.Is("period") &&
                !(tokens.Current.Is("constraint") && NamesPrimaryKey(tokens));
            Rest(tokens, clauses, start, harmless);
            return;
        }

        if (tokens.Current.Is("partition") || tokens.Current.Is("system"))
        {
            Rest(tokens, clauses, start, harmless: tokens.Current.Is("partition"));
            return;
        }

        tokens.Take("column");
        var ifNotExists = tokens.TakeIfNotExists();
        if (!tokens.Take("("))
        {
            clauses.Add(ReadColumn(tokens, ifNotExists));
            return;
        }

        do
        {
            if (IsAny(tokens, KeyWords))
            {
                clauses.Add(new UnsupportedClause(tokens.TakeRestOfClause(tokens.Current.Start)));
            }
            else
            {
                clauses.Add(ReadColumn(tokens, ifNotExists));
            }
        }
        while (tokens.Take(","));
        tokens.Expect(")");
    }

    private static AddColumnClause ReadColumn(SqlTokens tokens, bool ifNotExists)
    {
        var name = tokens.TakeName();
        var type = ReadType(tokens);
        var column = new AddColumnClause(name, type, null, null, true, false, null, false, null, ifNotExists);
        while (!tokens.AtEnd && !tokens.Current.Is(",") && !tokens.Current.Is(")") && !tokens.Current.Is(";"))
        {
            column = ReadAttribute(tokens, column);
        }

        return column;
    }

    private static string ReadType(SqlTokens tokens)
    {
        var text = new StringBuilder(tokens.TakeName().ToLowerInvariant());
        if (tokens.Take("precision") || tokens.Take("varying"))
        {
            // DOUBLE PRECISION, CHARACTER VARYING
            if (text.ToString() is "character" or "char")
            {
                text.Clear().Append("varchar");
            }
        }

        if (tokens.Current.Is("("))
        {
            text.Append(tokens.TakeParenthesis().Replace(" ", "", StringComparison.Ordinal));
        }

        while (tokens.Current.Is("unsigned") || tokens.Current.Is("signed") || tokens.Current.Is("zerofill"))
        {
            var word = tokens.TakeToken().Text.ToLowerInvariant();
            if (word != "signed")
            {
                text.Append(' ').Append(word);
            }
        }

        return text.ToString();
    }

    private static AddColumnClause ReadAttribute(SqlTokens tokens, AddColumnClause column)
    {
        if (tokens.Take("not"))
        {
            tokens.Expect("null");
            return column with { IsNullable = false, HasDefault = true };
        }

        if (tokens.Take("null"))
        {
            return column;
        }

        if (tokens.Take("default"))
        {
            return column with { HasDefault = column.HasDefault | !ReadDefaultIsNull(tokens) };
        }

        if (tokens.Take("character") || tokens.Take("charset"))
        {
            tokens.Take("set");
            tokens.Take("=");
            return column with { CharacterSet = TakeNameOrString(tokens) };
        }

        if (tokens.Take("collate"))
        {
            tokens.Take("=");
            return column with { Collation = TakeNameOrString(tokens) };
        }

        if (tokens.Take("comment"))
        {
            return column with { Comment = tokens.TakeToken().Text };
        }

        if (tokens.Take("first"))
        {
            return column with { IsFirst = true };
        }

        if (tokens.Take("after"))
        {
            return column with { After = tokens.TakeName() };
        }

        return ReadOtherAttribute(tokens, column);
    }

    private static AddColumnClause ReadOtherAttribute(SqlTokens tokens, AddColumnClause column)
    {
        if (tokens.Current.Is("as") || tokens.Current.Is("generated"))
        {
            // A generated column has a value in every row.
            column = column with { HasDefault = true };
        }

        if (tokens.Current.Is("auto_increment") || tokens.Current.Is("primary"))
        {
            column = column with { HasDefault = true, IsNullable = false };
        }

        if (tokens.Current.Is("("))
        {
            tokens.TakeParenthesis();
        }
        else
        {
            tokens.TakeToken();
        }

        return column;
    }

    private static bool ReadDefaultIsNull(SqlTokens tokens)
    {
        if (tokens.Take("null"))
        {
            return true;
        }

        if (tokens.Current.Is("("))
        {
            tokens.TakeParenthesis();
            return false;
        }

        // A literal with sign or introducer, or a function such as CURRENT_TIMESTAMP(6).
        if (tokens.Current.Is("-") || tokens.Current.Is("+") || tokens.Current.Text.StartsWith('_'))
        {
            tokens.TakeToken();
        }

        tokens.TakeToken();
        if (tokens.Current.Is("("))
        {
            tokens.TakeParenthesis();
        }

        return false;
    }

    private static string TakeNameOrString(SqlTokens tokens) => tokens.TakeToken().Text.ToLowerInvariant();

    private static bool NamesPrimaryKey(SqlTokens tokens) =>
        tokens.NextIs("primary") || tokens.NextIs("primary", 2);

    private static bool IsAny(SqlTokens tokens, string[] words) =>
        Array.Exists(words, word => tokens.Current.Is(word));

    private static void Rest(SqlTokens tokens, List<AlterClause> clauses, int start, bool harmless)
    {
        var text = tokens.TakeRestOfClause(start);
        clauses.Add(harmless ? new HarmlessClause(text) : new UnsupportedClause(text));
    }
}

using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Finds changes of rows that the log holds as statements only. Their outcome cannot be told from the text, so one that names a
/// watched table is refused.
/// </summary>
internal static class StatementChanges
{
    private static readonly string[] Changing = ["INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "WITH", "CALL", "DO"];
    private static readonly string[] Session = ["SAVEPOINT", "RELEASE", "ROLLBACK TO", "FLUSH"];

    /// <summary>True for statements without meaning for a mirror: savepoints, FLUSH and comments for old replicas.</summary>
    public static bool IsSessionControl(ReadOnlySpan<char> text)
    {
        foreach (var word in Session)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return text.IsEmpty || text[0] == '#';
    }

    /// <summary>Throws for a change in statement format that names a watched table.</summary>
    public static void Refuse(QueryEvent query, Func<string, string, bool> isWatched, string file)
    {
        if (!IsChange(query.Text.AsSpan().TrimStart()))
        {
            return;
        }

        var database = query.Database;
        var name = string.Empty;
        for (var at = 0; at < query.Text.Length;)
        {
            var length = NameAt(query.Text, at, out var token);
            if (token is not null)
            {
                var isQualified = name.Length > 0 && at > 0 && query.Text[at - 1] == '.';
                if (isWatched(isQualified ? name : database, token))
                {
                    throw new PaimonException(
                        ErrorKind.Unsupported,
                        $"{file}, at byte {query.Start}: the statement '{Cut(query.Text)}' changes rows of the watched table {token} in "
                        + "statement format: this is not supported, set binlog_format=ROW.");
                }

                name = token;
            }

            at += length;
        }
    }

    private static bool IsChange(ReadOnlySpan<char> text)
    {
        while (text.StartsWith("/*", StringComparison.Ordinal) && text.IndexOf("*/", StringComparison.Ordinal) is > 0 and var end)
        {
            text = text[(end + 2)..].TrimStart();
        }

        foreach (var word in Changing)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (text.Length == word.Length || !char.IsLetterOrDigit(text[word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A bare or quoted name at a place; texts in quotes are looked at too, which can only refuse more.</summary>
    private static int NameAt(string text, int at, out string? name)
    {
        name = null;
        if (text[at] is '`' or '"')
        {
            var end = text.IndexOf(text[at], at + 1);
            if (end > 0)
            {
                name = text[(at + 1)..end];
                return end + 1 - at;
            }

            return 1;
        }

        var length = 0;
        while (at + length < text.Length && (char.IsLetterOrDigit(text[at + length]) || text[at + length] is '_' or '$'))
        {
            length++;
        }

        name = length > 0 ? text.Substring(at, length) : null;
        return Math.Max(1, length);
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}

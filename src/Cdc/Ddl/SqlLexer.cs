using System.Buffers;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Ddl;

/// <summary>
/// Splits a statement of the binlog into tokens as the MySQL server does: comments are dropped, the content of executable
/// comments (<c>/*! */</c>, <c>/*!80023 */</c>, <c>/*M! */</c>) is live, and the session's sql_mode decides what a double
/// quote and a backslash mean (MySQL manual, "Comments" and "String Literals").
/// </summary>
internal static class SqlLexer
{
    /// <summary>The longest statement that is split; a longer one is refused.</summary>
    public const int MaxStatementLength = 16 << 20;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> ExponentCharacters = SearchValues.Create("0123456789.eE");

    public static List<SqlToken> Tokenize(string sql, bool ansiQuotes = false, bool noBackslashEscapes = false)
    {
        if (sql.Length > MaxStatementLength)
        {
            PaimonException.ThrowUnsupported(
                $"A statement of {sql.Length} characters is longer than the {MaxStatementLength} that are read.");
        }

        var tokens = new List<SqlToken>();
        var at = 0;
        while (true)
        {
            at = SkipBlanksAndComments(sql, at);
            if (at >= sql.Length)
            {
                tokens.Add(new SqlToken(SqlTokenKind.End, "", sql.Length, sql.Length));
                return tokens;
            }

            var token = Next(sql, at, ansiQuotes, noBackslashEscapes);
            tokens.Add(token);
            at = token.End;
        }
    }

    private static SqlToken Next(string sql, int at, bool ansiQuotes, bool noBackslashEscapes)
    {
        var c = sql[at];
        if (c == '`' || (c == '"' && ansiQuotes))
        {
            return Quoted(sql, at, SqlTokenKind.QuotedName, escapes: false);
        }

        if (c is '\'' or '"')
        {
            return Quoted(sql, at, SqlTokenKind.String, !noBackslashEscapes);
        }

        if (char.IsAsciiDigit(c))
        {
            return NumberOrWord(sql, at);
        }

        if (!IsWordCharacter(c))
        {
            return new SqlToken(SqlTokenKind.Symbol, c.ToString(), at, at + 1);
        }

        var end = at + 1;
        while (end < sql.Length && IsWordCharacter(sql[end]))
        {
            end++;
        }

        return new SqlToken(SqlTokenKind.Word, sql[at..end], at, end);
    }

    private static SqlToken NumberOrWord(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && (IsWordCharacter(sql[end]) || sql[end] == '.'))
        {
            end++;
        }

        var text = sql.AsSpan(at, end - at);
        // An unquoted name may begin with a digit (`2024_orders`), but not consist of digits only.
        var isNumber = !text.ContainsAnyExcept(NumberCharacters) || (char.IsAsciiDigit(text[^1]) && IsExponent(text));
        return new SqlToken(isNumber ? SqlTokenKind.Number : SqlTokenKind.Word, text.ToString(), at, end);
    }

    private static bool IsExponent(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExcept(ExponentCharacters) && text.IndexOfAny('e', 'E') > 0;

    private static SqlToken Quoted(string sql, int at, SqlTokenKind kind, bool escapes)
    {
        var quote = sql[at];
        var text = new StringBuilder();
        for (var i = at + 1; i < sql.Length; i++)
        {
            var c = sql[i];
            if (c == '\\' && escapes && i + 1 < sql.Length)
            {
                text.Append(Unescape(sql[++i]));
            }
            else if (c != quote)
            {
                text.Append(c);
            }
            else if (i + 1 < sql.Length && sql[i + 1] == quote)
            {
                text.Append(quote);
                i++;
            }
            else
            {
                return new SqlToken(kind, text.ToString(), at, i + 1);
            }
        }

        throw new PaimonException(ErrorKind.Invalid, $"The statement ends inside a quote that begins at character {at}.");
    }

    private static char Unescape(char c) => c switch
    {
        '0' => '\0',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'Z' => '\x1a',
        _ => c,
    };

    private static int SkipBlanksAndComments(string sql, int at)
    {
        while (at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[at]) || sql[at] == '\0')
            {
                at++;
            }
            else if (sql[at] == '#' || IsDashComment(sql, at))
            {
                var lineEnd = sql.IndexOf('\n', at);
                at = lineEnd < 0 ? sql.Length : lineEnd + 1;
            }
            else if (At(sql, at, "/*"))
            {
                at = SkipBlockComment(sql, at);
            }
            else if (At(sql, at, "*/"))
            {
                // The end of an executable comment, whose content was live.
                at += 2;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static int SkipBlockComment(string sql, int at)
    {
        var mark = At(sql, at, "/*!") ? 3 : At(sql, at, "/*M!") ? 4 : 0;
        if (mark > 0)
        {
            at += mark;
            while (at < sql.Length && char.IsAsciiDigit(sql[at]))
            {
                at++;
            }

            return at;
        }

        var end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + 2;
    }

    private static bool IsDashComment(string sql, int at) =>
        At(sql, at, "--") && (at + 2 == sql.Length || char.IsWhiteSpace(sql[at + 2]) || char.IsControl(sql[at + 2]));

    private static bool At(string sql, int at, string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '@' || c >= 0x80;
}

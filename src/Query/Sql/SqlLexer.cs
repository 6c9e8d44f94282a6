using System.Text;

namespace PaimonSharp.Query.Sql;

/// <summary>
/// Splits text of the Flink SQL dialect into tokens: names in back quotes, strings in single quotes (doubled inside), numbers
/// without sign, comments <c>--</c> and <c>/* */</c>.
/// </summary>
internal sealed class SqlLexer(string sql)
{
    private static readonly string[] LongSymbols = ["<>", "!=", "<=", ">=", "||"];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public static List<SqlToken> Tokenize(string sql)
    {
        var lexer = new SqlLexer(sql);
        var tokens = new List<SqlToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != SqlTokenKind.End);
        return tokens;
    }

    private SqlToken Next()
    {
        SkipBlanksAndComments();
        if (_at >= sql.Length)
        {
            return Token(SqlTokenKind.End, "");
        }

        var c = sql[_at];
        if (c is '\'' or '`')
        {
            return Quoted(c);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < sql.Length && char.IsAsciiDigit(sql[_at + 1])))
        {
            return Number();
        }

        if (char.IsLetter(c) || c == '_')
        {
            return Run(SqlTokenKind.Word, static character => char.IsLetterOrDigit(character) || character is '_' or '$');
        }

        foreach (var symbol in LongSymbols)
        {
            if (string.CompareOrdinal(sql, _at, symbol, 0, symbol.Length) == 0)
            {
                return Take(SqlTokenKind.Symbol, symbol, symbol.Length);
            }
        }

        return Take(SqlTokenKind.Symbol, c.ToString(), 1);
    }

    private SqlToken Quoted(char quote)
    {
        var start = Token(quote == '`' ? SqlTokenKind.QuotedName : SqlTokenKind.String, "");
        var text = new StringBuilder();
        _at++;
        while (_at < sql.Length)
        {
            var c = sql[_at];
            Advance();
            if (c == quote && (_at >= sql.Length || sql[_at] != quote))
            {
                return start with { Text = text.ToString() };
            }

            if (c == quote)
            {
                _at++;
            }

            text.Append(c);
        }

        throw start.Error($"The text ends inside a quote that begins here with {quote}.");
    }

    private SqlToken Number()
    {
        var end = _at;
        while (end < sql.Length && (char.IsAsciiDigit(sql[end]) || sql[end] == '.'))
        {
            end++;
        }

        if (end < sql.Length && sql[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            if (exponent < sql.Length && sql[exponent] is '+' or '-')
            {
                exponent++;
            }

            while (exponent < sql.Length && char.IsAsciiDigit(sql[exponent]))
            {
                exponent++;
                end = exponent;
            }
        }

        return Take(SqlTokenKind.Number, sql[_at..end], end - _at);
    }

    private SqlToken Run(SqlTokenKind kind, Func<char, bool> belongs)
    {
        var end = _at + 1;
        while (end < sql.Length && belongs(sql[end]))
        {
            end++;
        }

        return Take(kind, sql[_at..end], end - _at);
    }

    private SqlToken Take(SqlTokenKind kind, string text, int length)
    {
        var token = Token(kind, text);
        _at += length;
        return token;
    }

    private SqlToken Token(SqlTokenKind kind, string text) => new(kind, text, _line, _at - _lineStart + 1);

    private void SkipBlanksAndComments()
    {
        while (_at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[_at]))
            {
                Advance();
            }
            else if (string.CompareOrdinal(sql, _at, "--", 0, 2) == 0)
            {
                var end = sql.IndexOf('\n', _at);
                _at = end < 0 ? sql.Length : end;
            }
            else if (string.CompareOrdinal(sql, _at, "/*", 0, 2) == 0)
            {
                var end = sql.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                end = end < 0 ? sql.Length : end + 2;
                while (_at < end)
                {
                    Advance();
                }
            }
            else
            {
                return;
            }
        }
    }

    private void Advance()
    {
        if (sql[_at] == '\n')
        {
            _line++;
            _lineStart = _at + 1;
        }

        _at++;
    }
}

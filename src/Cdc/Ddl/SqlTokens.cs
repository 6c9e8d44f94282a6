using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Ddl;

/// <summary>A cursor over the tokens of one statement.</summary>
internal sealed class SqlTokens(string sql, IReadOnlyList<SqlToken> tokens)
{
    private int _next;

    public SqlToken Current => tokens[_next];

    public bool AtEnd => Current.Kind == SqlTokenKind.End;

    public bool Take(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        _next++;
        return true;
    }

    public SqlToken TakeToken()
    {
        var token = Current;
        if (token.Kind != SqlTokenKind.End)
        {
            _next++;
        }

        return token;
    }

    public bool NextIs(string word, int ahead = 1) => _next + ahead < tokens.Count && tokens[_next + ahead].Is(word);

    public void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unreadable($"'{word.ToUpperInvariant()}'");
        }
    }

    public string TakeName()
    {
        if (!Current.IsName)
        {
            throw Unreadable("a name");
        }

        return TakeToken().Text;
    }

    public DdlTable TakeTable(string defaultDatabase)
    {
        var name = TakeName();
        return Take(".") ? new DdlTable(name, TakeName()) : new DdlTable(defaultDatabase, name);
    }

    public bool TakeIfExists()
    {
        if (!Current.Is("if"))
        {
            return false;
        }

        TakeToken();
        Expect("exists");
        return true;
    }

    public bool TakeIfNotExists()
    {
        if (!(Current.Is("if") && NextIs("not")))
        {
            return false;
        }

        TakeToken();
        TakeToken();
        Expect("exists");
        return true;
    }

    /// <summary>MariaDB's WAIT n and NOWAIT after a table's name.</summary>
    public void SkipWaitOption()
    {
        if (Take("wait"))
        {
            TakeToken();
        }
        else
        {
            Take("nowait");
        }
    }

    /// <summary>Passes over a parenthesis with all that it holds.</summary>
    /// <returns>Its text with the parentheses.</returns>
    public string TakeParenthesis()
    {
        var start = Current.Start;
        Expect("(");
        var depth = 1;
        var end = start;
        while (depth > 0)
        {
            var token = TakeToken();
            depth += token.Kind switch
            {
                SqlTokenKind.End => throw Unreadable("')'"),
                SqlTokenKind.Symbol when token.Text == "(" => 1,
                SqlTokenKind.Symbol when token.Text == ")" => -1,
                _ => 0,
            };
            end = token.End;
        }

        return sql[start..end];
    }

    /// <summary>Passes over the rest of a clause: all tokens until a comma outside parentheses.</summary>
    /// <returns>The clause's text from a start on.</returns>
    public string TakeRestOfClause(int start)
    {
        var end = start;
        while (!AtEnd && !Current.Is(","))
        {
            if (Current.Is("("))
            {
                TakeParenthesis();
            }
            else
            {
                TakeToken();
            }

            end = tokens[_next - 1].End;
        }

        return sql[start..Math.Max(start, end)];
    }

    public void TakeAllNames(string defaultDatabase, List<DdlTable> tables)
    {
        while (!AtEnd)
        {
            if (Current.IsName)
            {
                tables.Add(TakeTable(defaultDatabase));
            }
            else
            {
                TakeToken();
            }
        }
    }

    public PaimonException Unreadable(string expected) => new(
        ErrorKind.Unsupported,
        $"Statement not understood at character {Current.Start}: expected {expected}, found " +
        $"'{(AtEnd ? "the end" : Current.Text)}'. Statement: {(sql.Length <= 500 ? sql : sql[..500] + " ...")}");
}

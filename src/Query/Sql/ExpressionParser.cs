namespace PaimonSharp.Query.Sql;

/// <summary>
/// Reads a condition: OR over AND over NOT over comparisons, IS NULL, IN, BETWEEN and LIKE of columns and literals.
/// Nesting is bounded, so that no text can exhaust the stack.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 200;

    private readonly List<SqlToken> _tokens;
    private int _next;
    private int _depth;

    private ExpressionParser(string sql) => _tokens = SqlLexer.Tokenize(sql);

    private SqlToken Current => _tokens[_next];

    /// <summary>Reads a whole text as one condition.</summary>
    /// <param name="sql">The text, as after WHERE.</param>
    /// <exception cref="SqlException">The text is not a condition; the error says where.</exception>
    public static SqlExpression ParseCondition(string sql)
    {
        var parser = new ExpressionParser(sql);
        var expression = parser.ReadOr();
        if (parser.Current.Kind != SqlTokenKind.End)
        {
            throw parser.Unexpected("AND, OR or the end");
        }

        return expression;
    }

    private SqlExpression ReadOr() => ReadLogical("OR", ReadAnd);

    private SqlExpression ReadAnd() => ReadLogical("AND", ReadNot);

    private SqlExpression ReadLogical(string word, Func<SqlExpression> readOperand)
    {
        var at = Current;
        var first = readOperand();
        if (!Current.Is(word))
        {
            return first;
        }

        var operands = new List<SqlExpression> { first };
        while (Take(word))
        {
            operands.Add(readOperand());
        }

        return new SqlLogical(at, word, operands);
    }

    private SqlExpression ReadNot()
    {
        var at = Current;
        if (!Take("NOT"))
        {
            return ReadPredicate();
        }

        Enter();
        var operand = ReadNot();
        _depth--;
        return new SqlLogical(at, "NOT", [operand]);
    }

    private SqlExpression ReadPredicate()
    {
        if (Take("("))
        {
            Enter();
            var inner = ReadOr();
            _depth--;
            Expect(")");
            return inner;
        }

        var left = ReadOperand();
        var at = Current;
        if (Take("IS"))
        {
            var negated = Take("NOT");
            Expect("NULL");
            return new SqlIsNull(at, left, negated);
        }

        var isNegated = Take("NOT");
        if (Take("IN"))
        {
            return new SqlIn(at, left, ReadList(), isNegated);
        }

        if (Take("BETWEEN"))
        {
            var low = ReadOperand();
            Expect("AND");
            return new SqlBetween(at, left, low, ReadOperand(), isNegated);
        }

        if (Take("LIKE"))
        {
            var like = new SqlComparison(at, "LIKE", left, ReadOperand());
            return isNegated ? new SqlLogical(at, "NOT", [like]) : like;
        }

        if (isNegated)
        {
            throw Unexpected("IN, BETWEEN or LIKE after NOT");
        }

        return ReadComparison(left);
    }

    private SqlExpression ReadComparison(SqlExpression left)
    {
        var at = Current;
        if (at.Kind == SqlTokenKind.Symbol && at.Text is "=" or "<>" or "!=" or "<" or "<=" or ">" or ">=")
        {
            _next++;
            return new SqlComparison(at, at.Text == "!=" ? "<>" : at.Text, left, ReadOperand());
        }

        return left is SqlColumn or SqlLiteral { Kind: SqlLiteralKind.Boolean or SqlLiteralKind.Null }
            ? left
            : throw Unexpected("a comparison");
    }

    private List<SqlExpression> ReadList()
    {
        Expect("(");
        var values = new List<SqlExpression>();
        do
        {
            values.Add(ReadOperand());
        }
        while (Take(","));
        Expect(")");
        return values;
    }

    private SqlExpression ReadOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case SqlTokenKind.QuotedName:
                _next++;
                return new SqlColumn(token, token.Text);
            case SqlTokenKind.String:
                _next++;
                return new SqlLiteral(token, SqlLiteralKind.String, token.Text);
            case SqlTokenKind.Number:
                _next++;
                return new SqlLiteral(token, SqlLiteralKind.Number, token.Text);
            case SqlTokenKind.Symbol when token.Text is "-" or "+" && _tokens[_next + 1].Kind == SqlTokenKind.Number:
                _next += 2;
                return new SqlLiteral(
                    token, SqlLiteralKind.Number, (token.Text == "-" ? "-" : "") + _tokens[_next - 1].Text);
            case SqlTokenKind.Word:
                _next++;
                return ReadWord(token);
            default:
                throw Unexpected("a column or a literal");
        }
    }

    private SqlExpression ReadWord(SqlToken word)
    {
        if (Current.Kind == SqlTokenKind.String)
        {
            var kind = word.Text.ToUpperInvariant() switch
            {
                "DATE" or "TIME" or "TIMESTAMP" => SqlLiteralKind.Temporal,
                "X" => SqlLiteralKind.Binary,
                _ => throw Unexpected("an operator"),
            };
            return new SqlLiteral(word, kind, _tokens[_next++].Text);
        }

        return word.Text.ToUpperInvariant() switch
        {
            "TRUE" or "FALSE" => new SqlLiteral(word, SqlLiteralKind.Boolean, word.Text.ToLowerInvariant()),
            "NULL" => new SqlLiteral(word, SqlLiteralKind.Null, ""),
            "AND" or "OR" or "NOT" or "IN" or "IS" or "BETWEEN" or "LIKE" =>
                throw word.Error($"Expected a column or a literal, found '{word.Text}'; a column of that name needs back quotes."),
            _ => new SqlColumn(word, word.Text),
        };
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Current.Error($"The condition is nested deeper than {MaxDepth} levels.");
        }
    }

    private bool Take(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        _next++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    private SqlException Unexpected(string expected) =>
        Current.Error(
            $"Expected {expected}, found {(Current.Kind == SqlTokenKind.End ? "the end" : $"'{Current.Text}'")}."
            + (Current.Text == "\"" ? " Texts stand in single quotes, names of columns in back quotes." : ""));
}

namespace PaimonSharp.Query.Sql;

/// <summary>A node of an expression as written, before names and types mean anything.</summary>
/// <param name="At">The token that the node begins with or turns on: where errors point.</param>
internal abstract record SqlExpression(SqlToken At);

/// <summary>A column by name.</summary>
internal sealed record SqlColumn(SqlToken At, string Name) : SqlExpression(At);

/// <summary>A literal as text: a number, a string, DATE '…', X'…', TRUE, NULL.</summary>
/// <param name="At">The literal's first token.</param>
/// <param name="Kind">Number, String, Boolean, Null, Typed or Binary.</param>
/// <param name="Text">The text inside the quotes, or the number with its sign.</param>
internal sealed record SqlLiteral(SqlToken At, SqlLiteralKind Kind, string Text) : SqlExpression(At);

/// <summary>The form of a literal.</summary>
internal enum SqlLiteralKind : byte
{
    Number,
    String,
    Boolean,
    Null,
    Temporal,
    Binary,
}

/// <summary>A comparison by =, &lt;&gt;, &lt;, &lt;=, &gt;, &gt;= or LIKE.</summary>
internal sealed record SqlComparison(SqlToken At, string Operator, SqlExpression Left, SqlExpression Right)
    : SqlExpression(At);

/// <summary>IS [NOT] NULL.</summary>
internal sealed record SqlIsNull(SqlToken At, SqlExpression Operand, bool IsNegated) : SqlExpression(At);

/// <summary>[NOT] IN (list).</summary>
internal sealed record SqlIn(SqlToken At, SqlExpression Operand, IReadOnlyList<SqlExpression> Values, bool IsNegated)
    : SqlExpression(At);

/// <summary>[NOT] BETWEEN low AND high.</summary>
internal sealed record SqlBetween(
    SqlToken At, SqlExpression Operand, SqlExpression Low, SqlExpression High, bool IsNegated) : SqlExpression(At);

/// <summary>NOT, AND or OR.</summary>
internal sealed record SqlLogical(SqlToken At, string Operator, IReadOnlyList<SqlExpression> Operands) : SqlExpression(At);

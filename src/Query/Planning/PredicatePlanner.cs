using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Query.Sql;

namespace PaimonSharp.Query.Planning;

/// <summary>
/// Gives a SQL condition its meaning on a table's columns. Comparisons of a column with literals become predicates; what
/// compares columns with each other, or computes, is refused with its place.
/// </summary>
public static class PredicatePlanner
{
    /// <summary>Plans a condition.</summary>
    /// <param name="condition">The text, as after WHERE, such as <c>status = 'PAID' AND amount &gt; 10</c>.</param>
    /// <param name="rowType">The columns that it may name.</param>
    /// <exception cref="SqlException">The text is no condition, or means nothing on the columns; the error says where.</exception>
    public static Predicate Plan(string condition, RowType rowType)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(rowType);
        return Plan(ExpressionParser.ParseCondition(condition), rowType);
    }

    private static Predicate Plan(SqlExpression expression, RowType rowType) => expression switch
    {
        SqlLogical { Operator: "AND" } and => Predicate.And([.. and.Operands.Select(operand => Plan(operand, rowType))]),
        SqlLogical { Operator: "OR" } or => Predicate.Or([.. or.Operands.Select(operand => Plan(operand, rowType))]),
        SqlLogical not => Plan(not.Operands[0], rowType).Negate(),
        SqlIsNull isNull => Leaf(
            isNull.At, rowType, ColumnOf(isNull.Operand), isNull.IsNegated ? PredicateOperator.IsNotNull : PredicateOperator.IsNull),
        SqlIn list => Leaf(
            list.At, rowType, ColumnOf(list.Operand), list.IsNegated ? PredicateOperator.NotIn : PredicateOperator.In,
            [.. list.Values.Select(ValueOf)]),
        SqlBetween between => Leaf(
            between.At, rowType, ColumnOf(between.Operand),
            between.IsNegated ? PredicateOperator.NotBetween : PredicateOperator.Between,
            [ValueOf(between.Low), ValueOf(between.High)]),
        SqlComparison { Operator: "LIKE" } like => Like(like, rowType),
        SqlComparison comparison => Compare(comparison, rowType),
        SqlColumn column => Leaf(column.At, rowType, column, PredicateOperator.Equal, ["true"]),
        _ => throw expression.At.Error("Expected a condition on a column, found a literal."),
    };

    private static Predicate Compare(SqlComparison comparison, RowType rowType)
    {
        var operation = comparison.Operator switch
        {
            "=" => PredicateOperator.Equal,
            "<>" => PredicateOperator.NotEqual,
            "<" => PredicateOperator.LessThan,
            "<=" => PredicateOperator.LessOrEqual,
            ">" => PredicateOperator.GreaterThan,
            _ => PredicateOperator.GreaterOrEqual,
        };
        return comparison.Left is SqlLiteral && comparison.Right is SqlColumn
            ? Leaf(comparison.At, rowType, ColumnOf(comparison.Right), Mirror(operation), [ValueOf(comparison.Left)])
            : Leaf(comparison.At, rowType, ColumnOf(comparison.Left), operation, [ValueOf(comparison.Right)]);
    }

    private static PredicateOperator Mirror(PredicateOperator operation) => operation switch
    {
        PredicateOperator.LessThan => PredicateOperator.GreaterThan,
        PredicateOperator.LessOrEqual => PredicateOperator.GreaterOrEqual,
        PredicateOperator.GreaterThan => PredicateOperator.LessThan,
        PredicateOperator.GreaterOrEqual => PredicateOperator.LessOrEqual,
        _ => operation,
    };

    /// <summary>LIKE with % at one or both ends only; _ and % elsewhere are refused, never taken as plain characters.</summary>
    private static Predicate Like(SqlComparison like, RowType rowType)
    {
        var column = ColumnOf(like.Left);
        if (like.Right is not SqlLiteral { Kind: SqlLiteralKind.String } literal)
        {
            throw like.Right.At.Error("LIKE needs a text.");
        }

        var pattern = literal.Text;
        var startsOpen = pattern.StartsWith('%');
        var endsOpen = pattern.Length > 1 && pattern.EndsWith('%');
        var text = pattern[(startsOpen ? 1 : 0)..(endsOpen ? pattern.Length - 1 : pattern.Length)];
        if (text.AsSpan().IndexOfAny('%', '_', '\\') >= 0)
        {
            throw literal.At.Error("LIKE is supported as 'x%', '%x' and '%x%' only.");
        }

        var operation = (startsOpen, endsOpen) switch
        {
            (true, true) => PredicateOperator.Contains,
            (true, false) => PredicateOperator.EndsWith,
            (false, true) => PredicateOperator.StartsWith,
            _ => PredicateOperator.Equal,
        };
        return text.Length == 0 && startsOpen
            ? Leaf(like.At, rowType, column, PredicateOperator.IsNotNull)
            : Leaf(like.At, rowType, column, operation, [text]);
    }

    private static Predicate Leaf(
        SqlToken at, RowType rowType, SqlColumn column, PredicateOperator operation, params object?[] literals)
    {
        var name = rowType.IndexOf(column.Name) >= 0
            ? column.Name
            : rowType.Fields.FirstOrDefault(field => field.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase))?.Name
                ?? column.Name;
        try
        {
            return Predicate.Leaf(rowType, name, operation, literals);
        }
        catch (Data.Errors.PaimonException e) when (e is not SqlException)
        {
            throw (rowType.IndexOf(name) < 0 ? column.At : at).Error(e.Message);
        }
    }

    private static SqlColumn ColumnOf(SqlExpression expression) => expression as SqlColumn
        ?? throw expression.At.Error("Expected a column here; a condition compares a column with literals.");

    private static object? ValueOf(SqlExpression expression) => expression switch
    {
        SqlLiteral { Kind: SqlLiteralKind.Null } => null,
        SqlLiteral { Kind: SqlLiteralKind.Binary } binary => BytesOf(binary),
        SqlLiteral literal => literal.Text,
        _ => throw expression.At.Error("Expected a literal here; comparing columns with each other is not supported."),
    };

    private static byte[] BytesOf(SqlLiteral literal)
    {
        try
        {
            return Convert.FromHexString(literal.Text);
        }
        catch (FormatException)
        {
            throw literal.At.Error($"X'{literal.Text}' is not an even number of hexadecimal digits.");
        }
    }
}

using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Query.Planning;
using PaimonSharp.Query.Sql;

namespace PaimonSharp.Query.Tests.Planning;

public sealed class PredicatePlannerTests
{
    private static readonly RowType Orders = DataTypes.Row(
        new DataField(0, "id", DataTypes.BigInt.NotNull()),
        new DataField(1, "status", DataTypes.String),
        new DataField(2, "amount", DataTypes.Decimal(10, 2)),
        new DataField(3, "day", DataTypes.Date),
        new DataField(4, "paid", DataTypes.Boolean),
        new DataField(5, "Raw Bytes", DataTypes.Bytes));

    private static readonly object?[][] Rows =
    [
        [1L, "PAID", 10.00m, new DateOnly(2024, 1, 1), true, new byte[] { 1 }],
        [2L, "OPEN", -5.50m, new DateOnly(2024, 2, 1), false, new byte[] { 0xFF, 0 }],
        [3L, null, 99.99m, null, null, null],
        [4L, "it's", null, new DateOnly(1969, 12, 31), true, Array.Empty<byte>()],
    ];

    [Theory]
    [InlineData("status = 'PAID'", "1")]
    [InlineData("'PAID' = status", "1")]
    [InlineData("status <> 'PAID'", "2 4")]
    [InlineData("status != 'PAID' -- a comment\n", "2 4")]
    [InlineData("NOT status = 'PAID'", "2 4")]
    [InlineData("status = 'it''s'", "4")]
    [InlineData("amount > 10", "3")]
    [InlineData("10 < amount", "3")]
    [InlineData("amount >= 10.00 AND amount <= 99.99", "1 3")]
    [InlineData("amount BETWEEN -6 AND 10", "1 2")]
    [InlineData("amount NOT BETWEEN -6 AND 10", "3")]
    [InlineData("id IN (1, 3, 7)", "1 3")]
    [InlineData("id NOT IN (1, 3)", "2 4")]
    [InlineData("status IS NULL", "3")]
    [InlineData("status is not null and day is not null", "1 2 4")]
    [InlineData("day >= DATE '2024-01-01'", "1 2")]
    [InlineData("day < '1970-01-01'", "4")]
    [InlineData("paid", "1 4")]
    [InlineData("NOT paid", "2")]
    [InlineData("paid = false", "2")]
    [InlineData("status LIKE 'P%'", "1")]
    [InlineData("status LIKE '%EN'", "2")]
    [InlineData("status NOT LIKE '%A%'", "2 4")]
    [InlineData("status LIKE '%'", "1 2 4")]
    [InlineData("`Raw Bytes` = X'ff00'", "2")]
    [InlineData("id = 1 OR id = 2 AND paid", "1")]
    [InlineData("(id = 1 OR id = 2) AND NOT (paid OR amount > 0)", "2")]
    [InlineData("NOT (id = 1 OR amount < 0)", "3")]
    [InlineData("ID = 1", "1")]
    [InlineData("status = NULL", "")]
    public void A_condition_selects_the_rows_that_it_is_true_for(string condition, string expected) =>
        Assert.Equal(expected, Select(condition));

    [Theory]
    [InlineData("nosuch = 1", 1, 1, "nosuch")]
    [InlineData("id =\n  amount", 2, 3, "literal")]
    [InlineData("id = 1 AND", 1, 11, "the end")]
    [InlineData("id", 1, 1, "BIGINT")]
    [InlineData("id = 'x'", 1, 4, "x")]
    [InlineData("status LIKE 'a_b'", 1, 13, "LIKE")]
    [InlineData("status = 'open", 1, 10, "quote")]
    [InlineData("(id = 1", 1, 8, "')'")]
    [InlineData("id = 1 id = 2", 1, 8, "AND")]
    [InlineData("and = 1", 1, 1, "back quotes")]
    [InlineData("1 = 1", 1, 1, "column")]
    [InlineData("", 1, 1, "column")]
    public void A_text_that_is_no_condition_says_where(string condition, int line, int column, string word)
    {
        var error = Assert.Throws<SqlException>(() => PredicatePlanner.Plan(condition, Orders));

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = new string('(', 100_000) + "id = 1" + new string(')', 100_000);

        Assert.Throws<SqlException>(() => PredicatePlanner.Plan(deep, Orders));
    }

    private static string Select(string condition)
    {
        var batch = new ColumnBatch(Orders);
        foreach (var row in Rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                ValueAppender.Append(batch.Columns[i], row[i]);
            }

            batch.EndRows(1);
        }

        var selection = new RowSelection();
        PredicatePlanner.Plan(condition, Orders).Evaluate(batch, selection);
        return string.Join(' ', Enumerable.Range(0, Rows.Length).Where(row => selection[row]).Select(row => Rows[row][0]));
    }
}

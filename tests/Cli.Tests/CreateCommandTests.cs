using System.Text.Json;
using System.Text.RegularExpressions;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Cli.Tests;

/// <summary><c>paimonsharp create</c>: the table that the library makes, and what is refused.</summary>
public sealed class CreateCommandTests : IDisposable
{
    private readonly TempDirectory _warehouse = new("warehouse");

    [Fact]
    public async Task The_table_is_the_one_that_the_library_makes_of_the_same_definition()
    {
        var catalog = await Catalog.OpenAsync(_warehouse.Path, cancellationToken: TestContext.Current.CancellationToken);
        await catalog.CreateTableAsync(
            new Identifier("shop", "expected"),
            new TableDefinition()
                .Column("id", DataTypes.BigInt.NotNull()).Column("shop id", DataTypes.Int)
                .Column("name", DataTypes.String, "the shop's own", "'NEW'").Column("day", DataTypes.Date.NotNull())
                .Column("address", new RowType([new DataField(0, "city", DataTypes.String), new DataField(0, "zip", DataTypes.Int)]))
                .PrimaryKey("day", "id", "shop id").PartitionedBy("day").Option("bucket", "4").Option("changelog-producer", "input")
                with
            { Comment = "who visits" },
            TestContext.Current.CancellationToken);

        var run = (await RunAsync(
            "create", "shop.made", "--column", "id BIGINT NOT NULL", "--column", "`shop id` INT",
            "--column", "name STRING DEFAULT 'NEW' COMMENT 'the shop''s own'", "--column", "day DATE NOT NULL",
            "--column", "address ROW<city STRING, zip INT>", "--primary-key", "day,id, shop id", "--partition-by", "day",
            "--option", "bucket=4", "--option", "changelog-producer=input", "--comment", "who visits")).Expect(0);

        Assert.Contains("shop.made is made", run.Output, StringComparison.Ordinal);
        Assert.Equal(SchemaOf("expected"), SchemaOf("made"));
        await PaimonCheck.AssertValidAsync(TablePath("made"));
    }

    [Fact]
    public async Task A_table_that_was_made_takes_rows()
    {
        (await RunAsync("create", "shop.orders", "--column", "id INT", "--column", "status STRING", "--primary-key", "id")).Expect(0);
        await using (var writer = (await Table.OpenAsync(TablePath("orders"))).NewWriter("rows"))
        {
            await writer.UpsertAsync(1, "NEW");
            await writer.UpsertAsync(1, "PAID");
            await writer.CommitAsync();
        }

        var run = (await RunAsync("scan", "shop.orders", "--json")).Expect(0);

        Assert.Equal("{\"id\":1,\"status\":\"PAID\"}", Assert.Single(run.Lines));
    }

    [Fact]
    public async Task A_table_that_is_there_is_refused_or_left_as_it_is()
    {
        (await RunAsync("create", "shop.orders", "--column", "id INT")).Expect(0);
        var before = SchemaOf("orders");

        (await RunAsync("create", "shop.orders", "--column", "other INT")).Expect(2, "shop.orders", "already", "--if-not-exists");
        var twice = await RunAsync("create", "shop.twice", "--column", "id INT", "--column", "id INT");
        Assert.DoesNotContain("Parameter", twice.Expect(2, "'id'").Error, StringComparison.Ordinal);
        var run = (await RunAsync("create", "shop.orders", "--column", "other INT", "--if-not-exists", "--json")).Expect(0);

        var answer = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.False(answer.GetProperty("created").GetBoolean());
        Assert.Equal("id", answer.GetProperty("columns")[0].GetProperty("name").GetString());
        Assert.Equal(before, SchemaOf("orders"));
    }

    [Fact]
    public async Task The_answer_in_json_is_the_whole_schema()
    {
        var run = (await RunAsync(
            "create", "shop.orders", "--column", "id INT", "--column", "v STRING", "--primary-key", "id", "--json")).Expect(0);

        var answer = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.True(answer.GetProperty("created").GetBoolean());
        Assert.Equal("shop.orders", answer.GetProperty("table").GetString());
        Assert.Equal("INT NOT NULL", answer.GetProperty("columns")[0].GetProperty("type").GetString());
        Assert.Equal("id", answer.GetProperty("primaryKeys")[0].GetString());
        Assert.Equal("1", answer.GetProperty("options").GetProperty("bucket").GetString());
    }

    [Fact]
    public async Task Options_that_change_nothing_are_taken_with_a_warning()
    {
        var run = (await RunAsync(
            "create", "shop.orders", "--column", "id INT", "--column", "v INT", "--primary-key", "id", "--json", "--option", "merge-engin=aggregation",
            "--option", "fields.v.aggregate-function=sum", "--option", "my.own.remark=1")).Expect(
            0,
            "warning: option 'merge-engin' is not known and changes nothing; did you mean 'merge-engine'?\n",
            "warning: option 'my.own.remark' is not known and changes nothing.\n",
            "warning: option 'fields.v.aggregate-function' changes nothing with merge-engine 'deduplicate'");

        var answer = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal(3, answer.GetProperty("warnings").GetArrayLength());
        Assert.Equal("aggregation", answer.GetProperty("options").GetProperty("merge-engin").GetString());
        Assert.Equal("", (await RunAsync(
            "create", "shop.sums", "--column", "id INT", "--column", "v INT", "--primary-key", "id", "--option", "merge-engine=aggregation",
            "--option", "fields.v.aggregate-function=sum", "--option", "sink.parallelism=4", "--option", "parquet.page.size=4 kb")).Expect(0).Error);
    }

    [Fact]
    public async Task A_database_with_a_dot_in_its_name_stands_in_backticks()
    {
        (await RunAsync("create", "`my.shop`.orders.old", "--column", "id INT")).Expect(0);

        Assert.True(Directory.Exists(Path.Combine(_warehouse.Path, "my.shop.db", "orders.old", "schema")));
        Assert.Contains("`my.shop`.orders.old", (await RunAsync("tables")).Expect(0).Output, StringComparison.Ordinal);
        (await RunAsync("scan", "`my.shop`.orders.old")).Expect(0);
        (await RunAsync("drop", "`my.shop`.orders.old", "--yes")).Expect(0);
    }

    [Theory]
    [InlineData(2, "--column 'id BIGINT NOT NULL'")]
    [InlineData(2, "write database.table", "orders")]
    [InlineData(2, "Expected: name TYPE [NOT NULL]", "shop.orders", "--column", "id DECIMAL(")]
    [InlineData(2, "Expected: name TYPE [NOT NULL]", "shop.orders", "--column", "id INT PLEASE")]
    [InlineData(2, "expected the name of a column", "shop.orders", "--column", "")]
    [InlineData(2, "Expected: name TYPE", "shop.orders", "--column", "id")]
    [InlineData(3, "Types are BOOLEAN", "shop.orders", "--column", "id BIGNIT")]
    [InlineData(2, "stands in backticks", "shop.orders", "--column", "a.b INT")]
    [InlineData(2, "the columns are id", "shop.orders", "--column", "id INT", "--primary-key", "nope")]
    [InlineData(2, "divided by commas", "shop.orders", "--column", "id INT", "--primary-key", "id,")]
    [InlineData(2, "key=value", "shop.orders", "--column", "id INT", "--option", "bucket")]
    [InlineData(2, "'bucket' is 'many'", "shop.orders", "--column", "id INT", "--option", "bucket=many")]
    [InlineData(2, "'write-only' is 'maybe'; expected true or false", "shop.orders", "--column", "id INT", "--option", "write-only=maybe")]
    [InlineData(2, "expected a duration such as '1 h'", "shop.orders", "--column", "id INT", "--option", "snapshot.time-retained=1 hr")]
    [InlineData(2, "Column 'v': aggregate function 'sum' takes numbers, not STRING", "shop.orders", "--column", "id INT", "--column",
        "v STRING", "--primary-key", "id", "--option", "merge-engine=aggregation", "--option", "fields.v.aggregate-function=sum")]
    [InlineData(2, "there is no aggregate function 'summ'; there are bool_and", "shop.orders", "--column", "id INT", "--column",
        "v INT", "--primary-key", "id", "--option", "merge-engine=aggregation", "--option", "fields.v.aggregate-function=summ")]
    [InlineData(3, "'format-table'", "shop.orders", "--column", "id INT", "--option", "type=format-table")]
    [InlineData(2, "default value", "shop.orders", "--column", "id INT DEFAULT much")]
    [InlineData(2, "'a/b'", "a/b.c", "--column", "id INT")]
    public async Task What_makes_no_table_says_what_was_expected_and_makes_nothing(int exitCode, string part, params string[] arguments)
    {
        var run = (await RunAsync(["create", .. arguments.Length == 0 ? ["shop.orders"] : arguments])).Expect(exitCode, "error: ", part);

        Assert.Equal("", run.Output);
        Assert.Empty(Directory.GetFiles(_warehouse.Path, "*", SearchOption.AllDirectories));
    }

    public void Dispose() => _warehouse.Dispose();

    private Task<ToolRun> RunAsync(params string[] arguments) =>
        ToolRun.OfAsync(new Dictionary<string, string> { ["PAIMONSHARP_WAREHOUSE"] = _warehouse.Path }, arguments);

    private string TablePath(string table) => Path.Combine(_warehouse.Path, "shop.db", table);

    private string SchemaOf(string table) => Regex.Replace(
        File.ReadAllText(Path.Combine(TablePath(table), "schema", "schema-0")), "\"timeMillis\" *: *[0-9]+", "");
}

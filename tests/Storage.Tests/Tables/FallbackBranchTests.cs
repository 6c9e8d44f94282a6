using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class FallbackBranchTests
{
    private static readonly Identifier Name = new("shop", "sales");

    [Fact]
    public async Task Partitions_that_only_the_fallback_branch_has_are_read_from_it()
    {
        var table = await CreateAsync();
        Assert.Equal("a1:main b2:fallback", await RowsAsync(table.NewScan()));
        Assert.Equal("a1:main", await RowsAsync(TimeTravelTests.With(table, "scan.fallback-branch", "").NewScan()));
        var onlyB = Predicate.Leaf(table.Schema.RowType, "p", PredicateOperator.Equal, "b");
        Assert.Equal("b2:fallback", await RowsAsync(table.NewScan().Filter(onlyB)));
        Assert.Equal("a1:main", await RowsAsync(table.NewScan().Limit(1)));
    }

    [Fact]
    public async Task A_state_of_the_table_takes_the_branch_as_it_was_then()
    {
        var table = await CreateAsync();
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("b", 3, "main");
        await writer.CommitAsync();
        Assert.Equal("a1:main b3:main", await RowsAsync(table.NewScan()));
        Assert.Equal("a1:main b2:fallback", await RowsAsync(table.NewScan().AsOfSnapshot(1)));
    }

    [Fact]
    public async Task A_branch_of_other_columns_and_incremental_reads_are_refused()
    {
        var table = await CreateAsync();
        var changes = TimeTravelTests.With(table, "incremental-between", "0,1");
        var error = await Assert.ThrowsAsync<PaimonException>(() => RowsAsync(changes.NewScan()));
        Assert.Contains("incremental reads with option 'scan.fallback-branch'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Table> CreateAsync()
    {
        var time = new Testing.ManualTime(step: TimeSpan.FromSeconds(1));
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment() with { TimeProvider = time });
        var main = await catalog.CreateTableAsync(Name, new TableDefinition()
            .Column("p", DataTypes.String).Column("k", DataTypes.Int).Column("v", DataTypes.String)
            .PrimaryKey("p", "k").PartitionedBy("p"));
        await main.Branches.CreateAsync("other");
        var branch = await catalog.GetTableAsync(Name, new Dictionary<string, string> { ["branch"] = "other" });
        await using var branchWriter = branch.NewWriter();
        await branchWriter.UpsertAsync("a", 1, "fallback");
        await branchWriter.UpsertAsync("b", 2, "fallback");
        await branchWriter.CommitAsync();
        await using var writer = main.NewWriter();
        await writer.UpsertAsync("a", 1, "main");
        await writer.CommitAsync();
        return TimeTravelTests.With(main, "scan.fallback-branch", "other");
    }

    private static async Task<string> RowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            rows.Add($"{row.GetString(0)}{row.GetInt32(1)}:{row.GetString(2)}");
        }

        rows.Sort(StringComparer.Ordinal);
        return string.Join(' ', rows);
    }
}

using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public sealed class MemoryBudgetTests
{
    private static readonly Identifier Name = new("default", "t");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_any_size_over_many_pages_are_merged_as_a_dictionary_would(bool withSequenceField)
    {
        var random = new Random(withSequenceField ? 7 : 8);
        var definition = new TableDefinition()
            .Column("id", DataTypes.BigInt.NotNull())
            .Column("version", DataTypes.Int)
            .Column("text", DataTypes.String)
            .PrimaryKey("id")
            .Option("bucket", "2")
            .Option("memory-budget", "16 mb");
        definition = withSequenceField ? definition.Option("sequence.field", "version") : definition;
        var table = await CreateAsync(definition);
        var expected = new SortedDictionary<long, (int Version, string Text)>();
        var writer = table.NewWriter();
        await using var disposeWriter = writer;
        var batch = new ColumnBatch(table.Schema.RowType);
        for (var round = 0; round < 12; round++)
        {
            batch.Clear();
            for (var i = 0; i < 2_500; i++)
            {
                // Most rows are small; some fill a page by themselves.
                var (id, version) = (random.NextInt64(9_000), random.Next(1_000));
                var text = new string((char)('a' + random.Next(26)), random.Next(500) == 0 ? 200_000 : random.Next(100));
                ((FixedVector<long>)batch.Columns[0]).Append(id);
                ((FixedVector<int>)batch.Columns[1]).Append(version);
                ((BinaryVector)batch.Columns[2]).Append(text);
                if (!withSequenceField || !expected.TryGetValue(id, out var old) || version >= old.Version)
                {
                    expected[id] = (version, text);
                }
            }

            batch.EndRows(2_500);
            await writer.WriteAsync(batch);
        }

        await writer.CommitAsync();
        var actual = new SortedDictionary<long, (int Version, string Text)>();
        await foreach (var row in table.NewScan().ReadRowsAsync())
        {
            actual.Add((long)row["id"]!, ((int)row["version"]!, (string)row["text"]!));
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Write_buffers_of_all_buckets_stay_within_their_half_of_the_budget()
    {
        const long Budget = 16L << 20;
        var table = await CreateAsync(new TableDefinition()
            .Column("id", DataTypes.BigInt.NotNull())
            .Column("text", DataTypes.String)
            .PrimaryKey("id")
            .Option("bucket", "5")
            .Option("write-only", "true")
            .Option("memory-budget", $"{Budget} b"));
        var writer = table.NewWriter();
        await using var disposeWriter = writer;
        var batch = new ColumnBatch(table.Schema.RowType);
        var most = 0L;
        for (var round = 0; round < 40; round++)
        {
            batch.Clear();
            for (var i = 0; i < 5_000; i++)
            {
                ((FixedVector<long>)batch.Columns[0]).Append((round * 5_000L) + i);
                ((BinaryVector)batch.Columns[1]).Append("a text of forty characters, as orders do"u8);
            }

            batch.EndRows(5_000);
            await writer.WriteAsync(batch);
            most = Math.Max(most, writer.Progress.BufferedBytes);
        }

        Assert.InRange(most, Budget / 4, Budget / 2);
        await writer.CommitAsync();
        var rows = 0L;
        await foreach (var read in table.NewScan().ReadBatchesAsync())
        {
            rows += read.RowCount;
        }

        Assert.Equal(200_000, rows);
    }

    [Theory]
    [InlineData("16 mb")]
    [InlineData("256 mb")]
    [InlineData("8 gb")]
    public void The_parts_of_a_budget_are_not_more_than_the_whole(string text)
    {
        var budget = MemoryBudget.Of(new TableOptions(new Dictionary<string, string>
        {
            [MemoryBudget.Option] = text,
            ["write-buffer-size"] = "100 gb",
        }));
        const int Runs = 5;
        var task = budget.WindowBytes + budget.BatchBytes + (Runs * (long)budget.ReadAheadBytes(Runs));

        Assert.True(budget.ParallelTasks >= 1);
        Assert.True(budget.WriteBufferBytes + (budget.ParallelTasks * task) <= budget.TotalBytes);
        Assert.True(budget.RowGroupBytes <= budget.TotalBytes / 8);
    }

    [Fact]
    public async Task Merges_share_the_runs_that_are_read_side_by_side_and_none_waits_for_others()
    {
        var table = await CreateAsync(new TableDefinition()
            .Column("id", DataTypes.BigInt.NotNull()).PrimaryKey("id").Option("memory-budget", "64 mb"));
        var plan = new KeyValueReadPlan(table.Schema, new TableOptions(table.Schema.Options), [0]);
        var all = plan.Memory.MaxFileRuns;
        Assert.True(all > 3 * MemoryBudget.LeastFileRuns);
        Assert.Equal(all - 10, plan.TakeRuns(all - 10));
        Assert.Equal(10, plan.TakeRuns(1000));
        Assert.Equal(MemoryBudget.LeastFileRuns, plan.TakeRuns(1000));
        Assert.Equal(2, plan.TakeRuns(2));
        plan.ReturnRuns(all + MemoryBudget.LeastFileRuns + 2);
        Assert.Equal(all, plan.TakeRuns(1000));
    }

    private static async Task<Table> CreateAsync(TableDefinition definition)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(new MemoryFileIO()));
        return await catalog.CreateTableAsync(Name, definition);
    }
}

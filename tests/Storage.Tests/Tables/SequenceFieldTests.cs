using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class SequenceFieldTests
{
    [Theory]
    [InlineData("ascending", false, "1:first 2:second 3:first")]
    [InlineData("ascending", true, "1:first 2:second 3:first")]
    [InlineData("descending", false, "1:second 2:first 3:first")]
    [InlineData("descending", true, "1:second 2:first 3:first")]
    public async Task The_newest_of_two_columns_wins_and_null_is_oldest_in_both_directions(
        string direction, bool inOneCommit, string expected)
    {
        var table = await CreateAsync(("sequence.field", "s1,s2"), ("sequence.field.sort-order", direction));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "first", 2, 9, null);
        await writer.UpsertAsync(2, "first", 5, 1, null);
        await writer.UpsertAsync(3, "first", 1, 1, null);
        if (!inOneCommit)
        {
            await writer.CommitAsync();
        }

        await writer.UpsertAsync(1, "second", 1, 99, null);
        await writer.UpsertAsync(2, "second", 5, 2, null);
        await writer.UpsertAsync(3, "second", null, 5, null);
        await writer.CommitAsync();
        Assert.Equal(expected, await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
        await writer.CompactAsync();
        await writer.CommitAsync();
        Assert.Equal(expected, await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
    }

    [Theory]
    [InlineData("ignore-delete", "1:a 2:b")]
    [InlineData("deduplicate.ignore-delete", "1:a 2:b")]
    [InlineData("first-row.ignore-delete", "1:a 2:b")]
    [InlineData("ignore-update-before", "2:b")]
    public async Task Retractions_are_dropped_as_the_options_say(string option, string expected)
    {
        var table = await CreateAsync((option, "true"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "a", 0, 0, null);
        await writer.UpsertAsync(2, "b", 0, 0, null);
        await writer.CommitAsync();
        await writer.WriteAsync(Rows(writer, (RowKind.Delete, 1, "a"), (RowKind.UpdateBefore, 2, "b")));
        await writer.CommitAsync();
        Assert.Equal(expected, await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
    }

    [Theory]
    [InlineData("p", "new")]
    [InlineData("p,g", "old")]
    [InlineData("g,p", "old")]
    public async Task A_partition_column_may_order_a_group_in_which_all_rows_of_a_key_have_the_same(string sequences, string expected)
    {
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.String).Column("p", DataTypes.Int)
            .Column("g", DataTypes.Int).PrimaryKey("p", "k").PartitionedBy("p").Option("bucket", "1")
            .Option("merge-engine", "partial-update").Option($"fields.{sequences}.sequence-group", "v");
        var table = await (await TableKit.OpenCatalogAsync()).CreateTableAsync(MaintainedTable.Name, definition);
        await using var writer = table.NewWriter();
        foreach (var (value, sequence) in new[] { ("old", 2), ("new", 1) })
        {
            await writer.UpsertAsync(1, value, 7, sequence);
            await writer.CommitAsync();
        }

        Assert.Equal($"1:{expected}", await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
        await using (var lookup = await table.OpenLookupAsync(new TableLookupOptions()))
        {
            Assert.Equal(expected, (await lookup.GetAsync([7, 1], CancellationToken.None))!.Value.GetString(1));
        }

        await writer.CompactAsync();
        await writer.CommitAsync();
        Assert.Equal($"1:{expected}", await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
    }

    [Fact]
    public async Task A_column_may_say_what_a_row_does()
    {
        var table = await CreateAsync(("rowkind.field", "kind"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "a", 0, 0, "+I");
        await writer.UpsertAsync(2, "b", 0, 0, "+U");
        await writer.CommitAsync();
        await writer.UpsertAsync(1, "a", 0, 0, "-D");
        foreach (var bad in new[] { null, "XX" })
        {
            var error = await Assert.ThrowsAsync<PaimonException>(() => writer.UpsertAsync(3, "c", 0, 0, bad).AsTask());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Contains("'kind'", error.Message, StringComparison.Ordinal);
        }

        await writer.CommitAsync();
        Assert.Equal("2:b", await MaintainedTable.RowsAsync(table.NewScan().Project("k", "v")));
    }

    private static async Task<Table> CreateAsync(params (string Key, string Value)[] options)
    {
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.String)
            .Column("s1", DataTypes.Int).Column("s2", DataTypes.BigInt).Column("kind", DataTypes.String).PrimaryKey("k");
        foreach (var (key, value) in options)
        {
            definition = definition.Option(key, value);
        }

        return await (await TableKit.OpenCatalogAsync()).CreateTableAsync(MaintainedTable.Name, definition);
    }

    private static ColumnBatch Rows(TableWriter writer, params (RowKind Kind, int Key, string Value)[] rows)
    {
        var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
        foreach (var (kind, key, value) in rows)
        {
            ((FixedVector<int>)batch.Columns[0]).Append(key);
            ((BinaryVector)batch.Columns[1]).Append(System.Text.Encoding.UTF8.GetBytes(value));
            ((FixedVector<int>)batch.Columns[2]).Append(0);
            ((FixedVector<long>)batch.Columns[3]).Append(0);
            batch.Columns[4].AppendNull();
            batch.Kinds!.Append(kind);
            batch.EndRows(1);
        }

        return batch;
    }
}

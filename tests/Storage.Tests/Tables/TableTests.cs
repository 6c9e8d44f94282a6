using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class TableTests
{
    private static readonly Identifier Orders = new("shop", "orders");

    private static TableDefinition Definition => new TableDefinition()
        .Column("id", DataTypes.BigInt)
        .Column("status", DataTypes.String)
        .Column("amount", DataTypes.Decimal(10, 2))
        .PrimaryKey("id");

    [Fact]
    public async Task Rows_are_visible_after_their_commit_and_the_newest_row_of_a_key_wins()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 9.5m);
        await writer.UpsertAsync(2, "NEW", 1m);
        Assert.Empty(await TableKit.RowsAsync(table.NewScan()));
        var first = Assert.Single(await writer.CommitAsync());
        await writer.UpsertAsync(1, "PAID", 9.5m);
        await writer.DeleteAsync(2);
        var second = Assert.Single(await writer.CommitAsync());
        Assert.Equal(["""{"id":1,"status":"PAID","amount":"9.50"}"""], await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan().AsOfSnapshot(first.Id))).Count);
        Assert.Equal((1L, 2L, "APPEND"), (first.Id, second.Id, second.CommitKind));
    }

    [Fact]
    public async Task The_input_producer_records_rows_as_they_were_written()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition.Option("changelog-producer", "input"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 1m);
        await writer.UpsertAsync(1, "PAID", 1m);
        await writer.CommitAsync();
        await writer.DeleteAsync(1, "PAID", 1m);
        await writer.CommitAsync();
        Assert.Equal(
            ["1 +I (1, NEW, 1.00)", "1 +I (1, PAID, 1.00)", "2 -D (1, PAID, 1.00)"], await TableKit.ChangesAsync(table, 1));
    }

    [Fact]
    public async Task A_large_flush_records_every_row_and_keeps_the_newest_of_each_key()
    {
        const int Keys = 20_000;
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition.Option("changelog-producer", "input"));
        await using var writer = table.NewWriter();
        for (var i = 0; i < Keys * 2; i++)
        {
            await writer.UpsertAsync(i % Keys, i < Keys ? "NEW" : "PAID", 1m);
        }

        await writer.CommitAsync();
        var expected = Enumerable.Range(0, Keys).SelectMany(
            key => (string[])[$"1 +I ({key}, NEW, 1.00)", $"1 +I ({key}, PAID, 1.00)"]);
        Assert.Equal(expected, await TableKit.ChangesAsync(table, 1));
        var rows = await TableKit.RowsAsync(table.NewScan());
        Assert.Equal(Keys, rows.Count);
        Assert.All(rows, row => Assert.Contains("PAID", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consumer_goes_on_where_its_progress_was_recorded()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        for (var i = 0; i < 3; i++)
        {
            await writer.UpsertAsync(i, "NEW", 1m);
            await writer.CommitAsync();
        }

        var options = new ChangelogStreamOptions { FromSnapshot = 1, ToSnapshot = 2, ConsumerId = "reader" };
        var stream = table.NewChangelogStream(options);
        await foreach (var _ in stream.ReadAsync())
        {
        }

        await stream.CommitProgressAsync();
        var again = table.NewChangelogStream(options with { ToSnapshot = null, Bounded = true });
        var ids = new List<long>();
        await foreach (var batch in again.ReadAsync())
        {
            ids.Add(batch.SnapshotId);
        }

        Assert.Equal([3L], ids);
    }

    [Fact]
    public async Task A_following_stream_gives_the_state_and_then_every_commit()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "OLD", 1m);
        await writer.UpsertAsync(1, "NEW", 1m);
        await writer.CommitAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var texts = new List<string>();
        await foreach (var batch in table.NewChangelogStream(new() { PollInterval = TimeSpan.FromMilliseconds(5) }).ReadAsync(stop.Token))
        {
            texts.Add(new Row(batch.Rows, 0).ToString());
            if (texts.Count == 2)
            {
                break;
            }

            await writer.DeleteAsync(1);
            await writer.CommitAsync(cancellationToken: CancellationToken.None);
        }

        Assert.Equal(["+I (1, NEW, 1.00)", "-D (1, NULL, NULL)"], texts);
    }

    [Fact]
    public async Task Columns_added_later_read_as_null_in_older_rows_and_writers_go_on_in_one_commit()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 1m);
        var schema = await catalog.AlterTableAsync(Orders, new SchemaChange.AddColumn("note", DataTypes.String));
        await writer.ApplySchemaAsync(schema);
        await writer.UpsertAsync(2, "NEW", 1m, "hello");
        Assert.Single(await writer.CommitAsync());
        table = await catalog.GetTableAsync(Orders);
        Assert.Equal(
            [
                """{"id":1,"status":"NEW","amount":"1.00","note":null}""",
                """{"id":2,"status":"NEW","amount":"1.00","note":"hello"}""",
            ],
            await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(["""{"note":"hello"}""", """{"note":null}"""], await TableKit.RowsAsync(table.NewScan().Project("note")));
    }

    [Fact]
    public async Task A_compaction_leaves_one_run_without_deletes_and_the_same_rows()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        for (var i = 0; i < 4; i++)
        {
            await writer.UpsertAsync(i, "NEW", i);
            await writer.DeleteAsync(i - 1);
            await writer.CommitAsync();
        }

        var before = await TableKit.RowsAsync(table.NewScan());
        await writer.CompactAsync();
        var snapshot = Assert.Single(await writer.CommitAsync(new CommitOptions { Properties = new Dictionary<string, string> { ["at"] = "7" } }));
        var file = Assert.Single(await table.FilesAsync());
        Assert.Equal((5, 1L, 0L), (file.Level, file.RowCount, file.DeleteRowCount!.Value));
        Assert.Equal(("COMPACT", "7"), (snapshot.CommitKind, snapshot.Properties["at"]));
        Assert.Equal(before, await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_compaction_that_lost_against_another_does_not_fail_the_writer()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 1m);
        await writer.CommitAsync();
        await writer.UpsertAsync(2, "NEW", 1m);
        await writer.CompactAsync();
        var prepared = await writer.PrepareCommitAsync();
        await using var other = table.NewWriter("other");
        await other.UpsertAsync(3, "NEW", 1m);
        await other.CompactAsync();
        await other.CommitAsync();
        var snapshot = Assert.Single(await writer.CommitPreparedAsync(prepared));
        Assert.Equal("APPEND", snapshot.CommitKind);
        await writer.UpsertAsync(3, "PAID", 1m);
        await writer.CommitAsync();
        Assert.Equal(
            [
                """{"id":1,"status":"NEW","amount":"1.00"}""",
                """{"id":2,"status":"NEW","amount":"1.00"}""",
                """{"id":3,"status":"PAID","amount":"1.00"}""",
            ],
            await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Files_that_cannot_hold_a_wanted_row_are_not_opened()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        for (var i = 0; i < 3; i++)
        {
            await writer.UpsertAsync(i, $"S{i}", 1m);
            await writer.CommitAsync();
        }

        var byKey = table.NewScan().Filter(Predicate.Leaf(table.Schema.RowType, "id", PredicateOperator.Equal, 1L));
        Assert.Single(await TableKit.RowsAsync(byKey));
        Assert.Equal(2, byKey.PrunedFiles);
        var byValue = table.NewScan().Project("id")
            .Filter(Predicate.Leaf(table.Schema.RowType, "status", PredicateOperator.Equal, "S2"));
        Assert.Equal(["""{"id":2}"""], await TableKit.RowsAsync(byValue));
        Assert.Equal(2, byValue.PrunedFiles);
    }

    [Fact]
    public async Task A_condition_on_values_never_lets_an_older_version_show()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "NEW", 1m);
        await writer.CommitAsync();
        await writer.UpsertAsync(1, "PAID", 1m);
        await writer.CommitAsync();
        var scan = table.NewScan().Filter(Predicate.Leaf(table.Schema.RowType, "status", PredicateOperator.Equal, "NEW"));
        Assert.Empty(await TableKit.RowsAsync(scan));
    }

    [Fact]
    public async Task Numbers_of_commits_must_increase_and_empty_commits_are_made_only_when_asked()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Orders, Definition);
        await using var writer = table.NewWriter("job");
        Assert.Empty(await writer.CommitAsync(new CommitOptions { Identifier = 5 }));
        Assert.Single(await writer.CommitAsync(new CommitOptions { Identifier = 5, AllowEmpty = true }));
        var error = await Assert.ThrowsAsync<PaimonException>(
            async () => await writer.CommitAsync(new CommitOptions { Identifier = 5, AllowEmpty = true }));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Equal(5, (await table.LatestSnapshotOfUserAsync("job"))!.CommitIdentifier);
    }

    [Theory]
    [InlineData("file.format", "orc")]
    public async Task What_is_not_supported_is_refused_by_name_at_creation(string key, string value)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var error = await Assert.ThrowsAsync<PaimonException>(
            async () => await catalog.CreateTableAsync(Orders, Definition.Option(key, value)));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.False(await catalog.TableExistsAsync(Orders));
    }

    [Fact]
    public async Task A_writer_that_is_disposed_leaves_no_file_of_rows_that_were_not_committed()
    {
        var environment = TableKit.NewEnvironment();
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var table = await catalog.CreateTableAsync(Orders, Definition.Option("write-buffer-size", "1 b"));
        await using (var writer = table.NewWriter())
        {
            await writer.WriteAsync(NewBatch(table));
            await writer.PrepareCommitAsync();
            await writer.WriteAsync(NewBatch(table));
        }

        Assert.Empty(await environment.FileIO.ListAsync($"{table.Path}/bucket-0"));
    }

    private static Data.Vectors.ColumnBatch NewBatch(Table table)
    {
        var batch = new Data.Vectors.ColumnBatch(table.Schema.RowType);
        ((Data.Vectors.FixedVector<long>)batch.Columns[0]).Append(1);
        batch.Columns[1].AppendNull();
        batch.Columns[2].AppendNull();
        batch.EndRows(1);
        return batch;
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Row ids, and rows whose columns are in several files: tables as other writers leave them.</summary>
public class DataEvolutionTests
{
    private static readonly Identifier Name = new("db", "t");
    private static readonly Dictionary<string, string> Options = new()
    {
        ["row-tracking.enabled"] = "true",
        ["data-evolution.enabled"] = "true",
    };

    private readonly StorageEnvironment _environment = TableKit.NewEnvironment();

    [Fact]
    public async Task Each_column_is_read_from_the_newest_file_that_has_it()
    {
        var table = await CommitAsync(
            new File("a", FirstRowId: 0, Sequence: 1, [("id", [1, 2]), ("x", [10, 20]), ("y", [100, 200])]),
            new File("b", FirstRowId: 0, Sequence: 3, [("y", [111, 222])]),
            new File("c", FirstRowId: 0, Sequence: 2, [("x", [11, 22]), ("y", [0, 0])]),
            new File("d", FirstRowId: 2, Sequence: 1, [("id", [3])]));

        Assert.Equal(
            [
                "{\"id\":1,\"x\":11,\"y\":111,\"_ROW_ID\":0,\"_SEQUENCE_NUMBER\":3}",
                "{\"id\":2,\"x\":22,\"y\":222,\"_ROW_ID\":1,\"_SEQUENCE_NUMBER\":3}",
                "{\"id\":3,\"x\":null,\"y\":null,\"_ROW_ID\":2,\"_SEQUENCE_NUMBER\":1}",
            ],
            await TableKit.RowsAsync(table.NewScan().WithRowIds()));
        Assert.Equal(["{\"y\":111}", "{\"y\":222}", "{\"y\":null}"], await TableKit.RowsAsync(table.NewScan().Project("y")));
    }

    [Fact]
    public async Task A_condition_on_one_column_rules_out_no_file_with_others()
    {
        var table = await CommitAsync(
            new File("a", FirstRowId: 0, Sequence: 1, [("id", [1, 2]), ("x", [10, 20])]),
            new File("b", FirstRowId: 0, Sequence: 2, [("x", [30, 40])]));

        Assert.Equal(["{\"id\":2}"], await TableKit.RowsAsync(Where(table, "x", 40).Project("id")));
        Assert.Empty(await TableKit.RowsAsync(Where(table, "x", 20).Project("id")));
    }

    [Fact]
    public async Task Files_whose_rows_overlap_but_differ_are_corrupt()
    {
        var table = await CommitAsync(
            new File("a", FirstRowId: 0, Sequence: 1, [("id", [1, 2])]), new File("b", FirstRowId: 1, Sequence: 2, [("x", [3, 4])]));

        var error = await Assert.ThrowsAsync<CorruptDataException>(() => TableKit.RowsAsync(table.NewScan()));

        Assert.Contains("row ids 0 to 1 and 1 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_row_ids_is_corrupt()
    {
        var table = await CommitAsync(new File("a", FirstRowId: null, Sequence: 1, [("id", [1, 2])]));

        var error = await Assert.ThrowsAsync<CorruptDataException>(() => TableKit.RowsAsync(table.NewScan()));

        Assert.Contains("has no row ids", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_column_that_no_file_has_is_corrupt()
    {
        var table = await CommitAsync(
            new File("a", FirstRowId: 0, Sequence: 1, [("x", [1, 2])]), new File("b", FirstRowId: 0, Sequence: 2, [("y", [1, 2])]));

        var error = await Assert.ThrowsAsync<CorruptDataException>(() => TableKit.RowsAsync(table.NewScan()));

        Assert.Contains("`id`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_that_a_compaction_stored_win_over_those_by_position()
    {
        var table = await CommitAsync(
            new File("a", FirstRowId: 7, Sequence: 5, [("id", [1, 2, 3]), ("_ROW_ID", [4, null, 3]), ("_SEQUENCE_NUMBER", [1, 2, null])]));

        Assert.Equal(
            ["{\"_ROW_ID\":3,\"_SEQUENCE_NUMBER\":5}", "{\"_ROW_ID\":4,\"_SEQUENCE_NUMBER\":1}", "{\"_ROW_ID\":8,\"_SEQUENCE_NUMBER\":2}"],
            await TableKit.RowsAsync(table.NewScan().WithRowIds().Project("_ROW_ID", "_SEQUENCE_NUMBER")));
    }

    [Fact]
    public async Task The_system_table_row_tracking_gives_the_rows_with_their_ids()
    {
        var table = await CommitAsync(new File("a", FirstRowId: 5, Sequence: 2, [("id", [1])]));
        var rows = new List<string>();
        await foreach (var batch in table.OpenSystemTable("row_tracking").NewScan().ReadBatchesAsync())
        {
            rows.Add(TableKit.Text(batch, 0));
        }

        Assert.Equal(["{\"id\":1,\"x\":null,\"y\":null,\"_ROW_ID\":5,\"_SEQUENCE_NUMBER\":2}"], rows);
    }

    [Fact]
    public async Task The_system_table_ro_of_a_table_without_keys_gives_all_rows()
    {
        var table = await CommitAsync(new File("a", FirstRowId: 0, Sequence: 1, [("id", [1])]));
        var rows = new List<string>();
        await foreach (var batch in table.OpenSystemTable("ro").NewScan().ReadBatchesAsync())
        {
            rows.Add(TableKit.Text(batch, 0));
        }

        Assert.Single(rows);
    }

    private static TableScan Where(Table table, string column, int value) => table.NewScan().Filter(
        Predicate.Leaf(table.Schema.RowType, column, PredicateOperator.Equal, value));

    private async Task<Table> CommitAsync(params File[] files)
    {
        var catalog = await TableKit.OpenCatalogAsync(_environment);
        await catalog.CreateTableAsync(
            Name,
            new TableDefinition().Column("id", DataTypes.Int.NotNull()).Column("x", DataTypes.Int).Column("y", DataTypes.Int));
        var table = await catalog.GetTableAsync(Name, Options);
        var metas = new List<DataFileMeta>();
        foreach (var file in files)
        {
            metas.Add(await WriteAsync(table, file));
        }

        var message = new CommitMessage(BinaryRowBytes.Empty, 0, -1) { NewFiles = metas };
        await table.Store.NewCommit("other").CommitAsync(new Committable(1, [message]));
        return table;
    }

    private async Task<DataFileMeta> WriteAsync(Table table, File file)
    {
        var schema = RowTracking.Extend(table.Schema).Fields.ToDictionary(field => field.Name);
        var type = new RowType([.. file.Columns.Select(column => schema[column.Name])]);
        var path = $"{table.Path}/bucket-0/{file.Name}.parquet";
        var writer = ParquetFileFormat.Instance.CreateWriter(await _environment.FileIO.CreateAsync(path), type, new FormatWriterOptions());
        await using var disposeWriter = writer;
        await writer.WriteAsync([.. file.Columns.Select((column, i) => Vector(type.Fields[i].Type, column.Values))], 0, file.RowCount, default);
        var result = await writer.FinishAsync(default);
        return new DataFileMeta
        {
            FileName = $"{file.Name}.parquet",
            FileSizeBytes = result.SizeBytes,
            RowCount = result.RowCount,
            MinKey = BinaryRowBytes.Empty,
            MaxKey = BinaryRowBytes.Empty,
            KeyStats = SimpleStats.Empty,
            ValueStats = SimpleStatsBuilder.Build(type, result.Statistics, _ => StatsMode.Full),
            ValueStatsColumns = [.. type.Fields.Select(field => field.Name)],
            MinSequenceNumber = file.Sequence,
            MaxSequenceNumber = file.Sequence,
            SchemaId = table.Schema.Id,
            Level = 0,
            FirstRowId = file.FirstRowId,
            WriteColumns = [.. file.Columns.Select(column => column.Name).Where(name => name[0] != '_')],
        };
    }

    private static ColumnVector Vector(DataType type, int?[] values)
    {
        var vector = ColumnVector.Create(type);
        foreach (var value in values)
        {
            ValueAppender.Append(vector, value);
        }

        return vector;
    }

    private sealed record File(string Name, long? FirstRowId, long Sequence, (string Name, int?[] Values)[] Columns)
    {
        public int RowCount => Columns[0].Values.Length;
    }
}

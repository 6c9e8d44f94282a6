using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>Tables that nobody could write to are not made, and those that others made can be read and changed.</summary>
public class UsableTableTests
{
    private static readonly Identifier Name = new("db", "t");
    private static readonly DataType Rows = new ArrayType(new RowType([new DataField(10, "x", DataTypes.Int), new DataField(11, "y", DataTypes.Int)]));

    [Theory]
    [InlineData("s", "sum", "takes numbers, not STRING")]
    [InlineData("s", "product", "takes numbers, not STRING")]
    [InlineData("v", "bool_and", "takes BOOLEAN, not INT")]
    [InlineData("v", "bool_or", "takes BOOLEAN, not INT")]
    [InlineData("v", "collect", "takes ARRAY, not INT")]
    [InlineData("v", "listagg", "takes STRING, not INT")]
    [InlineData("c", "listagg", "takes STRING, not VARCHAR(10)")]
    [InlineData("b", "max", "takes numbers, texts, bytes, dates and times, not BOOLEAN")]
    [InlineData("r", "min", "takes numbers, texts, bytes, dates and times, not ARRAY")]
    [InlineData("r", "merge_map", "takes MAP")]
    [InlineData("r", "merge_map_with_keytime", "takes MAP whose values are ROW")]
    [InlineData("v", "nested_update", "takes ARRAY of ROW")]
    [InlineData("r", "nested_partial_update", "needs 'fields.r.nested-key'")]
    [InlineData("v", "theta_sketch", "takes BYTES or VARBINARY, not INT")]
    [InlineData("s", "hll_sketch", "takes BYTES or VARBINARY, not STRING")]
    [InlineData("v", "rbm32", "takes BYTES or VARBINARY, not INT")]
    [InlineData("v", "rbm64", "takes BYTES or VARBINARY, not INT")]
    [InlineData("v", "frobnicate", "there is no aggregate function 'frobnicate'; there are bool_and, bool_or")]
    public async Task A_function_that_does_not_take_its_column_is_refused_when_the_table_is_made(string column, string function, string part)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = Definition("merge-engine=aggregation").Option($"fields.{column}.aggregate-function", function);

        var error = await RefusedAsync(() => catalog.CreateTableAsync(Name, definition).AsTask());

        Assert.Contains($"Column '{column}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{function}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(await catalog.TableExistsAsync(Name));
    }

    [Theory]
    [InlineData("merge-engine=aggregation fields.default-aggregate-function=sum", "'sum' takes numbers")]
    [InlineData("merge-engine=partial-update fields.v.sequence-group=s fields.s.aggregate-function=sum", "'sum' takes numbers")]
    [InlineData("merge-engine=aggregation aggregation.remove-record-on-delete=true fields.v.ignore-retract=true", "exclude each other")]
    [InlineData("write-only=maybe", "'write-only' is 'maybe'; expected true or false")]
    [InlineData("snapshot.time-retained=soon", "'snapshot.time-retained' is 'soon'; expected a duration")]
    [InlineData("target-file-size=much", "'target-file-size' is 'much'; expected a size")]
    [InlineData("tag.creation-period=weekly", "'tag.creation-period' is 'weekly'; expected one of daily, hourly, two-hours")]
    [InlineData("read.batch-size=many", "'read.batch-size' is 'many'; expected a whole number")]
    [InlineData("path=/elsewhere", "'path' cannot be given")]
    [InlineData("auto-create=true", "'auto-create'")]
    [InlineData("bucket-key=v", "bucket key 'v'")]
    [InlineData("lookup.cache.bloom.filter.fpp=2", "between 0 and 1")]
    [InlineData("tag.creation-period-duration=0", "a time above zero")]
    [InlineData("sink.process-time-zone=x", "the name of a time zone")]
    [InlineData("sink.watermark-time-zone=x", "the name of a time zone")]
    [InlineData("num-levels=1", "'num-levels' is '1'")]
    [InlineData("primary-key=k,s bucket-function.type=mod", "mod")]
    public async Task Options_that_make_no_usable_table_are_refused_when_it_is_made(string options, string part)
    {
        var catalog = await TableKit.OpenCatalogAsync();

        var error = await RefusedAsync(() => catalog.CreateTableAsync(Name, Definition(options) with { PrimaryKeys = options.StartsWith("primary-key", StringComparison.Ordinal) ? [] : ["k"] }).AsTask());

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(await catalog.TableExistsAsync(Name));
    }

    [Theory]
    [InlineData("file.compression=x")]
    [InlineData("changelog-file.compression=x")]
    [InlineData("file.compression.per.level=0:x")]
    [InlineData("manifest.compression=x")]
    [InlineData("spill-compression=x")]
    [InlineData("lookup.cache-spill-compression=x")]
    [InlineData("bucket=2147483647")]
    [InlineData("type=format-table")]
    public async Task What_is_not_supported_is_refused_when_the_table_is_made(string options)
    {
        var catalog = await TableKit.OpenCatalogAsync();

        var error = await Assert.ThrowsAsync<PaimonException>(() => catalog.CreateTableAsync(Name, Definition(options)).AsTask());

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.False(await catalog.TableExistsAsync(Name));
    }

    [Theory]
    [InlineData("file.compression.zstd-level", "-3")]
    [InlineData("file.compression.zstd-level", "99")]
    [InlineData("file.compression", "ZSTD")]
    public async Task Compressions_in_any_case_and_of_any_level_are_written(string key, string value)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition("").Option(key, value));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "a", null, null, 1, null);
        await writer.CommitAsync();

        Assert.Single(await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_change_that_makes_a_function_not_take_its_column_is_refused()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition("merge-engine=aggregation fields.v.aggregate-function=sum"));

        SchemaChange[] changes =
        [
            new SchemaChange.SetOption("fields.s.aggregate-function", "sum"),
            new SchemaChange.SetOption("fields.v.aggregate-function", "frobnicate"),
            new SchemaChange.UpdateColumnType(["v"], DataTypes.String),
        ];
        foreach (var change in changes)
        {
            await RefusedAsync(() => table.AlterAsync([change]).AsTask());
        }

        await table.AlterAsync([new SchemaChange.SetOption("fields.v.aggregate-function", "max"), changes[2]]);
    }

    [Fact]
    public async Task A_table_that_another_writer_made_so_is_read_and_changed()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = Definition("merge-engine=aggregation fields.s.aggregate-function=sum write-only=maybe");
        var table = await catalog.CreateTableAsync(Name, SchemaFactory.Create(definition, 0));

        Assert.Empty(await TableKit.RowsAsync(table.NewScan().Project("k", "v")));
        await table.AlterAsync([new SchemaChange.UpdateComment("odd")]);
        await RefusedAsync(() => table.AlterAsync([new SchemaChange.SetOption("fields.c.aggregate-function", "sum")]).AsTask());
        var schema = await table.AlterAsync(
            [new SchemaChange.SetOption("fields.s.aggregate-function", "last_value"), new SchemaChange.RemoveOption("write-only")]);
        Assert.Equal("last_value", schema.Options["fields.s.aggregate-function"]);
    }

    [Fact]
    public async Task Names_of_values_are_read_in_any_case()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(
            Name, Definition("merge-engine=PARTIAL-UPDATE changelog-producer=Input sequence.field.sort-order=ASCENDING sequence.field=v"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, "a", null, null, 1, null);
        await writer.UpsertAsync(1, null, "b", null, 2, null);
        await writer.CommitAsync();

        Assert.Equal("""{"k":1,"s":"a","c":"b","b":null,"v":2,"r":null}""", Assert.Single(await TableKit.RowsAsync(table.NewScan())));
        Assert.Equal(2, (await TableKit.ChangesAsync(table, 1)).Count);
        Assert.Contains((await table.SnapshotsAsync()), snapshot => snapshot.ChangelogRecordCount == 2);
    }

    [Fact]
    public async Task Older_names_of_options_count()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition("write.compaction-skip=true deduplicate.ignore-delete=true"));
        await using var writer = table.NewWriter();
        for (var i = 0; i < 8; i++)
        {
            await writer.UpsertAsync(1, null, null, null, i, null);
            await writer.DeleteAsync(1);
            await writer.CommitAsync();
        }

        Assert.All(await table.FilesAsync(), file => Assert.Equal(0, file.Level));
        Assert.Contains("\"v\":7", Assert.Single(await TableKit.RowsAsync(table.NewScan())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_are_given_as_options_are_the_keys()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = Definition("primary-key=k,s partition=s") with { PrimaryKeys = [] };

        var table = await catalog.CreateTableAsync(Name, definition);

        Assert.Equal(["k", "s"], table.Schema.PrimaryKeys);
        Assert.Equal(["s"], table.Schema.PartitionKeys);
        Assert.Equal(["bucket"], table.Schema.Options.Keys);
        await RefusedAsync(() => catalog.CreateTableAsync(new Identifier("db", "twice"), Definition("primary-key=k")).AsTask());
    }

    [Theory]
    [InlineData("merge-engine", "partial-update")]
    [InlineData("bucket", "-1")]
    [InlineData("bucket-key", "k")]
    [InlineData("rowkind.field", "s")]
    [InlineData("data-file.path-directory", "elsewhere")]
    public async Task What_says_how_rows_are_laid_out_cannot_be_given_where_they_are_written(string key, string value)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        await catalog.CreateTableAsync(Name, Definition(""));

        var table = await catalog.GetTableAsync(Name, new Dictionary<string, string> { [key] = value });

        foreach (var write in (Action[])[() => table.NewWriter(), () => table.NewOverwriter()])
        {
            var error = Assert.Throws<PaimonException>(write);
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_makes_no_bucket_key_is_refused_at_a_change_too()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(""));

        await RefusedAsync(() => table.AlterAsync([new SchemaChange.SetOption("bucket-key", "v")]).AsTask());
        await RefusedAsync(() => table.AlterAsync([new SchemaChange.SetOption("path", "/elsewhere")]).AsTask());
        await table.AlterAsync([new SchemaChange.SetOption("bucket-key", "k")]);
    }

    private static async Task<PaimonException> RefusedAsync(Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(action);
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        return error;
    }

    private static TableDefinition Definition(string options)
    {
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int).Column("s", DataTypes.String).Column("c", DataTypes.VarChar(10)).Column("b", DataTypes.Boolean)
            .Column("v", DataTypes.Int).Column("r", Rows).PrimaryKey("k");
        return options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=')).Aggregate(
            definition, (result, option) => result.Option(option[0], option[1]));
    }
}

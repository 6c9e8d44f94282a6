using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>The options of aggregators after columns were renamed.</summary>
public sealed class RenamedColumnTests
{
    private static readonly RowType Row = new([new DataField(0, "id", DataTypes.Int), new DataField(0, "at", DataTypes.String)]);

    [Theory]
    [InlineData("items", "lines", "fields.lines.nested-key=id fields.lines.count-limit=9 fields.times.ts-field=at")]
    [InlineData("id", "number", "fields.items.nested-key=id fields.items.count-limit=9 fields.times.ts-field=at")]
    [InlineData("items.element.id", "number", "fields.items.nested-key=number fields.items.count-limit=9 fields.times.ts-field=at")]
    [InlineData("items.element.at", "time", "fields.items.nested-key=id fields.items.count-limit=9 fields.times.ts-field=at")]
    [InlineData("times", "dates", "fields.items.nested-key=id fields.items.count-limit=9 fields.dates.ts-field=at")]
    [InlineData("times.value.at", "time", "fields.items.nested-key=id fields.items.count-limit=9 fields.times.ts-field=time")]
    public async Task Options_follow_the_columns_and_the_fields_inside_them(string column, string name, string expected)
    {
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("id", DataTypes.Int)
            .Column("items", new ArrayType(Row)).Column("times", new MapType(DataTypes.Int.NotNull(), Row)).PrimaryKey("k")
            .Option("bucket", "1").Option("merge-engine", "aggregation").Option("fields.items.aggregate-function", "nested_update")
            .Option("fields.items.nested-key", "id").Option("fields.items.count-limit", "9")
            .Option("fields.times.aggregate-function", "merge_map_with_keytime").Option("fields.times.ts-field", "at");
        var catalog = await TableKit.OpenCatalogAsync();
        await catalog.CreateTableAsync(MaintainedTable.Name, definition);
        await catalog.AlterTableAsync(MaintainedTable.Name, new SchemaChange.RenameColumn(column.Split('.'), name));
        var table = await catalog.GetTableAsync(MaintainedTable.Name);
        string[] keys = [".count-limit", ".nested-key", ".ts-field"];
        Assert.Equal(
            expected.Split(' ').Order(StringComparer.Ordinal),
            table.Schema.Options.Where(option => keys.Any(option.Key.EndsWith)).Select(option => $"{option.Key}={option.Value}")
                .Order(StringComparer.Ordinal));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, 2, null, null);
        await writer.CommitAsync();
        Assert.Single(await TableKit.RowsAsync(table.NewScan()));
    }
}

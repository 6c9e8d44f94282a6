using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Tables whose schema changes between writes, read as rows of a model that casts value by value.</summary>
public class EvolutionModelTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_table_with_a_primary_key_reads_under_every_schema_as_a_model_that_casts_values_does() => Check(hasKey: true);

    [Fact]
    public void A_table_without_a_primary_key_reads_under_every_schema_as_a_model_that_casts_values_does() => Check(hasKey: false);

    private static void Check(bool hasKey) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed, hasKey).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private static async Task RunAsync(int seed, bool hasKey)
    {
        var random = new RandomValues(seed) { IsFinite = true };
        var changes = new RandomSchemaChange(random);
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed));
        var table = await catalog.CreateTableAsync(Name, Definition(random, hasKey));
        var model = new List<ModelRow>();
        for (var step = 0; step < 12; step++)
        {
            if (step > 0 && changes.Next(table.Schema) is { } change)
            {
                await catalog.AlterTableAsync(Name, change);
                table = await catalog.GetTableAsync(Name);
                await CompareAsync(random, table, model);
            }

            await using var writer = table.NewWriter("model");
            Write(random, table.Schema, model, out var batch);
            await writer.WriteAsync(batch);
            if (hasKey && random.Next(4) == 0)
            {
                if (model.Exists(row => row.Loses(table.Schema)))
                {
                    await writer.CommitAsync();
                    var error = await Record.ExceptionAsync(async () => await writer.CompactAsync());
                    Assert.True(error is null or PaimonException { Kind: ErrorKind.Invalid }, error?.ToString());
                    continue;
                }

                await writer.CompactAsync();
            }

            await writer.CommitAsync();
            await FollowCompactionAsync(table, model);
            await CompareAsync(random, table, model);
        }
    }

    private static TableDefinition Definition(RandomValues random, bool hasKey)
    {
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int)
            .Column("a", RandomSchemaChange.NewType(random))
            .Column("b", random.Scalar().Nullable())
            .Option("file.format", "parquet")
            .Option("num-sorted-run.compaction-trigger", "1000");
        return hasKey ? definition.PrimaryKey("k").Option("bucket", "1") : definition.Option("write-only", "true");
    }

    private static void Write(RandomValues random, TableSchema schema, List<ModelRow> model, out ColumnBatch batch)
    {
        var count = 1 + random.Next(6);
        var keys = new FixedVector<int>(schema.Fields[schema.RowType.IndexOf("k")].Type);
        for (var i = 0; i < count; i++)
        {
            keys.Append(random.Next(20));
        }

        ColumnVector[] columns = [.. schema.Fields.Select(field => field.Name == "k" ? keys : random.Column(field.Type, count))];
        batch = new ColumnBatch(schema.RowType, columns, count);
        for (var row = 0; row < count; row++)
        {
            var key = keys.Values[row];
            var values = schema.Fields.Select((field, i) => (field.Id, Value: EvolvedValue.From(columns[i], row)))
                .ToDictionary(field => field.Id, field => field.Value);
            if (schema.PrimaryKeys.Count > 0)
            {
                model.RemoveAll(other => other.Key == key);
            }

            model.Add(new ModelRow(key, schema, values));
        }
    }

    // A file that was rewritten holds the values that were read with the writer's schema; one that only moved up does not.
    private static async Task FollowCompactionAsync(Table table, List<ModelRow> model)
    {
        var files = await table.FilesAsync();
        if (files.Count == 1 && files[0].Level > 0 && files[0].SchemaId == table.Schema.Id)
        {
            for (var i = 0; i < model.Count; i++)
            {
                model[i] = new ModelRow(model[i].Key, table.Schema, model[i].Under(table.Schema));
            }
        }
    }

    private static async Task CompareAsync(RandomValues random, Table table, List<ModelRow> model)
    {
        var expected = new ColumnBatch(table.Schema.RowType);
        foreach (var row in model)
        {
            var values = row.Under(table.Schema);
            for (var i = 0; i < expected.Columns.Count; i++)
            {
                EvolvedValue.Append(expected.Columns[i], values[table.Schema.Fields[i].Id]);
            }

            expected.EndRows(1);
        }

        Assert.Equal(Texts(expected, Enumerable.Range(0, expected.RowCount)), await TableKit.RowsAsync(table.NewScan()));
        if (expected.RowCount == 0 || RandomPredicate(random, table.Schema, expected) is not { } predicate)
        {
            return;
        }

        var selection = new RowSelection();
        predicate.Evaluate(expected, selection);
        var rows = new int[selection.Count];
        selection.CopyRowsTo(rows);
        Assert.Equal(Texts(expected, rows), await TableKit.RowsAsync(table.NewScan().Filter(predicate)));
    }

    private static Predicate? RandomPredicate(RandomValues random, TableSchema schema, ColumnBatch rows)
    {
        var index = random.Next(schema.Fields.Count);
        var field = schema.Fields[index];
        if (field.Type is RowType or ArrayType or MapType or MultisetType || random.Next(4) == 0)
        {
            return random.Next(2) == 0 ? Leaf(PredicateOperator.IsNull) : Leaf(PredicateOperator.IsNotNull);
        }

        var literal = ValueReader.GetValue(rows.Columns[index], random.Next(rows.RowCount));
        return literal is null ? null : random.Next(4) switch
        {
            0 => Leaf(PredicateOperator.Equal, literal),
            1 => Leaf(PredicateOperator.NotEqual, literal),
            2 => Leaf(PredicateOperator.LessThan, literal),
            _ => Leaf(PredicateOperator.GreaterOrEqual, literal),
        };

        Predicate Leaf(PredicateOperator operation, params object?[] literals) =>
            Predicate.Leaf(schema.RowType, field.Name, operation, literals);
    }

    private static List<string> Texts(ColumnBatch batch, IEnumerable<int> rows) =>
        [.. rows.Select(row => TableKit.Text(batch, row)).Order(StringComparer.Ordinal)];

    /// <summary>A row as it was written last.</summary>
    private sealed record ModelRow(int Key, TableSchema Schema, Dictionary<int, object?> Values)
    {
        /// <summary>True when a value becomes NULL, which a compaction must not write.</summary>
        public bool Loses(TableSchema schema)
        {
            var cast = Under(schema);
            return schema.Fields.Any(field =>
                field.Type is DecimalType && cast[field.Id] is null && Values.GetValueOrDefault(field.Id) is not null);
        }

        /// <summary>The row's values under another schema.</summary>
        public Dictionary<int, object?> Under(TableSchema schema) => schema.Fields.ToDictionary(
            field => field.Id,
            field => Schema.RowType.IndexOfId(field.Id) is >= 0 and var i
                ? EvolvedValue.Cast(Values[field.Id], Schema.Fields[i].Type, field.Type)
                : null);
    }
}

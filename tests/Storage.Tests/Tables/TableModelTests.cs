using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Random tables under random operations against a sorted dictionary.</summary>
public class TableModelTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_table_holds_what_a_dictionary_holds_and_its_changelog_gives_the_same() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static async Task RunAsync(int seed)
    {
        var random = new RandomValues(seed);
        var definition = NewDefinition(random);
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed));
        var table = await catalog.CreateTableAsync(Name, definition);
        var keyIndexes = table.Schema.IndexesOf(table.Schema.PrimaryKeys);
        var encoder = new KeyEncoder(table.Schema.PrimaryKeyType);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var committed = new List<List<string>>();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 30; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await writer.CompactAsync();
                    break;
                case 1 or 2 or 3:
                    await CommitAsync(writer, model, committed);
                    break;
                case 4:
                    await CommitAsync(writer, model, committed);
                    await writer.DisposeAsync();
                    table = await catalog.GetTableAsync(Name);
                    writer = table.NewWriter("model");
                    break;
                default:
                    var batch = NewBatch(random, table.Schema.RowType);
                    Apply(batch, keyIndexes, encoder, model);
                    await writer.WriteAsync(batch);
                    break;
            }
        }

        await CommitAsync(writer, model, committed);
        await writer.DisposeAsync();
        Assert.Equal(model.Values.Order(StringComparer.Ordinal), await TableKit.RowsAsync(table.NewScan()));
        await CheckHistoryAsync(table, committed);
        await CheckChangelogAsync(table, keyIndexes, encoder, model);
    }

    private static TableDefinition NewDefinition(RandomValues random)
    {
        var definition = new TableDefinition()
            .Option("bucket", random.Next(3) == 0 ? "-1" : $"{1 + random.Next(3)}")
            .Option("dynamic-bucket.target-row-num", $"{3 + random.Next(10)}")
            .Option("changelog-producer", "input")
            .Option("target-file-size", random.Next(2) == 0 ? "1 kb" : "128 mb")
            .Option("write-buffer-size", random.Next(3) == 0 ? "1 kb" : "256 mb")
            .Option("num-sorted-run.compaction-trigger", $"{2 + random.Next(4)}");
        var keys = 1 + random.Next(2);
        for (var i = 0; i < keys; i++)
        {
            definition = definition.Column($"k{i}", KeyType(random));
        }

        for (var i = random.Next(4); i >= 0; i--)
        {
            definition = definition.Column($"v{i}", random.Scalar());
        }

        definition = definition.PrimaryKey([.. definition.Columns.Take(keys).Select(column => column.Name)]);
        return random.Next(3) == 0
            ? (definition with { Columns = [.. definition.Columns, new ColumnDefinition("p", DataTypes.Int)] })
                .PartitionedBy("p").PrimaryKey([.. definition.PrimaryKeys, "p"])
            : definition;
    }

    // -0.0 equals 0.0 as a key, but its bytes lead to another bucket, as in Paimon: no key of a dictionary does that.
    private static DataType KeyType(RandomValues random)
    {
        var type = random.Scalar();
        return type.Root is TypeRoot.Float or TypeRoot.Double ? DataTypes.BigInt : type;
    }

    private static ColumnBatch NewBatch(RandomValues random, RowType rowType)
    {
        var rows = random.Next(40);
        var columns = rowType.Fields
            .Select(field => field.Name == "p" ? Partitions(random, rows) : random.Column(field.Type, rows))
            .ToArray();
        var kinds = new FixedVector<RowKind>(DataTypes.TinyInt.NotNull());
        for (var i = 0; i < rows; i++)
        {
            kinds.Append((RowKind)random.Next(4));
        }

        return new ColumnBatch(rowType, columns, rows, kinds);
    }

    private static FixedVector<int> Partitions(RandomValues random, int rows)
    {
        var column = new FixedVector<int>(DataTypes.Int.NotNull());
        for (var i = 0; i < rows; i++)
        {
            column.Append(random.Next(3));
        }

        return column;
    }

    private static void Apply(ColumnBatch batch, int[] keyIndexes, KeyEncoder encoder, SortedDictionary<string, string> model)
    {
        for (var row = 0; row < batch.RowCount; row++)
        {
            var key = KeyText(batch, row, keyIndexes, encoder);
            if (batch.KindOf(row).IsAdd())
            {
                model[key] = TableKit.Text(batch, row);
            }
            else
            {
                model.Remove(key);
            }
        }
    }

    private static string KeyText(ColumnBatch batch, int row, int[] keyIndexes, KeyEncoder encoder)
    {
        var keys = encoder.CreateKeys();
        encoder.Encode([.. keyIndexes.Select(index => batch.Columns[index])], row, 1, keys);
        return keys.IsPrefixExact ? keys.Prefixes[0].ToString("x16") : Convert.ToHexStringLower(keys[0]);
    }

    private static async Task CommitAsync(TableWriter writer, SortedDictionary<string, string> model, List<List<string>> committed)
    {
        foreach (var snapshot in await writer.CommitAsync())
        {
            Assert.Equal(committed.Count + 1, snapshot.Id);
            committed.Add([.. model.Values.Order(StringComparer.Ordinal)]);
        }
    }

    private static async Task CheckHistoryAsync(Table table, List<List<string>> committed)
    {
        for (var id = 1; id <= committed.Count; id++)
        {
            var rows = await TableKit.RowsAsync(table.NewScan().AsOfSnapshot(id));
            Assert.Equal(committed[id - 1], rows);
        }
    }

    private static async Task CheckChangelogAsync(
        Table table, int[] keyIndexes, KeyEncoder encoder, SortedDictionary<string, string> model)
    {
        var folded = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var changes in table.NewChangelogStream(new() { FromSnapshot = 1, Bounded = true }).ReadAsync())
        {
            Apply(changes.Rows, keyIndexes, encoder, folded);
        }

        Assert.Equal(model.Values, folded.Values);
    }
}

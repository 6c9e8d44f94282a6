using PaimonSharp.Data;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Random tables of all kinds that have a primary key, and rows for them.</summary>
internal static class LookupTables
{
    public static TableDefinition NewDefinition(RandomValues random)
    {
        var definition = new TableDefinition()
            .Option("bucket", random.Next(3) == 0 ? "-1" : $"{1 + random.Next(3)}")
            .Option("dynamic-bucket.target-row-num", $"{3 + random.Next(10)}")
            .Option("target-file-size", random.Next(2) == 0 ? "1 kb" : "128 mb")
            .Option("write-buffer-size", random.Next(3) == 0 ? "1 kb" : "256 mb")
            .Option("lookup.cache-max-memory-size", random.Next(2) == 0 ? "1 kb" : "64 mb")
            .Option("lookup.cache-max-disk-size", random.Next(6) == 0 ? "1 kb" : "1 gb")
            .Option("lookup.cache.bloom.filter.enabled", random.Next(3) == 0 ? "false" : "true")
            .Option("num-sorted-run.compaction-trigger", $"{2 + random.Next(4)}");
        var keys = 1 + random.Next(2);
        for (var i = 0; i < keys; i++)
        {
            definition = definition.Column($"k{i}", KeyType(random));
        }

        for (var i = random.Next(4); i >= 0; i--)
        {
            definition = definition.Column($"v{i}", random.Scalar().Nullable());
        }

        definition = definition.Column("s", DataTypes.Int)
            .PrimaryKey([.. definition.Columns.Take(keys).Select(column => column.Name)]);
        return WithEngine(random, WithPartition(random, definition));
    }

    public static ColumnBatch NewBatch(RandomValues random, Table table, int minRows = 0)
    {
        var rowType = table.Schema.RowType;
        var rows = minRows + random.Next(40);
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

    // -0.0 equals 0.0 as a key, but its bytes lead to another bucket, as in Paimon.
    private static DataType KeyType(RandomValues random)
    {
        var type = random.Scalar();
        return type.Root is TypeRoot.Float or TypeRoot.Double ? DataTypes.BigInt : type;
    }

    // Where the partition is no part of the key, its buckets are dynamic and rows move between partitions.
    private static TableDefinition WithPartition(RandomValues random, TableDefinition definition)
    {
        if (random.Next(3) > 0)
        {
            return definition;
        }

        var partitioned = definition with { Columns = [.. definition.Columns, new ColumnDefinition("p", DataTypes.Int)] };
        return random.Next(3) == 0
            ? partitioned.PartitionedBy("p").Option("bucket", "-1")
            : partitioned.PartitionedBy("p").PrimaryKey([.. definition.PrimaryKeys, "p"]);
    }

    private static TableDefinition WithEngine(RandomValues random, TableDefinition definition)
    {
        if (definition.PartitionKeys.Except(definition.PrimaryKeys).Any())
        {
            return definition;
        }

        definition = random.Next(6) switch
        {
            0 => definition.Option("sequence.field", "s"),
            1 => definition.Option("ignore-delete", "true"),
            2 => definition.Option("merge-engine", "first-row").Option("ignore-delete", "true"),
            3 => definition.Option("merge-engine", "partial-update").Option("ignore-delete", "true"),
            4 => definition.Option("merge-engine", "aggregation").Option("fields.s.aggregate-function", "sum")
                .Option("fields.default-aggregate-function", "last_non_null_value")
                .Option("aggregation.remove-record-on-delete", "true"),
            _ => definition,
        };
        if (definition.Options.GetValueOrDefault("merge-engine") == "first-row")
        {
            return random.Next(2) == 0 ? definition : definition.Option("changelog-producer", "lookup");
        }

        return random.Next(4) switch
        {
            0 => definition.Option("deletion-vectors.enabled", "true"),
            1 => definition.Option("changelog-producer", "lookup"),
            _ => definition,
        };
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
}

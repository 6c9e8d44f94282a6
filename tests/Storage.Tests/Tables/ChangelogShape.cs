using System.Globalization;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>A table of one merge engine with a changelog producer, and what its rows become, said the naive way.</summary>
internal sealed record ChangelogShape
{
    public required TableDefinition Definition { get; init; }

    public required string Engine { get; init; }

    public bool HasChangelog { get; init; }

    public bool IsFullCompaction { get; init; }

    public bool HasSequence { get; init; }

    public bool TakesDeletes => Engine == "deduplicate";

    public static ChangelogShape Random(RandomValues random)
    {
        var engine = Pick(random, "deduplicate", "partial-update", "aggregation", "first-row");
        var isFirstRow = engine == "first-row";
        var producer = isFirstRow ? Pick(random, "lookup", "none") : Pick(random, "lookup", "full-compaction", "none");
        var hasVectors = !isFirstRow && producer != "full-compaction" && (producer == "none" || random.Next(2) == 0);
        return Of(random, engine, producer, hasVectors);
    }

    public static ChangelogShape Of(RandomValues random, string engine, string producer, bool hasVectors)
    {
        // With deletion vectors a deleted row of a sequence field may come back.
        var hasSequence = engine == "deduplicate" && !hasVectors && random.Next(3) == 0;
        var definition = new TableDefinition()
            .Column("p", DataTypes.Int)
            .Column("k", DataTypes.BigInt)
            .Column("a", DataTypes.Int)
            .Column("b", DataTypes.String)
            .Column("s", DataTypes.Int)
            .PrimaryKey("p", "k")
            .Option("merge-engine", engine)
            .Option("changelog-producer", producer)
            .Option("deletion-vectors.enabled", hasVectors ? "true" : "false")
            .Option("deletion-vectors.bitmap64", random.Next(2) == 0 ? "true" : "false")
            .Option("bucket", $"{1 + random.Next(2)}")
            .Option("num-sorted-run.compaction-trigger", $"{2 + random.Next(4)}")
            .Option("target-file-size", random.Next(2) == 0 ? "1 kb" : "128 mb")
            .Option("file.format", random.Next(3) == 0 ? "avro" : "parquet")
            .Option("changelog-producer.row-deduplicate", random.Next(2) == 0 ? "true" : "false");
        if (engine == "aggregation")
        {
            definition = definition.Option("fields.a.aggregate-function", "sum");
        }

        if (hasSequence)
        {
            definition = definition.Option("sequence.field", "s");
        }

        return new ChangelogShape
        {
            Definition = random.Next(2) == 0 ? definition.PartitionedBy("p") : definition,
            Engine = engine,
            HasChangelog = producer != "none",
            IsFullCompaction = producer == "full-compaction",
            HasSequence = hasSequence,
        };
    }

    public static string KeyOf(ColumnBatch batch, int row) => ValueText.Format(batch.Columns[1], row);

    public static string ValueOf(ColumnBatch batch, int row) =>
        $"{ValueText.Format(batch.Columns[2], row)},{ValueText.Format(batch.Columns[3], row)}";

    /// <summary>The row of a key after one more is written.</summary>
    public string Merge(string? before, int? number, string? text)
    {
        if (before is null || Engine == "deduplicate")
        {
            return $"{Text(number)},{text ?? "NULL"}";
        }

        if (Engine == "first-row")
        {
            return before;
        }

        var parts = before.Split(',');
        int? old = parts[0] == "NULL" ? null : int.Parse(parts[0], CultureInfo.InvariantCulture);
        var merged = Engine == "aggregation" && number is not null ? (old ?? 0) + number : number ?? old;
        return $"{Text(merged)},{text ?? parts[1]}";
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "NULL";

    private static string Pick(RandomValues random, params string[] values) => values[random.Next(values.Length)];
}

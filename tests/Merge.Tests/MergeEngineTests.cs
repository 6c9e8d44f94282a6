using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Tests;

/// <summary>Every engine and aggregator against a merge of objects, one version at a time.</summary>
public class MergeEngineTests
{
    private const int Runs = 150;

    [Fact]
    public void Deduplicate_keeps_what_a_naive_merge_keeps() => Check(random =>
    {
        var ignoresDelete = random.Next(2) == 0;
        var schema = MergeKit.Schema(new Dictionary<string, string> { ["ignore-delete"] = $"{ignoresDelete}" }, ("a", DataTypes.Int));
        Compare(random, schema, AnyKind, versions => NaiveMerge.Deduplicate(versions, ignoresDelete));
    });

    [Fact]
    public void First_row_keeps_what_a_naive_merge_keeps() => Check(random =>
    {
        var schema = MergeKit.Schema(
            new Dictionary<string, string> { ["merge-engine"] = "first-row", ["ignore-delete"] = "true" }, ("a", DataTypes.Int));
        Compare(random, schema, AnyKind, NaiveMerge.FirstRow);
    });

    [Fact]
    public void Aggregations_are_those_of_a_naive_merge() => Check(random =>
    {
        var table = new AggregationTable(random);
        Compare(random, table.Schema, table.NextKind, table.Merge);
    });

    [Fact]
    public void Partial_updates_are_those_of_a_naive_merge() => Check(random =>
    {
        var table = new PartialUpdateTable(random);
        Compare(random, table.Schema, table.NextKind, table.Merge);
    });

    [Fact]
    public void Merging_is_associative_over_runs_where_the_format_keeps_it_so() => Check(random =>
    {
        var (schema, kind) = random.Next(4) switch
        {
            0 => (MergeKit.Schema(new Dictionary<string, string>(), ("a", DataTypes.Int)), AnyKind),
            1 => (AggregationTable.OfSums(random), AnyKind),
            2 => (new AggregationTable(random).Schema, Adds),
            _ => (new PartialUpdateTable(random, isAssociative: true).Schema, (Func<Random, RowKind>)Adds),
        };
        var engine = MergeKit.Engine(schema);
        var versions = Enumerable.Range(0, random.Next(2, 8)).Select(_ => Next(random, schema.RowType, kind(random))).ToList();
        var parts = new List<RowVersion>();
        for (var start = 0; start < versions.Count;)
        {
            var count = random.Next(1, versions.Count - start + 1);
            parts.AddRange(MergeKit.Merge(engine, schema.RowType, [versions.GetRange(start, count)], random));
            start += count;
        }

        AssertSame(
            MergeKit.Merge(engine, schema.RowType, [versions], random),
            MergeKit.Merge(engine, schema.RowType, [parts], random),
            $"{string.Join(", ", schema.Options)}: {string.Join(" ", versions)}");
    });

    [Fact]
    public void A_read_of_some_columns_gives_what_a_read_of_all_gives() => Check(random =>
    {
        var table = new PartialUpdateTable(random);
        var schema = table.Schema;
        var engine = MergeKit.Engine(schema);
        var wanted = Enumerable.Range(0, schema.Fields.Count).Where(i => i == 0 || random.Next(2) == 0).ToArray();
        int[] read = [.. wanted, .. engine.RequiredColumns(wanted)];
        Assert.Equal(read.Length, read.Distinct().Count());
        var keys = NextKeys(random, schema.RowType, table.NextKind);
        var projected = keys.Select(versions => (IReadOnlyList<RowVersion>)[.. versions.Select(version => Project(version, read))]);
        AssertSame(
            [.. MergeKit.Merge(engine, schema.RowType, keys, random, true).Select(row => Project(row, wanted))],
            [.. MergeKit.Merge(engine, schema.RowType.Project(read), [.. projected], random, true)
                .Select(row => row with { Values = row.Values[..wanted.Length] })],
            string.Join(", ", schema.Options));
    });

    [Fact]
    public void A_range_of_unique_rows_is_a_group_for_each_row()
    {
        var plan = new MergePlan();
        plan.AddUnique(source: 3, start: 10, count: 5000);
        Assert.Equal(5000, plan.GroupCount);
        Assert.Equal(5000, plan.Rows.Length);
        Assert.Equal(new RowReference(3, 5009), plan[4999][0]);
        plan.Clear();
        Assert.Equal(0, plan.GroupCount);
    }

    private static RowKind AnyKind(Random random) => (RowKind)random.Next(4);

    private static RowKind Adds(Random random) => random.Next(2) == 0 ? RowKind.Insert : RowKind.UpdateAfter;

    private static RowVersion Project(RowVersion version, int[] columns) =>
        version with { Values = [.. columns.Select(i => version.Values[i])] };

    private static RowVersion Next(Random random, RowType type, RowKind kind, int key = 0) =>
        new(kind, [key, .. type.Fields.Skip(1).Select(field => Values.Next(random, field.Type))]);

    private static List<IReadOnlyList<RowVersion>> NextKeys(Random random, RowType type, Func<Random, RowKind> kind) =>
    [
        .. Enumerable.Range(0, random.Next(1, 30)).Select(key => (IReadOnlyList<RowVersion>)
        [
            .. Enumerable.Range(0, random.Next(3) == 0 ? 1 : random.Next(2, 7)).Select(_ => Next(random, type, kind(random), key)),
        ]),
    ];

    private static void Check(Action<Random> test) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => test(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private static void Compare(
        Random random,
        Data.Schemas.TableSchema schema,
        Func<Random, RowKind> kind,
        Func<IReadOnlyList<RowVersion>, RowVersion?> merge)
    {
        var keys = NextKeys(random, schema.RowType, kind);
        var (dropRetracts, foldsLone) = (random.Next(2) == 0, random.Next(3) == 0);
        var hadMore = random.Next(2) == 0 ? null : keys.Select(_ => random.Next(3) == 0).ToArray();
        var expected = keys
            .Select((versions, i) =>
                versions.Count == 1 && !foldsLone && hadMore?[i] != true ? versions[0] : merge(versions))
            .Where(result => result is not null && !(dropRetracts && result.Kind.IsRetract()));
        AssertSame(
            [.. expected.Select(result => result!)],
            MergeKit.Merge(MergeKit.Engine(schema), schema.RowType, keys, random, dropRetracts, foldsLone, hadMore),
            $"{string.Join(", ", schema.Options)}\n{string.Join("\n", keys.Select(key => string.Join(" ", key)))}");
    }

    private static void AssertSame(IReadOnlyList<RowVersion> expected, IReadOnlyList<RowVersion> actual, string context)
    {
        var (wanted, found) = (string.Join("\n", expected), string.Join("\n", actual));
        Assert.True(wanted == found, $"{context}\nexpected\n{wanted}\nfound\n{found}");
    }
}

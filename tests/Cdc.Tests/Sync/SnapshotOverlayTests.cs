using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Cdc.Sync;
using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Tests.Sync;

/// <summary>
/// The hand-over from a snapshot to the binlog: whatever part of the transactions between low and high the snapshot saw, the
/// overlay gives the table at high, each row once.
/// </summary>
public sealed class SnapshotOverlayTests
{
    private static readonly TableSchema Schema = new(
        0,
        [new DataField(0, "id", DataTypes.String.NotNull()), new DataField(1, "v", DataTypes.Int)],
        1,
        [],
        ["id"],
        new Dictionary<string, string>(),
        null,
        0);

    [Fact]
    public void Any_view_between_low_and_high_gives_the_table_at_high()
    {
        var change = Gen.Zip(Gen.Choose(0, 6), Gen.Choose(-1, 3));
        var transactions = change.ListOf().Select(list => list.ToArray()).ListOf();
        Prop.ForAll(Gen.Zip(transactions, Gen.Choose(0, 100)).ToArbitrary(), input =>
        {
            var (changes, seenPercent) = input;
            var atLow = new Dictionary<int, int> { [0] = 100, [1] = 101, [2] = 102, [3] = 103 };
            var view = new Dictionary<int, int>(atLow);
            var atHigh = new Dictionary<int, int>(atLow);
            var seen = changes.Count * seenPercent / 100;
            var overlay = new SnapshotOverlay(Schema);
            foreach (var (transaction, index) in changes.Select((transaction, index) => (transaction, index)))
            {
                var rows = new ColumnBatch(Schema.RowType, withKinds: true);
                Apply(transaction, atHigh, rows);
                if (index < seen)
                {
                    Apply(transaction, view, new ColumnBatch(Schema.RowType, withKinds: true));
                }

                overlay.Add(rows);
            }

            var result = new ColumnBatch(Schema.RowType);
            overlay.AppendUnchanged(Batch(view), result);
            overlay.AppendChanged(result);
            Assert.Equal(
                atHigh.OrderBy(pair => pair.Key).Select(pair => (Key(pair.Key), (int?)pair.Value)),
                Rows(result).OrderBy(row => row.Key, StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_update_that_moves_a_key_becomes_a_delete_and_an_insert()
    {
        var batch = new ColumnBatch(Schema.RowType, withKinds: true);
        Append(batch, RowKind.UpdateBefore, 1, 10);
        Append(batch, RowKind.UpdateAfter, 1, 11);
        Append(batch, RowKind.UpdateBefore, 2, 20);
        Append(batch, RowKind.UpdateAfter, 3, 20);

        new RowKeys(Schema).SplitKeyChanges(batch, 0);

        Assert.Equal(
            [RowKind.UpdateBefore, RowKind.UpdateAfter, RowKind.Delete, RowKind.Insert], batch.Kinds!.Values.ToArray());
    }

    private static void Apply((int Key, int Value)[] transaction, Dictionary<int, int> table, ColumnBatch rows)
    {
        foreach (var (key, value) in transaction)
        {
            if (value < 0 && table.Remove(key, out var old))
            {
                Append(rows, RowKind.Delete, key, old);
            }
            else if (value >= 0 && table.TryGetValue(key, out var before))
            {
                Append(rows, RowKind.UpdateBefore, key, before);
                Append(rows, RowKind.UpdateAfter, key, value);
                table[key] = value;
            }
            else if (value >= 0)
            {
                Append(rows, RowKind.Insert, key, value);
                table[key] = value;
            }
        }
    }

    private static ColumnBatch Batch(Dictionary<int, int> table)
    {
        var batch = new ColumnBatch(Schema.RowType);
        foreach (var (key, value) in table)
        {
            Append(batch, RowKind.Insert, key, value);
        }

        return batch;
    }

    private static void Append(ColumnBatch batch, RowKind kind, int key, int value)
    {
        ValueAppender.Append(batch.Columns[0], Key(key));
        ValueAppender.Append(batch.Columns[1], value);
        batch.Kinds?.Append(kind);
        batch.EndRows(1);
    }

    private static IEnumerable<(string Key, int? Value)> Rows(ColumnBatch batch)
    {
        for (var row = 0; row < batch.RowCount; row++)
        {
            yield return ((string)ValueReader.GetValue(batch.Columns[0], row)!, (int?)ValueReader.GetValue(batch.Columns[1], row));
        }
    }

    private static string Key(int key) => $"key {key}";
}

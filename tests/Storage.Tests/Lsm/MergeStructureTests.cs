using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tests.Lsm;

public class MergeStructureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_loser_tree_gives_the_keys_of_all_runs_in_order_and_equal_keys_by_run(int runs)
    {
        var random = new Random(runs);
        var keys = Enumerable.Range(0, runs)
            .Select(_ => Enumerable.Range(0, random.Next(50)).Select(_ => (long)random.Next(60)).Distinct().Order().ToArray())
            .ToArray();
        var tree = new LoserTree();
        tree.Begin([.. keys.Select(EncodeLongs)], new int[runs], [.. keys.Select(run => run.Length)]);
        var merged = new List<(long Key, int Run)>();
        for (; !tree.IsEmpty; tree.Advance())
        {
            merged.Add((keys[tree.Winner][tree.WinnerRow], tree.Winner));
        }

        Assert.Equal(keys.SelectMany((run, i) => run.Select(key => (key, i))).Order(), merged);
    }

    [Fact]
    public void Rows_are_sorted_by_key_and_equal_keys_keep_their_order()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var texts = Enumerable.Range(0, random.Next(300))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => (char)('a' + random.Next(2)))))
                .ToArray();
            var column = new BinaryVector(DataTypes.String.NotNull());
            foreach (var text in texts)
            {
                column.Append(text);
            }

            var encoder = new KeyEncoder(DataTypes.Row(new DataField(0, "k", column.Type)));
            var keys = encoder.CreateKeys();
            encoder.Encode([column], 0, texts.Length, keys);
            var order = new int[texts.Length];
            KeySorter.Sort(keys, order);
            Assert.Equal(
                Enumerable.Range(0, texts.Length).OrderBy(i => texts[i], StringComparer.Ordinal).ThenBy(i => i), order);
        }
    }

    private static EncodedKeys EncodeLongs(long[] values)
    {
        var column = new FixedVector<long>(DataTypes.BigInt.NotNull());
        column.AppendValues(values);
        var encoder = new KeyEncoder(DataTypes.Row(new DataField(0, "k", column.Type)));
        var keys = encoder.CreateKeys();
        encoder.Encode([column], 0, values.Length, keys);
        return keys;
    }
}

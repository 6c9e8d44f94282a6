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
    [InlineData(100)]
    public void A_loser_tree_gives_the_keys_of_all_runs_in_order_and_equal_keys_by_run(int runs)
    {
        var random = new Random(runs);
        var keys = Enumerable.Range(0, runs)
            .Select(_ => Enumerable.Range(0, random.Next(50)).Select(_ => (long)random.Next(60)).Distinct().Order().ToArray())
            .ToArray();

        // The largest key has the prefix of a run that is at its end.
        keys[0] = [.. keys[0], long.MaxValue];
        keys[^1] = [.. keys[^1].Where(key => key != long.MaxValue), long.MaxValue];
        var expected = keys.SelectMany((run, i) => run.Select(key => (key, i))).Order().ToList();
        Assert.Equal(expected, Merge(keys, EncodeLongs));

        // Keys that differ behind their prefixes only.
        static string ToText(long key) => $"a long prefix {key:d20}";
        var texts = keys.Select(run => run.Select(ToText).ToArray()).ToArray();
        Assert.Equal(expected.Select(row => (ToText(row.key), row.i)), Merge(texts, EncodeTexts));
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

    private static List<(T Key, int Run)> Merge<T>(T[][] keys, Func<T[], EncodedKeys> encode)
    {
        var tree = new LoserTree();
        tree.Begin([.. keys.Select(encode)], new int[keys.Length], [.. keys.Select(run => run.Length)]);
        var merged = new List<(T Key, int Run)>();
        while (!tree.IsEmpty)
        {
            merged.Add((keys[tree.Winner][tree.WinnerRow], tree.Winner));
            var isSame = tree.Advance();
            Assert.Equal(!tree.IsEmpty && Equals(keys[tree.Winner][tree.WinnerRow], merged[^1].Key), isSame);
        }

        return merged;
    }

    private static EncodedKeys EncodeTexts(string[] values)
    {
        var column = new BinaryVector(DataTypes.String.NotNull());
        foreach (var value in values)
        {
            column.Append(value);
        }

        return Encode(column);
    }

    private static EncodedKeys EncodeLongs(long[] values)
    {
        var column = new FixedVector<long>(DataTypes.BigInt.NotNull());
        column.AppendValues(values);
        return Encode(column);
    }

    private static EncodedKeys Encode(ColumnVector column)
    {
        var encoder = new KeyEncoder(DataTypes.Row(new DataField(0, "k", column.Type)));
        var keys = encoder.CreateKeys();
        encoder.Encode([column], 0, column.Length, keys);
        return keys;
    }
}

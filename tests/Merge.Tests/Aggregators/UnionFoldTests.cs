using System.Buffers;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge.Sketches;

namespace PaimonSharp.Merge.Tests.Aggregators;

/// <summary>The folds of sketches and bitmaps against sets of numbers: adds, older adds, resets and NULLs.</summary>
public sealed class UnionFoldTests
{
    private static readonly FoldKit.Naive Union = new((accumulator, value) =>
        accumulator is null || value is null
            ? accumulator ?? value
            : new List<object?>(((List<object?>)accumulator).Concat((List<object?>)value).Distinct().OrderBy(number => (long)number!)));

    [Fact]
    public void United_bitmaps_hold_the_numbers_of_all() => Compare(
        "rbm32",
        numbers =>
        {
            var bitmap = new RoaringBitmap();
            numbers.ForEach(number => bitmap.Add((uint)number));
            return RoaringCodec.Write(bitmap);
        },
        bytes => ValuesOf(RoaringCodec.Read(bytes, out _)));

    [Fact]
    public void United_bitmaps_of_64_bits_hold_the_numbers_of_all() => Compare(
        "rbm64",
        numbers =>
        {
            var bitmap = new RoaringBitmap64();
            numbers.ForEach(number => bitmap.Add((ulong)number << 20));
            var target = new ArrayBufferWriter<byte>();
            RoaringCodec64.Write(bitmap, target);
            return target.WrittenSpan.ToArray();
        },
        bytes =>
        {
            var bitmap = RoaringCodec64.Read(bytes);
            return [.. Enumerable.Range(0, 3000).Where(i => bitmap.Contains((ulong)i << 20)).Select(i => (long)i)];
        });

    [Fact]
    public void United_theta_sketches_hold_the_hashes_of_all() => Compare(
        "theta_sketch",
        numbers =>
        {
            var sketch = new ThetaSketch();
            numbers.ForEach(number => sketch.Add(number + 1));
            sketch.Finish();
            var target = new ArrayBufferWriter<byte>();
            ThetaCodec.Write(sketch, target);
            return target.WrittenSpan.ToArray();
        },
        bytes =>
        {
            var sketch = new ThetaSketch();
            ThetaCodec.AddTo(bytes, sketch);
            sketch.Finish();
            return [.. sketch.Hashes.Select(hash => hash - 1)];
        });

    private static List<long> ValuesOf(RoaringBitmap bitmap)
    {
        var values = new List<long>();
        for (var value = bitmap.Next(0); value >= 0; value = bitmap.Next(value + 1))
        {
            values.Add(value);
        }

        return values;
    }

    // The naive fold unites lists of numbers; the fold's results are read back into such lists.
    private static void Compare(string function, Func<List<long>, byte[]> write, Func<byte[], List<long>> read)
    {
        var random = new Random(5);
        var fold = FoldKit.Fold(function, DataTypes.Bytes);
        FoldAction[] actions = [FoldAction.Add, FoldAction.Add, FoldAction.AddOlder, FoldAction.Skip, FoldAction.Reset];
        for (var round = 0; round < 60; round++)
        {
            var groups = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, random.Next(1, 6)).Select(_ => (
                Action: actions[random.Next(actions.Length)],
                Value: random.Next(5) == 0 ? null : NextNumbers(random))).ToList()).ToList();
            var actual = FoldKit.Run(
                fold,
                DataTypes.Bytes,
                [.. groups.Select(group => group.Select(version =>
                    (version.Action, version.Value is null ? null : (object?)write(version.Value))).ToList())]);
            var expected = groups.Select(group => FoldKit.Expected(
                group.Select(version => (version.Action, version.Value is null ? null : (object?)version.Value.ConvertAll<object?>(n => n))),
                Union));
            Assert.Equal(
                FoldKit.Text(expected),
                FoldKit.Text(actual.Select(bytes => bytes is null ? null : (object?)read((byte[])bytes))));
        }
    }

    private static List<long> NextNumbers(Random random)
    {
        var most = random.Next(2) == 0 ? 40 : 3000;
        return [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => (long)random.Next(most)).Distinct().Order()];
    }
}

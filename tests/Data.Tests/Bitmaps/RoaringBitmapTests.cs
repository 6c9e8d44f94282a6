using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Bitmaps;

public sealed class RoaringBitmapTests
{
    [Fact]
    public void A_bitmap_holds_what_a_sorted_set_holds()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (bitmap, model) = Make(random);
            Assert.Equal(model.Count, bitmap.Cardinality);
            Assert.Equal(model.Count == 0, bitmap.IsEmpty);
            Assert.Equal(model, ValuesOf(bitmap));
            for (var i = 0; i < 50; i++)
            {
                var value = (uint)random.Next(400_000);
                Assert.Equal(model.Contains(value), bitmap.Contains(value));
                var end = value + (uint)random.Next(200_000);
                var between = model.GetViewBetween(value, end);
                Assert.Equal(between.Count, bitmap.CountRange(value, end + 1L));
                Assert.Equal(between.Count == 0 ? -1L : between.Min, NextUpTo(bitmap, value, end));
            }
        }
    }

    [Fact]
    public void The_bits_of_a_range_are_those_of_its_numbers()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (bitmap, model) = Make(random);
            var start = random.Next(300_000);
            var count = random.Next(1, 80_000);
            var at = random.Next(200);
            var words = new ulong[BitWords.Count(at + count)];
            bitmap.OrRange(start, start + count, words, at);
            var found = Enumerable.Range(0, words.Length * 64)
                .Where(bit => (words[bit >> 6] & (1UL << (bit & 63))) != 0)
                .Select(bit => (uint)(start + bit - at));
            Assert.Equal(model.GetViewBetween((uint)start, (uint)(start + count - 1)), found);
        }
    }

    [Fact]
    public void Operations_on_bitmaps_are_those_on_sets()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (left, leftModel) = Make(random);
            var (right, rightModel) = Make(random);
            Assert.Equal(leftModel.Intersect(rightModel).Order(), ValuesOf(RoaringBitmap.And(left, right)));
            Assert.Equal(leftModel.Except(rightModel).Order(), ValuesOf(RoaringBitmap.AndNot(left, right)));
            Assert.Equal(leftModel.Union(rightModel).Order(), ValuesOf(RoaringBitmap.Or(left, right)));
            Assert.Equal(leftModel, ValuesOf(left));
            left.Unite(right);
            Assert.Equal(leftModel.Union(rightModel).Order(), ValuesOf(left));
        }
    }

    [Fact]
    public void A_bitmap_that_was_written_is_read_and_can_be_added_to()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (bitmap, model) = Make(random);
            var bytes = RoaringCodec.Write(bitmap);
            var read = RoaringCodec.Read([.. bytes, 1, 2, 3], out var length);
            Assert.Equal(bytes.Length, length);
            Assert.Equal(model, ValuesOf(read));
            Assert.Equal(bytes, RoaringCodec.Write(read));
            for (var i = 0; i < 2000; i++)
            {
                var value = (uint)random.Next(400_000);
                Assert.Equal(model.Add(value), read.Add(value));
            }

            Assert.Equal(model, ValuesOf(read));
        }
    }

    [Theory]
    [InlineData("", "ends inside the bitmap's mark")]
    [InlineData("00000000", "begins with 12346 or 12347")]
    [InlineData("3a30000000000100", "ends inside the containers' keys")]
    [InlineData("3a30000001000100", "claims 65537 containers")]
    [InlineData("3a30000001000000000001001000000005000500", "5 and 5 of a bitmap's array do not ascend")]
    [InlineData("3b3000000100000300020000000300030001", "ends inside runs")]
    [InlineData("3b300000010000030002000000030003000100", "run 3 to 4 of a bitmap is not above")]
    [InlineData("3b300000010000030001000100ffff", "run 1 to 65536 of a bitmap is not above")]
    [InlineData("3b300000010000030000000100ffff", "has no runs")]
    [InlineData("3a3000000200000000000000000000001800000018000000000000000000", "do not ascend: 0 follows 0")]
    public void Damaged_bitmaps_are_refused(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex);
        var error = Assert.Throws<CorruptDataException>(() => RoaringCodec.Read(bytes, out _));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_is_read_as_a_bitmap_or_refused()
    {
        var random = new Random(7);
        var samples = Enumerable.Range(0, 20).Select(seed => RoaringCodec.Write(Make(new Random(seed)).Bitmap)).ToArray();
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var bytes = samples[random.Next(samples.Length)];
            Fuzz.Damage(ref bytes, random);
            try
            {
                var bitmap = RoaringCodec.Read(bytes, out var length);
                Assert.InRange(length, 0, bytes.Length);
                Assert.InRange(bitmap.Cardinality, 0, 1L << 32);
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    private static long NextUpTo(RoaringBitmap bitmap, uint value, uint end)
    {
        var next = bitmap.Next(value);
        return next > end ? -1 : next;
    }

    private static List<uint> ValuesOf(RoaringBitmap bitmap)
    {
        var values = new List<uint>();
        for (var next = bitmap.Next(0); next >= 0; next = bitmap.Next(next + 1))
        {
            values.Add((uint)next);
        }

        return values;
    }

    // Sparse, dense and in runs, so that containers of all kinds occur, also those that change their kind.
    private static (RoaringBitmap Bitmap, SortedSet<uint> Model) Make(Random random)
    {
        var bitmap = random.Next(3) == 0 ? RoaringBitmap.OfRange(100, 100 + random.Next(150_000)) : new RoaringBitmap();
        var model = new SortedSet<uint>(ValuesOf(bitmap));
        for (var part = random.Next(5); part > 0; part--)
        {
            var origin = random.Next(300_000);
            var step = random.Next(1, 60);
            for (var i = random.Next(6000); i > 0; i--)
            {
                var value = (uint)(origin + (step == 1 ? i : random.Next(step * 2000)));
                Assert.Equal(model.Add(value), bitmap.Add(value));
            }
        }

        return (bitmap, model);
    }
}

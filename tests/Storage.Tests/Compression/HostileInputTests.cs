using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compression;

public sealed class HostileInputTests
{
    private const int LimitBytes = 8192;

    [Theory]
    [MemberData(nameof(CompressionCodecTests.Codecs), MemberType = typeof(CompressionCodecTests))]
    public void Damaged_blocks_give_nothing_but_a_corruption_error(string name)
    {
        var codec = CompressionCodecTests.Codec(name);
        var random = new Random(17);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var sample = ByteSamples.Make(random.Next(6), random.Next(0, 3000), random);
            var block = CompressionCodecTests.Pack(codec, sample);
            Fuzz.Damage(ref block, random);
            Check(() => codec.Decompress(block, new byte[sample.Length]));
            var output = new ArrayBufferWriter<byte>();
            Check(() => codec.Decompress(block, output, LimitBytes));
            Assert.InRange(output.WrittenCount, 0, LimitBytes);
        }
    }

    [Theory]
    [MemberData(nameof(CompressionCodecTests.Codecs), MemberType = typeof(CompressionCodecTests))]
    public void Random_bytes_give_nothing_but_a_corruption_error(string name)
    {
        var codec = CompressionCodecTests.Codec(name);
        var random = new Random(18);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var block = new byte[random.Next(0, 200)];
            random.NextBytes(block);
            Check(() => codec.Decompress(block, new byte[random.Next(0, 500)]));
            Check(() => codec.Decompress(block, new ArrayBufferWriter<byte>(), LimitBytes));
        }
    }

    /// <summary>Input and output stand against forbidden pages, once with their ends and once with their beginnings.</summary>
    [Theory]
    [MemberData(nameof(CompressionCodecTests.Codecs), MemberType = typeof(CompressionCodecTests))]
    public void No_byte_outside_the_spans_is_touched(string name)
    {
        Assert.SkipUnless(GuardedBytes.IsSupported, "Guard pages are made by Linux calls here.");
        var codec = CompressionCodecTests.Codec(name);
        var random = new Random(19);
        using var input = new GuardedBytes(1 << 14);
        using var output = new GuardedBytes(1 << 14);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var atEnd = random.Next(2) == 0;
            var sample = ByteSamples.Make(random.Next(6), random.Next(0, 3000), random);
            var target = output.Take(codec.MaxCompressedLength(sample.Length), atEnd);
            var block = target[..codec.Compress(input.Fill(sample, atEnd), target)].ToArray();
            Fuzz.Damage(ref block, random);
            try
            {
                codec.Decompress(input.Fill(block, atEnd), output.Take(sample.Length, atEnd));
            }
            catch (CorruptDataException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static void Check(Action decode)
    {
        try
        {
            decode();
        }
        catch (CorruptDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}

using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compression;

public sealed class Lz4BlockTests
{
    [Fact]
    public void Liblz4_reads_our_blocks()
    {
        Assert.SkipUnless(NativeLz4.IsAvailable, "liblz4.so.1 is not installed.");
        foreach (var sample in ByteSamples.All(11))
        {
            var packed = CompressionCodecTests.Pack(CompressionCodec.Lz4Raw, sample);
            var target = new byte[sample.Length];
            Assert.Equal(sample.Length, NativeLz4.Decompress(packed, target));
            Assert.True(sample.AsSpan().SequenceEqual(target), $"{sample.Length} bytes differ");
        }
    }

    [Fact]
    public void We_read_blocks_of_liblz4()
    {
        Assert.SkipUnless(NativeLz4.IsAvailable, "liblz4.so.1 is not installed.");
        foreach (var sample in ByteSamples.All(12))
        {
            var target = new byte[sample.Length];
            Assert.Equal(sample.Length, Lz4Block.Decode(NativeLz4.Compress(sample), target));
            Assert.True(sample.AsSpan().SequenceEqual(target), $"{sample.Length} bytes differ");
        }
    }

    [Fact]
    public void Blocks_are_hardly_larger_than_those_of_liblz4()
    {
        Assert.SkipUnless(NativeLz4.IsAvailable, "liblz4.so.1 is not installed.");
        foreach (var length in new[] { 4096, 65536, 300_000 })
        {
            var sample = ByteSamples.Make(5, length, new Random(1));
            var ours = CompressionCodecTests.Pack(CompressionCodec.Lz4Raw, sample).Length;
            Assert.InRange(ours, 1, NativeLz4.Compress(sample).Length * 1.05);
        }
    }

    /// <summary>The fast decoder against one that moves a byte at a time, on valid and on damaged blocks.</summary>
    [Fact]
    public void The_fast_decoder_agrees_with_the_plain_one()
    {
        var random = new Random(5);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var sample = ByteSamples.Make(random.Next(6), random.Next(0, 3000), random);
            var block = CompressionCodecTests.Pack(CompressionCodec.Lz4Raw, sample);
            Fuzz.Damage(ref block, random);
            var capacity = Math.Max(0, sample.Length + random.Next(-20, 40));
            var expected = PlainDecode(block, new byte[capacity], out var expectedBytes);
            var target = new byte[capacity];
            Assert.Equal(expected, Lz4Block.TryDecode(block, target));
            if (expected >= 0)
            {
                Assert.True(expectedBytes.AsSpan(0, expected).SequenceEqual(target.AsSpan(0, expected)));
            }
        }
    }

    private static int PlainDecode(ReadOnlySpan<byte> block, byte[] target, out byte[] bytes)
    {
        bytes = target;
        var read = 0;
        var written = 0;
        while (read < block.Length)
        {
            var token = block[read++];
            if (!TryLength(block, ref read, token >> 4, out var literals)
                || literals > block.Length - read || literals > target.Length - written)
            {
                return -1;
            }

            block.Slice(read, (int)literals).CopyTo(target.AsSpan(written));
            read += (int)literals;
            written += (int)literals;
            if (read == block.Length)
            {
                return written;
            }

            if (block.Length - read < 2)
            {
                return -1;
            }

            var offset = block[read] | (block[read + 1] << 8);
            read += 2;
            if (!TryLength(block, ref read, token & 15, out var count)
                || offset == 0 || offset > written || count + 4 > target.Length - written)
            {
                return -1;
            }

            for (var i = 0; i < count + 4; i++, written++)
            {
                target[written] = target[written - offset];
            }
        }

        return -1;
    }

    private static bool TryLength(ReadOnlySpan<byte> block, ref int read, int nibble, out long length)
    {
        length = nibble;
        if (nibble < 15)
        {
            return true;
        }

        while (read < block.Length)
        {
            var part = block[read++];
            length += part;
            if (part != 255)
            {
                return true;
            }
        }

        return false;
    }
}

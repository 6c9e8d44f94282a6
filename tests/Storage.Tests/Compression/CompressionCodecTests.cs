using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compression;

public sealed class CompressionCodecTests
{
    public static TheoryData<string> Codecs => ["none", "zstd", "snappy", "gzip", "deflate", "zlib", "lz4", "lz4_raw"];

    /// <summary>Plain bytes have no end of their own.</summary>
    public static TheoryData<string> PackingCodecs => [.. Codecs.Where(static c => c.Data != "none")];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompressing_gives_back_what_was_compressed(string name)
    {
        var codec = Codec(name);
        foreach (var sample in ByteSamples.All(1))
        {
            RoundTrip(codec, sample);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Any_bytes_survive_a_round_trip(string name)
    {
        var codec = Codec(name);
        Prop.ForAll<byte[]>(bytes => RoundTrip(codec, bytes)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_of_another_size_than_stated_is_corrupt(string name)
    {
        var codec = Codec(name);
        var packed = Pack(codec, ByteSamples.Make(5, 5000, new Random(3)));
        Assert.Throws<CorruptDataException>(() => codec.Decompress(packed, new byte[4999]));
        Assert.Throws<CorruptDataException>(() => codec.Decompress(packed, new byte[5001]));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void The_output_limit_holds_to_the_byte(string name)
    {
        var codec = Codec(name);
        foreach (var length in new[] { 1, 5000, 200_000 })
        {
            var packed = Pack(codec, ByteSamples.Make(5, length, new Random(3)));
            var output = new ArrayBufferWriter<byte>();
            Assert.Equal(length, codec.Decompress(packed, output, length));
            Assert.Throws<CorruptDataException>(
                () => codec.Decompress(packed, new ArrayBufferWriter<byte>(), length - 1));
        }
    }

    [Theory]
    [MemberData(nameof(PackingCodecs))]
    public void A_block_cut_short_is_corrupt(string name)
    {
        var codec = Codec(name);
        var sample = ByteSamples.Make(5, 3000, new Random(3));
        var packed = Pack(codec, sample);
        var target = new byte[sample.Length];
        for (var length = 0; length < packed.Length; length += length < 64 ? 1 : 17)
        {
            Assert.Throws<CorruptDataException>(() => codec.Decompress(packed.AsSpan(0, length), target));
        }
    }

    [Fact]
    public void An_unknown_codec_is_refused_by_name()
    {
        var error = Assert.Throws<PaimonException>(() => CompressionCodec.Parse("bzip2"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("bzip2", error.Message, StringComparison.Ordinal);
    }

    internal static CompressionCodec Codec(string name) =>
        name == "zlib" ? CompressionCodec.Zlib : CompressionCodec.Parse(name);

    internal static byte[] Pack(CompressionCodec codec, ReadOnlySpan<byte> sample)
    {
        var packed = new byte[codec.MaxCompressedLength(sample.Length)];
        return packed[..codec.Compress(sample, packed)];
    }

    private static void RoundTrip(CompressionCodec codec, byte[] sample)
    {
        var packed = Pack(codec, sample);
        var target = new byte[sample.Length];
        codec.Decompress(packed, target);
        Assert.True(sample.AsSpan().SequenceEqual(target), $"{codec.Name}: {sample.Length} bytes differ");

        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(sample.Length, codec.Decompress(packed, output, sample.Length));
        Assert.True(sample.AsSpan().SequenceEqual(output.WrittenSpan), $"{codec.Name}: {sample.Length} bytes differ");
    }
}

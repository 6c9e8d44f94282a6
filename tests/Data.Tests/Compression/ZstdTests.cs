using System.Buffers;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Compression;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Compression;

public sealed class ZstdTests
{
    /// <summary>"hello hello hello hello" from <c>zstd --no-check</c> fed by a pipe: its header states no size.</summary>
    private static readonly byte[] PipedFrame = StreamedFrame("hello hello hello hello"u8.ToArray());

    [Fact]
    public void A_frame_without_a_stated_size_is_read()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(23, Zstd.Decompress(PipedFrame, output, 100));
        Assert.Equal("hello hello hello hello"u8.ToArray(), output.WrittenSpan.ToArray());
        var target = new byte[23];
        Assert.Equal(23, Zstd.Decompress(PipedFrame, target));
    }

    [Fact]
    public void A_frame_without_a_stated_size_keeps_the_limit_to_the_byte()
    {
        Assert.Equal(23, Zstd.Decompress(PipedFrame, new ArrayBufferWriter<byte>(), 23));
        Assert.Throws<CorruptDataException>(() => Zstd.Decompress(PipedFrame, new ArrayBufferWriter<byte>(), 22));
    }

    [Fact]
    public void Large_frames_without_a_stated_size_are_read()
    {
        var sample = ByteSamples.Make(4, 3_000_000, new Random(9));
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(sample.Length, Zstd.Decompress(StreamedFrame(sample), output, sample.Length));
        Assert.True(sample.AsSpan().SequenceEqual(output.WrittenSpan));
    }

    [Fact]
    public void Large_frames_with_a_stated_size_are_read()
    {
        var sample = new byte[6_000_000];
        ByteSamples.FillText(sample, new Random(4));
        var packed = new byte[Zstd.MaxCompressedLength(sample.Length)];
        var length = Zstd.Compress(sample, packed, 3);
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(sample.Length, Zstd.Decompress(packed.AsSpan(0, length), output, sample.Length));
        Assert.True(sample.AsSpan().SequenceEqual(output.WrittenSpan));
    }

    [Fact]
    public void Frames_after_one_another_are_read_as_one()
    {
        byte[] skippable = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] frames = [.. PipedFrame, .. skippable, .. PipedFrame];
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(46, Zstd.Decompress(frames, output, 100));
        Assert.Throws<CorruptDataException>(() => Zstd.Decompress(frames, new ArrayBufferWriter<byte>(), 45));
    }

    [Fact]
    public void A_frame_without_a_stated_size_cut_short_is_corrupt()
    {
        for (var length = 0; length < PipedFrame.Length; length++)
        {
            Assert.Throws<CorruptDataException>(
                () => Zstd.Decompress(PipedFrame.AsSpan(0, length), new ArrayBufferWriter<byte>(), 100));
        }
    }

    [Fact]
    public void Higher_levels_compress_more()
    {
        var sample = ByteSamples.Make(5, 200_000, new Random(2));
        var packed = new byte[Zstd.MaxCompressedLength(sample.Length)];
        Assert.True(Zstd.Compress(sample, packed, 19) < Zstd.Compress(sample, packed, 1));
    }

    [Fact]
    public void A_level_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Zstd.Compress([], new byte[100], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Zstd.Compress([], new byte[100], 23));
    }

    [Fact]
    public async Task Threads_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            foreach (var sample in ByteSamples.All(seed))
            {
                var packed = new byte[Zstd.MaxCompressedLength(sample.Length)];
                var target = new byte[sample.Length];
                Assert.Equal(sample.Length, Zstd.Decompress(packed.AsSpan(0, Zstd.Compress(sample, packed, 1)), target));
                Assert.True(sample.AsSpan().SequenceEqual(target));
            }
        })));
    }

    /// <summary>A frame as a streaming writer makes it, by libzstd's own streaming call.</summary>
    private static unsafe byte[] StreamedFrame(byte[] sample)
    {
        var library = NativeLibrary.Load("libzstd.so.1");
        var create = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createCCtx");
        var free = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeCCtx");
        var compress = (delegate* unmanaged<nint, ZstdNative.OutBuffer*, ZstdNative.InBuffer*, int, nuint>)
            NativeLibrary.GetExport(library, "ZSTD_compressStream2");
        var target = new byte[Zstd.MaxCompressedLength(sample.Length) + 64];
        var context = create();
        fixed (byte* from = sample)
        fixed (byte* to = target)
        {
            var input = new ZstdNative.InBuffer { Source = from, Size = (nuint)sample.Length };
            var output = new ZstdNative.OutBuffer { Destination = to, Size = (nuint)target.Length };
            const int Continue = 0, End = 2;
            Assert.Equal(0u, ZstdNative.IsError(compress(context, &output, &input, Continue)));
            Assert.Equal(0u, compress(context, &output, &input, End));
            free(context);
            return target[..(int)output.Position];
        }
    }
}

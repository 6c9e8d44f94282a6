using System.Buffers;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Compression;

/// <summary>
/// SAFETY: pins spans for the length of one native call and passes their own lengths. Compresses and decompresses zstd frames
/// (RFC 8878) with the system's libzstd, which is loaded on first use. All members may be called from several threads; each
/// thread keeps one context of its own.
/// </summary>
/// <exception cref="PaimonException">
/// <see cref="ErrorKind.Unavailable"/>, thrown by every member but <see cref="IsAvailable"/> when libzstd is not installed.
/// </exception>
public static unsafe class Zstd
{
    /// <summary>The fastest level that the file formats use.</summary>
    public const int MinLevel = 1;

    /// <summary>The level that compresses most.</summary>
    public const int MaxLevel = 22;

    private const int MinChunkBytes = 1 << 10;
    private const int MaxChunkBytes = 1 << 17;
    private const int MaxTrustedFrameBytes = 1 << 22;
    private const ulong ContentSizeUnknown = ulong.MaxValue;
    private const ulong ContentSizeError = ulong.MaxValue - 1;
    private const ulong MaxRetainedContextBytes = 16 << 20;

    [ThreadStatic]
    private static ZstdCompressContext? _compressContext;

    [ThreadStatic]
    private static ZstdDecompressContext? _decompressContext;

    /// <summary>True when libzstd is installed.</summary>
    public static bool IsAvailable => ZstdNative.IsAvailable;

    /// <summary>The bytes that compressing may need at most.</summary>
    /// <param name="sourceLength">The bytes to compress.</param>
    public static int MaxCompressedLength(int sourceLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceLength);
        var margin = sourceLength < 1 << 17 ? ((1 << 17) - sourceLength) >> 11 : 0;
        return checked(sourceLength + (sourceLength >> 8) + margin + 32);
    }

    /// <summary>Writes one frame that states its size and has no checksum.</summary>
    /// <param name="source">The bytes to compress.</param>
    /// <param name="destination">At least <see cref="MaxCompressedLength"/> bytes.</param>
    /// <param name="level">From <see cref="MinLevel"/> to <see cref="MaxLevel"/>.</param>
    /// <returns>The frame's length.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination, int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        var context = _compressContext ??= ZstdCompressContext.Create();
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            var result = ZstdNative.CompressCCtx(
                context, to, (nuint)destination.Length, from, (nuint)source.Length, level);
            if (ZstdNative.IsError(result) != 0)
            {
                throw new ArgumentException(
                    $"zstd cannot compress {source.Length} bytes into {destination.Length}: {ZstdNative.ErrorName(result)}.",
                    nameof(destination));
            }

            return (int)result;
        }
    }

    /// <summary>Decompresses frames whose whole size the caller knows.</summary>
    /// <param name="source">One or more whole frames.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <returns>The bytes written, at most the destination's length.</returns>
    /// <exception cref="CorruptDataException">The frames are damaged, or hold more than the destination takes.</exception>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        RequireInput(source);
        var context = _decompressContext ??= ZstdDecompressContext.Create();
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            var result = ZstdNative.DecompressDCtx(
                context, to, (nuint)destination.Length, from, (nuint)source.Length);
            ThrowIfError(result, destination.Length);
            return (int)result;
        }
    }

    /// <summary>Decompresses frames that may or may not state their size.</summary>
    /// <param name="source">One or more whole frames.</param>
    /// <param name="destination">Takes the bytes; it may hold some of them when an error is thrown.</param>
    /// <param name="maxBytes">More than this is an error, found before the bytes are written.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="CorruptDataException">The frames are damaged, or hold more than <paramref name="maxBytes"/>.</exception>
    public static long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        RequireInput(source);
        var context = _decompressContext ??= ZstdDecompressContext.Create();
        var total = 0L;
        while (!source.IsEmpty)
        {
            var (frameLength, contentSize) = InspectFrame(source);
            var frame = source[..frameLength];
            if (contentSize != ContentSizeUnknown && contentSize > (ulong)(maxBytes - total))
            {
                ThrowTooLarge(maxBytes);
            }

            total += contentSize <= MaxTrustedFrameBytes
                ? DecompressWhole(frame, destination, (int)contentSize)
                : DecompressStreaming(context, frame, destination, maxBytes - total, maxBytes);
            source = source[frameLength..];
        }

        return total;
    }

    /// <summary>Measures the first frame without decoding it.</summary>
    private static (int FrameLength, ulong ContentSize) InspectFrame(ReadOnlySpan<byte> source)
    {
        fixed (byte* from = source)
        {
            var length = ZstdNative.FindFrameCompressedSize(from, (nuint)source.Length);
            ThrowIfError(length, -1);
            var size = ZstdNative.GetFrameContentSize(from, (nuint)source.Length);
            if (size == ContentSizeError || length == 0 || length > (nuint)source.Length)
            {
                CorruptDataException.Throw("zstd: the frame header is damaged.");
            }

            return ((int)length, size);
        }
    }

    /// <summary>A stated size is believed only up to a limit, so that a damaged one cannot ask for much memory.</summary>
    private static int DecompressWhole(ReadOnlySpan<byte> frame, IBufferWriter<byte> destination, int contentSize)
    {
        if (contentSize == 0)
        {
            return Decompress(frame, []);
        }

        var written = Decompress(frame, destination.GetSpan(contentSize)[..contentSize]);
        destination.Advance(written);
        return written;
    }

    private static long DecompressStreaming(
        ZstdDecompressContext context, ReadOnlySpan<byte> frame, IBufferWriter<byte> destination, long limit, long maxBytes)
    {
        ThrowIfError(ZstdNative.ResetDCtx(context, ZstdNative.ResetSession), -1);
        var total = 0L;
        var chunkBytes = Math.Clamp(frame.Length * 4L, MinChunkBytes, MaxChunkBytes);
        fixed (byte* from = frame)
        {
            var input = new ZstdNative.InBuffer { Source = from, Size = (nuint)frame.Length };
            nuint wanted;
            do
            {
                // One byte more than the limit is offered, to tell a frame that ends at the limit from one that goes on.
                var span = destination.GetSpan((int)Math.Min(chunkBytes, limit - total + 1));
                fixed (byte* to = span)
                {
                    var before = input.Position;
                    var output = new ZstdNative.OutBuffer { Destination = to, Size = (nuint)span.Length };
                    wanted = ZstdNative.DecompressStream(context, &output, &input);
                    ThrowIfError(wanted, -1);
                    if ((long)output.Position > limit - total)
                    {
                        ThrowTooLarge(maxBytes);
                    }

                    if (wanted != 0 && output.Position == 0 && input.Position == before)
                    {
                        CorruptDataException.Throw("zstd: the frame ends too early.");
                    }

                    destination.Advance((int)output.Position);
                    total += (long)output.Position;
                }
            }
            while (wanted != 0);
        }

        DropLargeContext(context);
        return total;
    }

    /// <summary>A frame may ask for a window of up to 128 MiB; that is not kept for the life of the thread.</summary>
    private static void DropLargeContext(ZstdDecompressContext context)
    {
        if (ZstdNative.SizeOfDCtx(context) > MaxRetainedContextBytes)
        {
            _decompressContext = null;
            context.Dispose();
        }
    }

    private static void RequireInput(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            CorruptDataException.Throw("zstd: no bytes where a frame was expected.");
        }
    }

    private static void ThrowIfError(nuint result, int expectedLength)
    {
        if (ZstdNative.IsError(result) != 0)
        {
            var expected = expectedLength < 0 ? "" : $" ({expectedLength} bytes were expected)";
            CorruptDataException.Throw($"zstd: {ZstdNative.ErrorName(result)}{expected}.");
        }
    }

    private static void ThrowTooLarge(long maxBytes) =>
        CorruptDataException.Throw($"zstd: the data is larger than the limit of {maxBytes} bytes.");
}

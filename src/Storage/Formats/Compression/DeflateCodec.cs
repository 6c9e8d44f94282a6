using System.Buffers;
using System.IO.Compression;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// SAFETY: spans are pinned while a memory stream of their own length is open over them. Deflate through the framework's zlib,
/// in one of its three containers.
/// </summary>
internal sealed unsafe class DeflateCodec(string name, DeflateContainer container) : CompressionCodec
{
    private const int ChunkBytes = 1 << 15;

    /// <inheritdoc/>
    public override string Name { get; } = name;

    /// <summary>A final block of no bytes, in its container.</summary>
    private ReadOnlySpan<byte> EmptyBlock => container switch
    {
        DeflateContainer.Gzip => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        DeflateContainer.Zlib => [0x78, 0x9C, 3, 0, 0, 0, 0, 1],
        _ => [3, 0],
    };

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) =>
        checked(sourceLength + (sourceLength >> 3) + (sourceLength >> 6) + 512);

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxCompressedLength(source.Length))
        {
            throw new ArgumentException($"{Name} needs {MaxCompressedLength(source.Length)} bytes.", nameof(destination));
        }

        if (source.IsEmpty)
        {
            // The framework's streams write nothing at all for no bytes, not even their headers.
            EmptyBlock.CopyTo(destination);
            return EmptyBlock.Length;
        }

        fixed (byte* to = destination)
        {
            using var output = new UnmanagedMemoryStream(to, 0, destination.Length, FileAccess.Write);
            using (var deflate = OpenWrite(output))
            {
                deflate.Write(source);
                deflate.Flush();
            }

            return (int)output.Position;
        }
    }

    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        RequireInput(source);
        fixed (byte* from = source)
        {
            using var input = OpenBlock(from, source.Length);
            using var inflate = OpenRead(input);
            for (var total = 0L; ;)
            {
                // One byte more than the limit is offered, to tell data that ends at the limit from data that goes on.
                var span = destination.GetSpan((int)Math.Min(ChunkBytes, maxBytes - total + 1));
                var count = Read(inflate, span);
                if (count > maxBytes - total)
                {
                    ThrowTooLarge(maxBytes);
                }

                if (count == 0)
                {
                    return total;
                }

                destination.Advance(count);
                total += count;
            }
        }
    }

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        RequireInput(source);
        fixed (byte* from = source)
        {
            using var input = OpenBlock(from, source.Length);
            using var inflate = OpenRead(input);
            var total = 0;
            while (total < destination.Length)
            {
                var count = Read(inflate, destination[total..]);
                if (count == 0)
                {
                    return total;
                }

                total += count;
            }

            // Reading past the last byte also checks the trailer.
            Span<byte> beyond = stackalloc byte[1];
            if (Read(inflate, beyond) != 0)
            {
                ThrowTooLarge(destination.Length);
            }

            return total;
        }
    }

    private int Read(Stream inflate, Span<byte> destination)
    {
        try
        {
            return inflate.Read(destination);
        }
        catch (InvalidDataException e)
        {
            throw new CorruptDataException($"{Name}: the block is damaged: {e.Message}", innerException: e);
        }
        catch (IOException e)
        {
            throw new CorruptDataException($"{Name}: the block is damaged: {e.Message}", innerException: e);
        }
    }

    private BlockStream OpenBlock(byte* from, int length) =>
        new(from, length, container == DeflateContainer.Gzip ? 1 : 0);

    private void RequireInput(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            CorruptDataException.Throw($"{Name}: no bytes where a block was expected.");
        }
    }

    private Stream OpenWrite(Stream output) => container switch
    {
        DeflateContainer.Gzip => new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true),
        DeflateContainer.Zlib => new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true),
        _ => new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true),
    };

    private Stream OpenRead(Stream input) => container switch
    {
        DeflateContainer.Gzip => new GZipStream(input, CompressionMode.Decompress),
        DeflateContainer.Zlib => new ZLibStream(input, CompressionMode.Decompress),
        _ => new DeflateStream(input, CompressionMode.Decompress),
    };
}

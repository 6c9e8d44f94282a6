using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The index file of a dynamic bucket: the hashes of its keys (docs/format.md#hash-index).
/// <code>
/// 4 bytes, big endian, for each hash
/// </code>
/// </summary>
internal static class HashIndexFile
{
    private const int HashBytes = sizeof(int);
    private const int MaxFileBytes = 1 << 30;

    /// <summary>The bytes of a file of hashes.</summary>
    public static byte[] Write(ReadOnlySpan<int> hashes)
    {
        var bytes = new byte[checked(hashes.Length * HashBytes)];
        for (var i = 0; i < hashes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(HashBytes * i), hashes[i]);
        }

        return bytes;
    }

    /// <summary>The hashes of a file's bytes.</summary>
    /// <exception cref="CorruptDataException">The last hash is cut off.</exception>
    public static int[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % HashBytes != 0)
        {
            CorruptDataException.Throw($"A hash index has {bytes.Length} bytes, not a multiple of {HashBytes}.");
        }

        var hashes = new int[bytes.Length / HashBytes];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes[(HashBytes * i)..]);
        }

        return hashes;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CorruptDataException">The last hash is cut off, or the file is larger than 1 GiB.</exception>
    public static async ValueTask<int[]> ReadAsync(IFileIO fileIO, string path, CancellationToken cancellationToken)
    {
        var input = await fileIO.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposeInput = input.ConfigureAwait(false);
        if (input.SizeBytes > MaxFileBytes)
        {
            throw new CorruptDataException($"A hash index of {input.SizeBytes} bytes is larger than {MaxFileBytes}.", path);
        }

        var bytes = new byte[input.SizeBytes];
        await input.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(bytes);
        }
        catch (CorruptDataException e)
        {
            throw e.InFile(path);
        }
    }

    /// <summary>Writes a file.</summary>
    public static async ValueTask WriteAsync(
        IFileIO fileIO, string path, ReadOnlyMemory<int> hashes, CancellationToken cancellationToken)
    {
        var output = await fileIO.CreateAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposeOutput = output.ConfigureAwait(false);
        await output.WriteAsync(Write(hashes.Span), cancellationToken).ConfigureAwait(false);
        await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}

using System.Runtime.InteropServices;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// SAFETY: the spans are pinned for the call and liblz4 is told their lengths, which it keeps to.
/// The system's liblz4 (Debian: liblz4-1), what our block codec is measured against.
/// </summary>
internal static unsafe partial class NativeLz4
{
    private const string Library = "liblz4.so.1";

    /// <summary>Compresses a block at the default acceleration; gives the bytes written.</summary>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            return CompressDefault(from, to, source.Length, target.Length);
        }
    }

    /// <summary>Decompresses a block; gives the bytes written, negative for a damaged block.</summary>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            return DecompressSafe(from, to, source.Length, target.Length);
        }
    }

    [LibraryImport(Library, EntryPoint = "LZ4_compress_default")]
    private static partial int CompressDefault(byte* from, byte* to, int length, int capacity);

    [LibraryImport(Library, EntryPoint = "LZ4_decompress_safe")]
    private static partial int DecompressSafe(byte* from, byte* to, int length, int capacity);
}

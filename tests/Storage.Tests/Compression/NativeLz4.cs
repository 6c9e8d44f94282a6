using System.Runtime.InteropServices;

namespace PaimonSharp.Storage.Tests.Compression;

/// <summary>The system's liblz4, the judge of our block codec.</summary>
internal static unsafe partial class NativeLz4
{
    private const string Library = "liblz4.so.1";

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    public static byte[] Compress(ReadOnlySpan<byte> source)
    {
        var target = new byte[source.Length + (source.Length / 255) + 16];
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            var length = CompressDefault(from, to, source.Length, target.Length);
            Assert.True(length > 0);
            return target[..length];
        }
    }

    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            return CompressDefault(from, to, source.Length, target.Length);
        }
    }

    /// <summary>The decoded length, negative for a block that liblz4 refuses.</summary>
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

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Compression;

/// <summary>SAFETY: declarations only; the stable part of libzstd's interface (zstd.h of 1.4.0 and later).</summary>
internal static unsafe partial class ZstdNative
{
    /// <summary>Begin a new frame and keep the parameters.</summary>
    public const int ResetSession = 1;

    private const string Library = "libzstd.so.1";
    private const uint MinVersion = 10400;

    /// <summary>Asked once: whether the library is there and new enough.</summary>
    public static bool IsAvailable { get; } = Probe();

    /// <summary>The name of an error code.</summary>
    public static string ErrorName(nuint code) => Marshal.PtrToStringUTF8(GetErrorName(code)) ?? "unknown error";

    /// <summary>Throws when the library is missing.</summary>
    public static void Require()
    {
        if (!IsAvailable)
        {
            throw new PaimonException(
                ErrorKind.Unavailable,
                "zstd data needs the system library libzstd (libzstd.so.1, 1.4.0 or later), which cannot be loaded. Install it: "
                + "'apt install libzstd1' (Debian, Ubuntu), 'dnf install libzstd' (Fedora, RHEL), 'apk add zstd-libs' (Alpine).");
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [SuppressGCTransition]
    internal static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    internal static partial nint CreateCCtx();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    internal static partial nuint FreeCCtx(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    internal static partial nint CreateDCtx();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    internal static partial nuint FreeDCtx(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_sizeof_DCtx")]
    internal static partial nuint SizeOfDCtx(ZstdDecompressContext context);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_reset")]
    internal static partial nuint ResetDCtx(ZstdDecompressContext context, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressCCtx")]
    internal static partial nuint CompressCCtx(
        ZstdCompressContext context, byte* to, nuint capacity, byte* from, nuint length, int level);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    internal static partial nuint DecompressDCtx(
        ZstdDecompressContext context, byte* to, nuint capacity, byte* from, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    internal static partial nuint DecompressStream(ZstdDecompressContext context, OutBuffer* output, InBuffer* input);

    [LibraryImport(Library, EntryPoint = "ZSTD_findFrameCompressedSize")]
    internal static partial nuint FindFrameCompressedSize(byte* from, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_getFrameContentSize")]
    internal static partial ulong GetFrameContentSize(byte* from, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_versionNumber")]
    private static partial uint VersionNumber();

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint code);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Probe()
    {
        try
        {
            return VersionNumber() >= MinVersion;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    /// <summary>ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InBuffer
    {
        /// <summary>The first byte.</summary>
        public byte* Source;

        /// <summary>How many bytes there are.</summary>
        public nuint Size;

        /// <summary>How many of them were consumed.</summary>
        public nuint Position;
    }

    /// <summary>ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OutBuffer
    {
        /// <summary>The first byte.</summary>
        public byte* Destination;

        /// <summary>How many bytes fit.</summary>
        public nuint Size;

        /// <summary>How many were written.</summary>
        public nuint Position;
    }
}

/// <summary>A ZSTD_CCtx: for one thread at a time, freed with its thread.</summary>
internal sealed class ZstdCompressContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Makes one, loading the library.</summary>
    public static ZstdCompressContext Create()
    {
        ZstdNative.Require();
        var context = new ZstdCompressContext();
        context.SetHandle(ZstdNative.CreateCCtx());
        return context.IsInvalid ? throw new InsufficientMemoryException("zstd: no memory for a context.") : context;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => ZstdNative.FreeCCtx(handle) == 0;
}

/// <summary>A ZSTD_DCtx: for one thread at a time, freed with its thread.</summary>
internal sealed class ZstdDecompressContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Makes one, loading the library.</summary>
    public static ZstdDecompressContext Create()
    {
        ZstdNative.Require();
        var context = new ZstdDecompressContext();
        context.SetHandle(ZstdNative.CreateDCtx());
        return context.IsInvalid ? throw new InsufficientMemoryException("zstd: no memory for a context.") : context;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => ZstdNative.FreeDCtx(handle) == 0;
}

using System.Runtime.InteropServices;

namespace PaimonSharp.Storage.Io;

/// <summary>The system calls that durable and exclusive publishing needs and the framework does not offer.</summary>
internal static partial class LibC
{
    /// <summary>No such file or directory.</summary>
    public const int NoEntry = 2;

    /// <summary>A signal came first.</summary>
    public const int Interrupted = 4;

    /// <summary>Somebody else holds the lock.</summary>
    public const int WouldBlock = 11;

    /// <summary>Permission denied.</summary>
    public const int AccessDenied = 13;

    /// <summary>The name is taken.</summary>
    public const int Exists = 17;

    /// <summary>The file system does not do this.</summary>
    public const int Invalid = 22;

    /// <summary>The file would be larger than the process or the file system may write.</summary>
    public const int FileTooLarge = 27;

    /// <summary>No space left.</summary>
    public const int NoSpace = 28;

    /// <summary>A file system that is mounted for reading only.</summary>
    public const int ReadOnly = 30;

    /// <summary>No such system call.</summary>
    public const int NotImplemented = 38;

    /// <summary>The user's quota is used up.</summary>
    public const int QuotaExceeded = 122;

    /// <summary>AT_FDCWD: paths are not relative to a directory handle.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>RENAME_NOREPLACE</summary>
    public const uint NoReplace = 1;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(int descriptor);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport(Library, EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Link(string from, string to);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);
}

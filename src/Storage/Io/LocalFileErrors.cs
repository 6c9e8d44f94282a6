using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>Says of a local file system's failures what failed, where, and what to do.</summary>
internal static class LocalFileErrors
{
    /// <summary>True for the errors that the framework's file calls throw.</summary>
    public static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>The error to throw for a failed call of the framework.</summary>
    /// <param name="action">What was tried, as in "write".</param>
    /// <param name="path">The file or directory.</param>
    /// <param name="error">What the framework threw.</param>
    public static PaimonException From(string action, string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => new FileMissingException(path, error),
        UnauthorizedAccessException => Make(action, path, LibC.AccessDenied, error),
        _ => Make(action, path, error.HResult, error),
    };

    /// <summary>Throws for a failed system call.</summary>
    /// <param name="action">What was tried.</param>
    /// <param name="path">The file or directory.</param>
    /// <param name="code">The system's error number.</param>
    [DoesNotReturn]
    public static void Throw(string action, string path, int code) => throw (code == LibC.NoEntry
        ? new FileMissingException(path)
        : Make(action, path, code, null));

    private static PaimonException Make(string action, string path, int code, Exception? error)
    {
        var (cause, remedy) = code switch
        {
            LibC.NoSpace => ("no space is left on the device", "Free space, or move the warehouse to a larger disk"),
            LibC.QuotaExceeded => ("the disk quota is used up", "Free space, or raise the quota"),
            LibC.FileTooLarge => ("the file would exceed the largest size allowed", "Check 'ulimit -f' and the file system"),
            LibC.AccessDenied => ("permission is denied", "Check the owner and mode of the file and its directories"),
            LibC.ReadOnly => ("the file system is mounted read-only", "Mount it for writing"),
            _ => (error?.Message.TrimEnd('.') ?? Marshal.GetPInvokeErrorMessage(code), "Check the disk and the system's log"),
        };
        return new PaimonException(ErrorKind.Unavailable, $"{path}: cannot {action}: {cause}. {remedy}.", error);
    }
}

using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli;

/// <summary>Files that the command line names and that are no part of a table.</summary>
internal static class UserFiles
{
#pragma warning disable RS0030 // the command line's own files do not live in a warehouse
    public static string ReadText(string path) => File.ReadAllText(path);

    public static bool IsDirectory(string path) => Directory.Exists(path);

    public static string[] ListFiles(string directory) => Directory.GetFiles(directory);

    /// <summary>Opens a file for reading from its beginning to its end.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such file, or it may not be read.</exception>
    public static Stream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaimonException(ErrorKind.Invalid, $"{path} cannot be read: {e.Message}", e);
        }
    }
#pragma warning restore RS0030
}

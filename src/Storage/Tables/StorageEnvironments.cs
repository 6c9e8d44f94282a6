using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tables;

/// <summary>The environment that is used where an application gives none.</summary>
internal static class StorageEnvironments
{
    /// <summary>The local disk, which takes relative paths too, or what the application gave.</summary>
    /// <param name="path">A directory.</param>
    /// <param name="environment">What the application gave, if anything.</param>
    /// <returns>The directory's absolute path without a '/' at its end, and the environment.</returns>
    public static (string Path, StorageEnvironment Environment) Resolve(string path, StorageEnvironment? environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var actual = environment ?? new StorageEnvironment(new LocalFileIO());
        return (FilePath.TrimEnd(actual.FileIO is LocalFileIO ? System.IO.Path.GetFullPath(path) : path), actual);
    }
}

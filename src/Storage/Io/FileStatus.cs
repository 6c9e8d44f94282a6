namespace PaimonSharp.Storage.Io;

/// <summary>An entry of a directory.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="SizeBytes">The file's size, 0 for a directory.</param>
/// <param name="IsDirectory">True for a directory.</param>
/// <param name="ModifiedAt">When it was last changed.</param>
public readonly record struct FileStatus(string Path, long SizeBytes, bool IsDirectory, DateTimeOffset ModifiedAt)
{
    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

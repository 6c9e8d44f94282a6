using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>A file that something refers to is not there.</summary>
public sealed class FileMissingException : PaimonException
{
    /// <summary>Makes the error.</summary>
    /// <param name="path">The file that is missing.</param>
    /// <param name="innerException">The file system's error.</param>
    public FileMissingException(string path, Exception? innerException = null)
        : base(ErrorKind.Corrupt, $"{path}: the file does not exist.", innerException) => Path = path;

    /// <summary>The file that is missing.</summary>
    public string Path { get; }
}

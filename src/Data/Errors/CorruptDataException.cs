using System.Diagnostics.CodeAnalysis;

namespace PaimonSharp.Data.Errors;

/// <summary>
/// Bytes that were read do not make sense. Decoders that see only bytes throw it without a path; whoever opened the file
/// adds the path with <see cref="InFile"/>.
/// </summary>
public sealed class CorruptDataException : PaimonException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="path">The file, where known.</param>
    /// <param name="offset">The byte offset in the file or buffer, -1 where unknown.</param>
    /// <param name="innerException">The cause, if another error was.</param>
    public CorruptDataException(string message, string? path = null, long offset = -1, Exception? innerException = null)
        : base(ErrorKind.Corrupt, Describe(message, path, offset), innerException)
    {
        Detail = message;
        Path = path;
        Offset = offset;
    }

    /// <summary>What was found and what was expected, without the place.</summary>
    public string Detail { get; }

    /// <summary>The file, where known.</summary>
    public string? Path { get; }

    /// <summary>The byte offset in the file or buffer, -1 where unknown.</summary>
    public long Offset { get; }

    /// <summary>The same error with the file's path, which the decoder did not know.</summary>
    /// <param name="path">The file that holds the bytes.</param>
    public CorruptDataException InFile(string path) => Path is null ? new(Detail, path, Offset, this) : this;

    /// <summary>Throws the error.</summary>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="offset">The byte offset in the buffer, -1 where unknown.</param>
    [DoesNotReturn]
    public static void Throw(string message, long offset = -1) => throw new CorruptDataException(message, null, offset);

    private static string Describe(string message, string? path, long offset) => (path, offset) switch
    {
        (null, < 0) => message,
        (null, _) => $"at byte {offset}: {message}",
        (_, < 0) => $"{path}: {message}",
        _ => $"{path}, at byte {offset}: {message}",
    };
}

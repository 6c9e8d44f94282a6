using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A commit cannot be applied to the table as it is now: another writer changed the same files first. Trying the same commit
/// again cannot help; read the table and write again. Nothing of the snapshot was published.
/// </summary>
public sealed class CommitConflictException : PaimonException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What collides with what.</param>
    /// <param name="files">The files of the commit that collide.</param>
    public CommitConflictException(string message, IReadOnlyList<string> files)
        : base(ErrorKind.Conflict, message) => Files = files;

    /// <summary>The names of the files that collide.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>True where the indexes of keys collide, so that the same rows fit with other index files.</summary>
    internal bool IsOfKeys { get; init; }

    /// <summary>True when nothing of the commit was published, and nothing of it will be.</summary>
    internal bool IsUnpublished { get; set; }
}

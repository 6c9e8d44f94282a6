using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tables;

/// <summary>The lock by which those who must be alone with a table keep each other out: a file in its directory.</summary>
internal static class WriterLock
{
    private const string LockFile = ".writer.lock";

    /// <summary>Takes the lock.</summary>
    /// <param name="fileIO">Where the table is.</param>
    /// <param name="path">The table's directory, which is there.</param>
    /// <param name="table">The table's name, for the message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Conflict: somebody else holds it.</exception>
    public static async ValueTask<IDisposable> AcquireAsync(
        IFileIO fileIO, string path, string table, CancellationToken cancellationToken)
    {
        var file = $"{path}/{LockFile}";
        return await fileIO.TryLockAsync(file, cancellationToken).ConfigureAwait(false)
            ?? throw new PaimonException(
                ErrorKind.Conflict,
                $"The table {table} is being written by another process, which holds {file}. End that one first.");
    }
}

namespace PaimonSharp.Storage.Io;

/// <summary>
/// Where tables live: a local disk, memory, a simulated disk that fails. Paths are absolute and use '/'. All members may be
/// called from several threads. Failures are <see cref="Data.Errors.PaimonException"/>: kind Unavailable for a disk that is
/// full or cannot be reached, <see cref="FileMissingException"/> for a file that is not there.
/// </summary>
public interface IFileIO
{
    /// <summary>Opens a file for reading at any offset.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FileMissingException">There is no such file.</exception>
    ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a new file, making its directories. The file is durable after <see cref="IOutputFile.CompleteAsync"/>; one that
    /// is disposed before that is removed. Two writers never share a path: names hold a random part.
    /// </summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Publishes a small file whole or not at all: after true it is there and durable with exactly this content; after false
    /// another file of the name was there first and is untouched. This is what commits rest on.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of its bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; the file may then be there or not.</param>
    ValueTask<bool> TryPublishAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Replaces a small file atomically, or makes it: for hints, consumers and others whose last writer wins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of its bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; the file then has the old or the new content.</param>
    ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>True when a file or directory is there.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The entries of a directory, in no order; none when the directory is not there.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a file; nothing happens when it is not there. A file may come back after a power failure, so nothing may depend
    /// on its absence.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Makes a directory and those above it, durably; nothing happens when it is there.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the names in a directory durable, after an error left open whether they are. Nothing by default: for files whose
    /// names are durable as soon as they are seen.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>Removes a directory with all that it holds, durably; nothing happens when it is not there.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a directory that holds nothing. By default nothing is done, for files that have no real directories.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it is not there or not empty, or stays for another reason.</returns>
    ValueTask<bool> TryDeleteEmptyDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(false);

    /// <summary>
    /// Takes a lock that one holder has at a time, among all processes of the machine; it ends with its process at the
    /// latest. Files that know no locks give one that keeps nobody out.
    /// </summary>
    /// <param name="path">The lock's file, in a directory that is there; it is made when it is not there, and stays.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What gives the lock back when it is disposed; null when somebody else holds it.</returns>
    ValueTask<IDisposable?> TryLockAsync(string path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IDisposable?>(NoLock.Instance);
}

#pragma warning disable RS0030 // the one place that may touch the framework's files
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PaimonSharp.Data;

namespace PaimonSharp.Storage.Io;

/// <summary>
/// Files of the local disk. What is reported as done survives a power failure: a file's bytes are flushed before its name is,
/// and a new directory's name before anything is put into it; the removal of a directory is flushed, that of single files is
/// not, as nothing refers to a file that is removed and one that comes back is an orphan. Publishing goes through a file
/// <c>.{name}.{uuid}.tmp</c> beside the target, which a crash may leave behind. Safe for several threads and processes.
/// </summary>
public sealed class LocalFileIO : IFileIO
{
    private const int MaxKnownDirectories = 1 << 16;
    private const int DirectoryAttempts = 8;

    private readonly IdSource _ids;
    private readonly bool _isDurable = true;

    /// <summary>Directories whose names this object has seen flushed, so that it is done once for each.</summary>
    private readonly ConcurrentDictionary<string, bool> _durableDirectories = new();

    /// <summary>Makes the file IO.</summary>
    /// <param name="ids">Where the random parts of temporary names come from.</param>
    public LocalFileIO(IdSource? ids = null) => _ids = ids ?? IdSource.System;

    private LocalFileIO(bool isDurable)
        : this() => _isDurable = isDurable;

    /// <summary>
    /// For files that are of no use to another process: neither they nor their directories are flushed to the disk, and they need
    /// not survive a power failure.
    /// </summary>
    public static LocalFileIO Scratch { get; } = new(isDurable: false);

    /// <inheritdoc/>
    public ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try<IInputFile>("open", path, () =>
        {
            var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
            return new LocalInputFile(path, handle, RandomAccess.GetLength(handle));
        });
    }

    /// <inheritdoc/>
    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try<IOutputFile>("create", path, () => InDirectoryOf(path, () => new LocalOutputFile(
            path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete), _isDurable)));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await Task.Run(() => TryPublish(path, content.Span), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        await Task.Run(() => Replace(path, content.Span), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(File.Exists(path) || Directory.Exists(path));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try<IReadOnlyList<FileStatus>>("list", directory, () => List(directory));
    }

    /// <inheritdoc/>
    public ValueTask<IDisposable?> TryLockAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try<IDisposable?>("lock", path, () =>
        {
            try
            {
                while (true)
                {
                    // Sharing with nobody is flock(2) on Linux: the kernel ends it with the process, however that ends.
                    var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    if (!IsRemoved(handle))
                    {
                        return handle;
                    }

                    // Who held it before removed it when it was open here and not locked yet: nobody else will find this file.
                    handle.Dispose();
                }
            }
            catch (IOException e) when (e.HResult == LibC.WouldBlock)
            {
                return null;
            }
        });
    }

    private static bool IsRemoved(SafeFileHandle handle) =>
        OperatingSystem.IsLinux()
        && new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try("remove", path, () => File.Delete(path));
    }

    /// <inheritdoc/>
    public async ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        await Task.Run(
            () => Try("create", directory, () => MakeDirectory(FilePath.TrimEnd(directory))).AsTask(), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        var trimmed = FilePath.TrimEnd(directory);
        foreach (var known in _durableDirectories.Keys)
        {
            if (known == trimmed || known.StartsWith(trimmed + "/", StringComparison.Ordinal))
            {
                _durableDirectories.TryRemove(known, out _);
            }
        }

        await Task.Run(
            () => Try("remove", trimmed, () => RemoveDirectory(trimmed)).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteEmptyDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var trimmed = FilePath.TrimEnd(directory);
        _durableDirectories.TryRemove(trimmed, out _);
        try
        {
            Directory.Delete(trimmed, recursive: false);
            return ValueTask.FromResult(true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ValueTask.FromResult(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        await Task.Run(() => SyncDirectory(FilePath.TrimEnd(directory)), cancellationToken).ConfigureAwait(false);

    /// <summary>Removes an unfinished file; a failure leaves an orphan, which is no reason to hide the first error.</summary>
    internal static void RemoveQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
        }
    }

    /// <summary>Flushes a directory: the names in it survive a power failure afterwards.</summary>
    internal static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Retry(() => LibC.Open(directory, 0));
        if (descriptor < 0)
        {
            LocalFileErrors.Throw("open the directory", directory, Marshal.GetLastPInvokeError());
        }

        var result = Retry(() => LibC.Fsync(descriptor));
        var code = Marshal.GetLastPInvokeError();
        _ = LibC.Close(descriptor);

        // Some network file systems refuse this for directories, and keep names at once by themselves.
        if (result != 0 && code != LibC.Invalid)
        {
            LocalFileErrors.Throw("flush the directory", directory, code);
        }
    }

    private static int Retry(Func<int> call)
    {
        int result;
        do
        {
            result = call();
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
        return result;
    }

    private static ValueTask<T> Try<T>(string action, string path, Func<T> body)
    {
        try
        {
            return ValueTask.FromResult(body());
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            throw LocalFileErrors.From(action, path, e);
        }
    }

    /// <summary>For calls to which a missing file is no failure.</summary>
    private static ValueTask Try(string action, string path, Action body)
    {
        try
        {
            body();
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            throw LocalFileErrors.From(action, path, e);
        }

        return default;
    }

    private static List<FileStatus> List(string directory)
    {
        var result = new List<FileStatus>();
        try
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                var path = FilePath.Join(directory, entry.Name);
                try
                {
                    var size = entry is FileInfo file ? file.Length : 0;
                    result.Add(new FileStatus(path, size, entry is DirectoryInfo, entry.LastWriteTimeUtc));
                }
                catch (FileNotFoundException)
                {
                    // Another process removed it after the directory was read.
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
        }

        return result;
    }

    private void RemoveDirectory(string directory)
    {
        Directory.Delete(directory, recursive: true);
        if (_isDurable && FilePath.Parent(directory) is { } parent)
        {
            SyncDirectory(parent);
        }
    }

    private bool TryPublish(string path, ReadOnlySpan<byte> content)
    {
        // A taken name is the common outcome of a lost race: answered without writing anything.
        if (File.Exists(path))
        {
            return false;
        }

        var temporary = WriteTemporary(path, content);
        try
        {
            if (!TryRename(temporary, path))
            {
                RemoveQuietly(temporary);
                return false;
            }
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            RemoveQuietly(temporary);
            throw LocalFileErrors.From("publish", path, e);
        }

        SyncDirectory(FilePath.Parent(path)!);
        return true;
    }

    private void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = WriteTemporary(path, content);
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            RemoveQuietly(temporary);
            throw LocalFileErrors.From("replace", path, e);
        }

        SyncDirectory(FilePath.Parent(path)!);
    }

    private string WriteTemporary(string path, ReadOnlySpan<byte> content)
    {
        var temporary = FilePath.Join(FilePath.Parent(path)!, $".{FilePath.Name(path)}.{_ids.NextUuid()}.tmp");
        try
        {
            using var handle = InDirectoryOf(
                temporary, () => File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
            RandomAccess.Write(handle, content, 0);
            RandomAccess.FlushToDisk(handle);
            return temporary;
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            RemoveQuietly(temporary);
            throw LocalFileErrors.From("write", path, e);
        }
    }

    /// <summary>Renames in one step unless the target is there; false when it is.</summary>
    private static bool TryRename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(from, to);
        }

        var code = 0;
        try
        {
            code = Retry(() => LibC.RenameAt2(LibC.CurrentDirectory, from, LibC.CurrentDirectory, to, LibC.NoReplace)) == 0
                ? 0
                : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            code = LibC.NotImplemented;
        }

        // Old kernels and some file systems lack it; a hard link is as exclusive, and leaves one name more for a moment.
        if (code is LibC.Invalid or LibC.NotImplemented)
        {
            code = Link(from, to);
        }

        if (code is not (0 or LibC.Exists))
        {
            RemoveQuietly(from);
            LocalFileErrors.Throw("publish", to, code);
        }

        return code == 0;
    }

    /// <summary>Gives a file another name and takes the first one away, if the other is not taken.</summary>
    /// <returns>The error's number, 0 for none.</returns>
    internal static int Link(string from, string to)
    {
        var code = LibC.Link(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

        // A request over a network is repeated when its answer is lost: the name is taken then, by the file itself.
        if (code == LibC.Exists && File.ReadAllBytes(from).AsSpan().SequenceEqual(File.ReadAllBytes(to)))
        {
            code = 0;
        }

        if (code == 0)
        {
            _ = LibC.Unlink(from);
        }

        return code;
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    /// <summary>Runs what makes a file, in a directory that is there and durable.</summary>
    private T InDirectoryOf<T>(string path, Func<T> create)
    {
        var directory = FilePath.Parent(path)!;
        for (var attempt = 1; ; attempt++)
        {
            MakeDirectory(directory);
            try
            {
                return create();
            }
            catch (IOException e) when (attempt < DirectoryAttempts && e is (DirectoryNotFoundException or FileNotFoundException))
            {
                // Removed by somebody else since it was last seen; the file is said to be missing where the directory is back already.
                _durableDirectories.Clear();
            }
        }
    }

    /// <summary>
    /// Makes a directory and those above it, each durable before the next. One that is already there may have been made by a
    /// process that died before it flushed the name, so its name is flushed too, once.
    /// </summary>
    private void MakeDirectory(string directory)
    {
        if (_durableDirectories.ContainsKey(directory))
        {
            return;
        }

        if (FilePath.Parent(directory) is { } parent)
        {
            MakeDirectory(parent);
            var isNew = !Directory.Exists(directory);
            if (isNew)
            {
                Directory.CreateDirectory(directory);
            }

            if (_isDurable)
            {
                SyncParent(parent, isNew);
            }
        }

        if (_durableDirectories.Count >= MaxKnownDirectories)
        {
            _durableDirectories.Clear();
        }

        _durableDirectories.TryAdd(directory, true);
    }

    /// <summary>Above the warehouse there may be directories that this process may pass but not read: those are not ours.</summary>
    private static void SyncParent(string parent, bool isNew)
    {
        try
        {
            SyncDirectory(parent);
        }
        catch (Data.Errors.PaimonException e) when (!isNew && e is not FileMissingException)
        {
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Spill;

/// <summary>
/// A folder of this process's own for files that are of no use to others. A lock file beside it tells whether its process lives:
/// whoever takes a new one removes those of the dead, and nothing else: the folder above may be any one of the user's.
/// <code>
/// root/paimonsharp-{uuid}        the folder
/// root/paimonsharp-{uuid}.lock   held as long as the folder is used
/// </code>
/// </summary>
internal sealed class ScratchFolder : IAsyncDisposable
{
    private const string Prefix = "paimonsharp-";
    private const string LockSuffix = ".lock";

    private readonly IFileIO _files;
    private readonly IDisposable _lock;

    private ScratchFolder(IFileIO files, string path, IDisposable held)
    {
        _files = files;
        Path = path;
        _lock = held;
    }

    /// <summary>The folder; it is made with the first file in it.</summary>
    public string Path { get; }

    /// <summary>
    /// Where a table's options want such folders: option <c>lookup.local-dir</c>, a folder of the system's temporary one by default.
    /// </summary>
    /// <param name="options">The table's options.</param>
    public static string RootOf(TableOptions options)
    {
        var directory = options.GetString("lookup.local-dir");
        return FilePath.TrimEnd(System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(directory)
            ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), "paimonsharp-lookup")
            : directory));
    }

    /// <summary>Takes a new folder.</summary>
    /// <param name="environment">The files and the folder's name.</param>
    /// <param name="root">Where such folders are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async ValueTask<ScratchFolder> TakeAsync(
        StorageEnvironment environment, string root, CancellationToken cancellationToken)
    {
        var files = environment.ScratchFiles;
        await files.CreateDirectoryAsync(root, cancellationToken).ConfigureAwait(false);
        await RemoveDeadAsync(files, root, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            // Somebody who removes the dead may hold the lock for a moment: then another name is taken.
            var path = $"{root}/{Prefix}{environment.Ids.NextUuid()}";
            if (await files.TryLockAsync(path + LockSuffix, cancellationToken).ConfigureAwait(false) is { } held)
            {
                return new ScratchFolder(files, path, held);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var held = _lock;
        await _files.DeleteDirectoryAsync(Path, CancellationToken.None).ConfigureAwait(false);
        await _files.DeleteAsync(Path + LockSuffix, CancellationToken.None).ConfigureAwait(false);
    }

    private static async ValueTask RemoveDeadAsync(IFileIO files, string root, CancellationToken cancellationToken)
    {
        foreach (var entry in await files.ListAsync(root, cancellationToken).ConfigureAwait(false))
        {
            var name = entry.Name.EndsWith(LockSuffix, StringComparison.Ordinal) ? entry.Name[..^LockSuffix.Length] : entry.Name;
            if (!IsOurs(name))
            {
                continue;
            }

            try
            {
                await RemoveIfDeadAsync(files, $"{root}/{name}", cancellationToken).ConfigureAwait(false);
            }
            catch (PaimonException error) when (error.IsTransient)
            {
                // That of another user, for instance: he will do it.
            }
        }
    }

    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(Prefix.Length), "D", out _);

    private static async ValueTask RemoveIfDeadAsync(IFileIO files, string path, CancellationToken cancellationToken)
    {
        using var held = await files.TryLockAsync(path + LockSuffix, cancellationToken).ConfigureAwait(false);
        if (held is not null)
        {
            await files.DeleteDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
            await files.DeleteAsync(path + LockSuffix, cancellationToken).ConfigureAwait(false);
        }
    }
}

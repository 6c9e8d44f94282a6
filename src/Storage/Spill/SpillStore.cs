using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Spill;

/// <summary>
/// The spill files of a writer or of a merge, in a local folder of their own that is taken with the first of them. Safe for
/// several threads.
/// </summary>
/// <param name="environment">Local files, ids.</param>
/// <param name="options">Folder, compression, limits.</param>
internal sealed class SpillStore(StorageEnvironment environment, SpillOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ScratchFolder? _folder;
    private long _diskBytes;
    private int _fileCount;
    private int _fileNumber;
    private bool _isDisposed;

    /// <summary>The options.</summary>
    public SpillOptions Options => options;

    /// <summary>The bytes of all files.</summary>
    public long DiskBytes => Interlocked.Read(ref _diskBytes);

    /// <summary>The files that there are; each holds a descriptor of the process.</summary>
    public int FileCount => Volatile.Read(ref _fileCount);

    /// <summary>Where files are opened.</summary>
    internal IFileIO Files => environment.ScratchFiles;

    /// <summary>Begins a file.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Unavailable: the local disk is full or fails. Closed: after <see cref="DisposeAsync"/>.</exception>
    public async ValueTask<SpillFile> CreateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isDisposed)
            {
                throw new PaimonException(ErrorKind.Closed, "The writer of the rows is closed.");
            }

            _folder ??= await ScratchFolder.TakeAsync(environment, options.Directory, cancellationToken).ConfigureAwait(false);
            var name = (++_fileNumber).ToString(CultureInfo.InvariantCulture);
            var output = await Files.CreateAsync($"{_folder.Path}/{name}.spill", cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _fileCount);
            return new SpillFile(this, output);
        }
        catch (PaimonException e) when (IsOfDisk(e))
        {
            throw Unavailable(e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes the folder; files that are read still go on until they are disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            if (_folder is not null)
            {
                await _folder.DisposeAsync().ConfigureAwait(false);
                _folder = null;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>True for the errors of a local disk, whose folders for temporary files may be cleaned by somebody else.</summary>
    internal static bool IsOfDisk(PaimonException error) => error.Kind == ErrorKind.Unavailable || error is FileMissingException;

    /// <summary>What is said of them.</summary>
    internal PaimonException Unavailable(PaimonException cause) => new(
        ErrorKind.Unavailable,
        $"Rows that have no room in memory cannot be kept on the local disk: {cause.Message} The folder for them is option "
            + $"'lookup.local-dir', now {options.Directory}.",
        cause);

    /// <summary>A file has grown.</summary>
    internal void Grow(long bytes) => Interlocked.Add(ref _diskBytes, bytes);

    /// <summary>A file is gone.</summary>
    internal void Forget(long bytes)
    {
        Interlocked.Add(ref _diskBytes, -bytes);
        Interlocked.Decrement(ref _fileCount);
    }
}

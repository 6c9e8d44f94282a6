using System.Collections.Concurrent;
using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// The lookup files of one table object: made when they are asked for, in a local folder of its own, and closed when they take
/// too much or nobody has asked for long. A file loses its name as soon as it is open, so that closing it gives its space back.
/// All buckets share the limits. Safe for several threads.
/// </summary>
internal sealed class LookupStore : IAsyncDisposable
{
    /// <summary>Each open file holds a descriptor of the process.</summary>
    private const int MaxFiles = 1024;

    /// <summary>How often a file is made that is removed before it can be opened.</summary>
    private const int MaxAttempts = 10;

    private readonly StorageEnvironment _environment;
    private readonly ConcurrentDictionary<LookupFileId, Entry> _entries = new();
    private readonly SemaphoreSlim _folderGate = new(1, 1);
    private ScratchFolder? _folder;
    private int _fileNumber;
    private volatile bool _isDisposed;

    /// <summary>Makes a store; the folder is taken with the first file.</summary>
    /// <param name="environment">Local files, clock, ids.</param>
    /// <param name="options">Limits.</param>
    public LookupStore(StorageEnvironment environment, LookupOptions options)
    {
        _environment = environment;
        Options = options;
        Cache = new LookupBlockCache(options.MaxMemoryBytes);
    }

    /// <summary>The limits.</summary>
    public LookupOptions Options { get; }

    /// <summary>The blocks in memory.</summary>
    public LookupBlockCache Cache { get; }

    /// <summary>The bytes of all files on disk.</summary>
    public long DiskBytes => _entries.Values.Sum(entry => entry.File?.SizeBytes ?? 0);

    /// <summary>The files that are there.</summary>
    public int FileCount => _entries.Values.Count(entry => entry.File is not null);

    /// <summary>A file, made when it is not there. Two callers who ask for one at the same time get the same.</summary>
    /// <param name="id">What it is made of.</param>
    /// <param name="build">Writes and completes it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<LookupFile> GetAsync(
        LookupFileId id, Func<IOutputFile, CancellationToken, ValueTask> build, CancellationToken cancellationToken)
    {
        while (true)
        {
            CheckOpen();
            LookupFile file;
            var entry = _entries.GetOrAdd(id, _ => new Entry());
            await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                CheckOpen();
                if (entry.File is not null)
                {
                    return entry.File;
                }

                if (entry.IsRemoved)
                {
                    continue;
                }

                file = await BuildAsync(build, cancellationToken).ConfigureAwait(false);
                entry.File = file;
                entry.LastUsed = _environment.TimeProvider.GetUtcNow();
            }
            finally
            {
                entry.Gate.Release();
            }

            await EvictAsync(id).ConfigureAwait(false);
            return file;
        }
    }

    /// <summary>Removes a file; it is made again when somebody asks.</summary>
    /// <param name="id">What it was made of.</param>
    public async ValueTask RetireAsync(LookupFileId id)
    {
        if (_entries.TryRemove(id, out var entry))
        {
            await entry.Gate.WaitAsync().ConfigureAwait(false);
            try
            {
                await RetireAsync(entry).ConfigureAwait(false);
            }
            finally
            {
                entry.Gate.Release();
            }
        }
    }

    /// <summary>Removes what goes over the limits, and what nobody asked for long.</summary>
    /// <param name="except">A file that stays.</param>
    public async ValueTask EvictAsync(LookupFileId? except = null)
    {
        var now = _environment.TimeProvider.GetUtcNow();
        var files = new List<(LookupFileId Id, LookupFile File, DateTimeOffset LastUsed)>();
        foreach (var (id, entry) in _entries)
        {
            if (entry.File is { } file)
            {
                if (file.IsUsed)
                {
                    file.IsUsed = false;
                    entry.LastUsed = now;
                }

                files.Add((id, file, entry.LastUsed));
            }
        }

        files.Sort(static (left, right) => left.LastUsed.CompareTo(right.LastUsed));
        var disk = files.Sum(file => file.File.SizeBytes);
        var memory = files.Sum(file => file.File.FixedBytes);
        var count = files.Count;
        foreach (var (id, file, lastUsed) in files)
        {
            var isTooMuch = disk > Options.MaxDiskBytes || memory > Options.MaxMemoryBytes / 2 || count > MaxFiles;
            if (id != except && (isTooMuch || now - lastUsed > Options.FileRetention))
            {
                await RetireAsync(id).ConfigureAwait(false);
                disk -= file.SizeBytes;
                memory -= file.FixedBytes;
                count--;
            }
        }
    }

    /// <summary>Removes all files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var id in _entries.Keys)
        {
            await RetireAsync(id).ConfigureAwait(false);
        }

        await _folderGate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_folder is not null)
            {
                await _folder.DisposeAsync().ConfigureAwait(false);
                _folder = null;
            }
        }
        finally
        {
            _folderGate.Release();
        }
    }

    private async ValueTask<LookupFile> BuildAsync(
        Func<IOutputFile, CancellationToken, ValueTask> build, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = await FolderAsync(cancellationToken).ConfigureAwait(false);
            var name = Interlocked.Increment(ref _fileNumber).ToString(CultureInfo.InvariantCulture);
            var path = $"{folder}/{name}.lookup";
            try
            {
                var output = await _environment.ScratchFiles.CreateAsync(path, cancellationToken).ConfigureAwait(false);
                await using (output.ConfigureAwait(false))
                {
                    await build(output, cancellationToken).ConfigureAwait(false);
                }

                return await OpenAsync(path, cancellationToken).ConfigureAwait(false);
            }
            catch (FileMissingException missing) when (attempt < MaxAttempts && IsIn(folder, missing.Path))
            {
                // Somebody cleans the folder for temporary files: once more.
            }
        }
    }

    private static bool IsIn(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal) && path.AsSpan(folder.Length).StartsWith('/');

    // Without a name its space comes back with the last handle, however this process or object ends.
    private async ValueTask<LookupFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var files = _environment.ScratchFiles;
        var input = await files.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await files.TryDeleteAsync(path).ConfigureAwait(false);
        return await LookupFile.OpenAsync(input, Cache, Options.Codec, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string> FolderAsync(CancellationToken cancellationToken)
    {
        await _folderGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            CheckOpen();
            _folder ??= await ScratchFolder.TakeAsync(_environment, Options.Directory, cancellationToken).ConfigureAwait(false);
            return _folder.Path;
        }
        finally
        {
            _folderGate.Release();
        }
    }

    private static async ValueTask RetireAsync(Entry entry)
    {
        entry.IsRemoved = true;
        if (entry.File is { } file)
        {
            entry.File = null;
            await file.RetireAsync().ConfigureAwait(false);
        }
    }

    private void CheckOpen()
    {
        if (_isDisposed)
        {
            throw new PaimonException(ErrorKind.Closed, "The lookup is closed.");
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public LookupFile? File { get; set; }

        public bool IsRemoved { get; set; }

        public DateTimeOffset LastUsed { get; set; }
    }
}

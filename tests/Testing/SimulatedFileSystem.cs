using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Testing;

/// <summary>
/// A disk in memory that keeps what <see cref="IFileIO"/> promises and not a bit more, and that can be asked what a crash would
/// leave of it now.
/// <list type="bullet">
/// <item>Bytes are loose until their file is complete, names until their directory is flushed, removals always until the next
/// flush of their directory. Completing, publishing and replacing flush the directory and with it all other names in it.</item>
/// <item><see cref="CrashClone"/> gives the disk after a power failure: loose bytes are lost, torn, zeros or rubbish; loose
/// names are there or not; removed files may be back.</item>
/// <item><see cref="FailAt"/> lets the i-th operation fail. A failing operation may have happened not at all, in part, or
/// whole: a publish that fails can have left a temporary file, a name that a crash loses, or a durable file.</item>
/// <item><see cref="SpaceBytes"/> is the room left; what does not fit fails after a part of it was written.</item>
/// </list>
/// All choices come from the seed, so that one thread's history repeats exactly. Several threads may use it; the order of
/// their operations is then theirs. <see cref="History"/> tells what happened, for the message of a failed test.
/// </summary>
public sealed class SimulatedFileSystem : IFileIO
{
    private const int MaxHistory = 100_000;

    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimulatedFile> _removed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly List<string> _history = [];
    private int _failAt = int.MaxValue;
    private SimulatedFailure _failure;

    /// <summary>Makes an empty disk.</summary>
    /// <param name="seed">Decides what failures leave.</param>
    /// <param name="time">What modification times come from.</param>
    public SimulatedFileSystem(int seed, TimeProvider? time = null)
    {
        Seed = seed;
        _random = new Random(seed);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The seed, for the message of a failed test.</summary>
    public int Seed { get; }

    /// <summary>How many operations were asked for.</summary>
    public int OperationCount { get; private set; }

    /// <summary>True when an operation failed because of <see cref="FailAt"/>.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The bytes that still fit.</summary>
    public long SpaceBytes { get; set; } = long.MaxValue;

    /// <summary>How long each operation takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>All operations with their outcomes, a line each, and the seed.</summary>
    public string History
    {
        get
        {
            lock (_lock)
            {
                return $"seed {Seed}, {OperationCount} operations\n{string.Join('\n', _history)}";
            }
        }
    }

    /// <summary>Lets an operation fail; the first one has the number 1.</summary>
    /// <param name="operation">The operation's number, counted from the disk's making.</param>
    /// <param name="failure">What happens to the operations after it.</param>
    public void FailAt(int operation, SimulatedFailure failure)
    {
        lock (_lock)
        {
            _failAt = operation;
            _failure = failure;
        }
    }

    /// <summary>The disk as it would be found after a power failure at this moment. This one stays as it is.</summary>
    /// <param name="seed">Decides what is lost, and what failures of the new disk leave.</param>
    public SimulatedFileSystem CrashClone(int seed)
    {
        var random = new Random(seed);
        var clone = new SimulatedFileSystem(seed, _time);
        lock (_lock)
        {
            foreach (var directory in _directories)
            {
                clone._directories.Add(directory);
            }

            foreach (var (path, file) in _files)
            {
                var survivor = file;
                while (survivor is { IsNameDurable: false } && random.Next(2) == 0)
                {
                    survivor = survivor.Replaced;
                }

                clone.Restore(path, survivor, random);
            }

            foreach (var (path, file) in _removed)
            {
                clone.Restore(path, random.Next(2) == 0 ? file : null, random);
            }
        }

        return clone;
    }

    /// <inheritdoc/>
    public async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            Step($"open {path}");
            return _files.TryGetValue(path, out var file)
                ? new SimulatedInputFile(this, path, file.Content)
                : throw new FileMissingException(path);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"create {path}");
            if (isFailing && Coin())
            {
                throw Failed("nothing was done");
            }

            if (_files.ContainsKey(path))
            {
                throw new PaimonException(ErrorKind.Unavailable, $"{path}: cannot create: the file exists.");
            }

            AddDirectory(FilePath.Parent(path));
            var file = new SimulatedFile { ModifiedAt = _time.GetUtcNow() };
            _files[path] = file;
            return isFailing ? throw Failed("an empty file is left") : new SimulatedOutputFile(this, path, file);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"publish {path} ({content.Length} bytes)");
            if (_files.ContainsKey(path))
            {
                return isFailing ? throw Failed("the name was taken") : false;
            }

            PutWhole(path, content, isFailing);
            return true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            PutWhole(path, content, Begins($"replace {path} ({content.Length} bytes)"));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            Step($"exists {path}");
            return _files.ContainsKey(path) || _directories.Contains(FilePath.TrimEnd(path));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FileStatus>> ListAsync(
        string directory, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            Step($"list {directory}");
            var trimmed = FilePath.TrimEnd(directory);
            var result = new List<FileStatus>();
            result.AddRange(_files.Where(f => FilePath.Parent(f.Key) == trimmed)
                .Select(f => new FileStatus(f.Key, f.Value.Content.Length, false, f.Value.ModifiedAt)));
            result.AddRange(_directories.Where(d => FilePath.Parent(d) == trimmed)
                .Select(d => new FileStatus(d, 0, true, _time.GetUtcNow())));
            return result;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"delete {path}");
            if (isFailing && Coin())
            {
                throw Failed("nothing was done");
            }

            Remove(path);
            if (isFailing)
            {
                throw Failed("the file is gone");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"create directory {directory}");
            if (isFailing && Coin())
            {
                throw Failed("nothing was done");
            }

            AddDirectory(FilePath.TrimEnd(directory));
            if (isFailing)
            {
                throw Failed("the directory is there");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"flush directory {directory}");
            if (isFailing && Coin())
            {
                throw Failed("nothing was done");
            }

            FlushNames(FilePath.TrimEnd(directory));
            if (isFailing)
            {
                throw Failed("the names are durable");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"delete directory {directory}");
            var trimmed = FilePath.TrimEnd(directory);
            foreach (var path in _files.Keys.Where(p => IsWithin(p, trimmed)).ToList())
            {
                if (isFailing && Coin())
                {
                    throw Failed("some files are gone");
                }

                Remove(path);
            }

            _directories.RemoveWhere(d => d == trimmed || IsWithin(d, trimmed));
            if (isFailing)
            {
                throw Failed("the directory is gone");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteEmptyDirectoryAsync(
        string directory, CancellationToken cancellationToken = default)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            Step($"delete empty directory {directory}");
            var trimmed = FilePath.TrimEnd(directory);
            return !_files.Keys.Any(path => IsWithin(path, trimmed))
                && !_directories.Any(inner => IsWithin(inner, trimmed))
                && _directories.Remove(trimmed);
        }
    }

    internal async ValueTask ReadAsync(string path, long offset, int count, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            Step($"read {path} ({count} bytes at {offset})");
        }
    }

    internal async ValueTask WriteAsync(
        string path, SimulatedFile file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            if (Begins($"write {path} ({bytes.Length} bytes)"))
            {
                file.Append(bytes.Span[.._random.Next(bytes.Length + 1)]);
                throw Failed("a part was written");
            }

            if (!TryTakeSpace(bytes.Length))
            {
                file.Append(bytes.Span[.._random.Next(bytes.Length + 1)]);
                throw NoSpace(path);
            }

            file.Append(bytes.Span);
        }
    }

    internal async ValueTask CompleteAsync(string path, SimulatedFile file, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken);
        lock (_lock)
        {
            var isFailing = Begins($"complete {path}");
            var done = isFailing ? _random.Next(3) : 2;
            if (done >= 1)
            {
                file.Flush();
            }

            if (done >= 2)
            {
                FlushNames(FilePath.Parent(path));
            }

            if (isFailing)
            {
                throw Failed(done switch { 0 => "nothing was done", 1 => "the bytes are flushed", _ => "all was done" });
            }
        }
    }

    /// <summary>An unfinished file that is given up; a dead process gives up nothing.</summary>
    internal void Abandon(string path, SimulatedFile file)
    {
        lock (_lock)
        {
            if (!(HasFailed && _failure == SimulatedFailure.Forever) && _files.GetValueOrDefault(path) == file)
            {
                Remove(path);
            }
        }
    }

    private static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static PaimonException NoSpace(string path) =>
        new(ErrorKind.Unavailable, $"{path}: cannot write: no space is left on the device.");

    private async ValueTask DelayAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency, _time, cancellationToken);
        }
    }

    private bool Coin() => _random.Next(2) == 0;

    /// <summary>Counts an operation that leaves nothing behind when it fails.</summary>
    private void Step(string operation)
    {
        if (Begins(operation))
        {
            throw Failed("nothing was done");
        }
    }

    /// <summary>Counts an operation; true when it shall fail by its own means.</summary>
    private bool Begins(string operation)
    {
        OperationCount++;
        if (_history.Count < MaxHistory)
        {
            _history.Add($"{OperationCount}: {operation}");
        }

        if (OperationCount > _failAt && _failure == SimulatedFailure.Forever)
        {
            throw Failed("the disk is gone");
        }

        return OperationCount == _failAt;
    }

    private PaimonException Failed(string outcome)
    {
        HasFailed = true;
        var last = _history[^1];
        _history[^1] = $"{last} - failed: {outcome}";
        return new PaimonException(ErrorKind.Unavailable, $"simulated failure of operation {last}: {outcome}.");
    }

    private bool TryTakeSpace(int bytes)
    {
        if (SpaceBytes == long.MaxValue)
        {
            return true;
        }

        var fits = bytes <= SpaceBytes;
        SpaceBytes = fits ? SpaceBytes - bytes : 0;
        return fits;
    }

    /// <summary>Temporary file, flush, rename, flush of the directory: a failure may come between any two of them.</summary>
    private void PutWhole(string path, ReadOnlyMemory<byte> content, bool isFailing)
    {
        var done = isFailing ? _random.Next(4) : 3;
        AddDirectory(FilePath.Parent(path));
        var hasSpace = TryTakeSpace(content.Length);
        if (done == 1 || !hasSpace)
        {
            var temporary = new SimulatedFile { ModifiedAt = _time.GetUtcNow() };
            temporary.Append(content.Span[.._random.Next(content.Length + 1)]);
            var name = $".{FilePath.Name(path)}.{_random.NextInt64():x16}.tmp";
            _files[FilePath.Join(FilePath.Parent(path)!, name)] = temporary;
        }

        if (!hasSpace)
        {
            throw NoSpace(path);
        }

        if (done >= 2)
        {
            _files[path] = SimulatedFile.Flushed(content.ToArray(), _time.GetUtcNow(), _files.GetValueOrDefault(path));
        }

        if (done >= 3)
        {
            FlushNames(FilePath.Parent(path));
        }

        if (isFailing)
        {
            throw Failed(done switch
            {
                0 => "nothing was done",
                1 => "a temporary file is left",
                2 => "the file is there, until a crash",
                _ => "the file is there",
            });
        }
    }

    private void Remove(string path)
    {
        if (_files.Remove(path, out var file))
        {
            _removed[path] = file;
        }
    }

    /// <summary>A flushed directory keeps the names it has and none that were removed.</summary>
    private void FlushNames(string? directory)
    {
        foreach (var (_, file) in _files.Where(f => FilePath.Parent(f.Key) == directory))
        {
            file.IsNameDurable = true;
        }

        foreach (var path in _removed.Keys.Where(p => FilePath.Parent(p) == directory).ToList())
        {
            _removed.Remove(path);
        }
    }

    private void AddDirectory(string? directory)
    {
        while (directory is not null && _directories.Add(directory))
        {
            directory = FilePath.Parent(directory);
        }
    }

    private void Restore(string path, SimulatedFile? file, Random random)
    {
        if (file is null || _files.ContainsKey(path))
        {
            return;
        }

        AddDirectory(FilePath.Parent(path));
        var survivor = SimulatedFile.Flushed(file.AfterCrash(random), file.ModifiedAt);
        survivor.IsNameDurable = true;
        _files[path] = survivor;
    }
}

using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Files in memory that let something happen beside an operation; what it throws is what the caller sees.</summary>
internal sealed class HookedFileIO(TimeProvider? time = null) : ForwardingFileIO(new MemoryFileIO(time))
{
    /// <summary>Told of each file that is about to be opened.</summary>
    public Func<string, Task>? Opening { get; set; }

    /// <summary>Told of each file that is about to be begun.</summary>
    public Func<string, Task>? Creating { get; set; }

    /// <summary>Told of each file that is about to be completed.</summary>
    public Func<string, Task>? Completing { get; set; }

    /// <summary>Told of each file that was published.</summary>
    public Func<string, Task>? Published { get; set; }

    /// <summary>Told of each directory that was listed.</summary>
    public Func<string, Task>? Listed { get; set; }

    /// <summary>Told of each file that is about to be removed.</summary>
    public Func<string, Task>? Deleting { get; set; }

    public override async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        await (Opening?.Invoke(path) ?? Task.CompletedTask);
        return await base.OpenAsync(path, cancellationToken);
    }

    public override async ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        await (Creating?.Invoke(path) ?? Task.CompletedTask);
        return new Output(this, await base.CreateAsync(path, cancellationToken));
    }

    public override async ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var isPublished = await base.TryPublishAsync(path, content, cancellationToken);
        await (Published?.Invoke(path) ?? Task.CompletedTask);
        return isPublished;
    }

    public override async ValueTask<IReadOnlyList<FileStatus>> ListAsync(
        string directory, CancellationToken cancellationToken = default)
    {
        var entries = await base.ListAsync(directory, cancellationToken);
        await (Listed?.Invoke(directory) ?? Task.CompletedTask);
        return entries;
    }

    public override async ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        await (Deleting?.Invoke(path) ?? Task.CompletedTask);
        await base.DeleteAsync(path, cancellationToken);
    }

    private sealed class Output(HookedFileIO files, IOutputFile file) : IOutputFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            file.WriteAsync(buffer, cancellationToken);

        public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
        {
            await (files.Completing?.Invoke(Path) ?? Task.CompletedTask);
            await file.CompleteAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}

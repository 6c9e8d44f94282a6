using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Files in memory that let something happen right before a file is opened, or right after one was published.</summary>
internal sealed class HookedFileIO() : ForwardingFileIO(new MemoryFileIO())
{
    /// <summary>Told of each file that is about to be opened.</summary>
    public Func<string, Task>? Opening { get; set; }

    /// <summary>Told of each file that was published; what it throws is what the publisher sees.</summary>
    public Func<string, Task>? Published { get; set; }

    public override async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        await (Opening?.Invoke(path) ?? Task.CompletedTask);
        return await base.OpenAsync(path, cancellationToken);
    }

    public override async ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var isPublished = await base.TryPublishAsync(path, content, cancellationToken);
        await (Published?.Invoke(path) ?? Task.CompletedTask);
        return isPublished;
    }
}

using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Lookup;

/// <summary>Files in memory of which, when told so, every read has a wrong byte.</summary>
internal sealed class DamagingFileIO() : ForwardingFileIO(new MemoryFileIO())
{
    public bool Damages { get; set; }

    /// <summary>How many files are not made, as their folder is removed at that moment.</summary>
    public int LostFolders { get; set; }

    public override async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        new Input(this, await base.OpenAsync(path, cancellationToken));

    public override ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        LostFolders-- > 0 ? throw new FileMissingException(path) : base.CreateAsync(path, cancellationToken);

    private sealed class Input(DamagingFileIO owner, IInputFile file) : IInputFile
    {
        public string Path => file.Path;

        public long SizeBytes => file.SizeBytes;

        public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await file.ReadAsync(offset, buffer, cancellationToken);
            if (owner.Damages)
            {
                buffer.Span[buffer.Length / 2] ^= 1;
            }
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}

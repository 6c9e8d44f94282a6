using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Spill;

/// <summary>
/// A local file of rows that have no room in memory. What is where in it only its process knows, so that nothing but sections
/// is in it, one after another. It is written, then sealed, then read; sealed, it has no name, so that its space comes back with
/// its process at the latest. Written by one thread; read by several.
/// </summary>
internal sealed class SpillFile : IAsyncDisposable
{
    /// <summary>What the codecs take at once.</summary>
    private const int MaxCompressedBytes = 1 << 30;

    private readonly SpillStore _store;
    private readonly string _path;
    private IOutputFile? _output;
    private IInputFile? _input;
    private byte[] _compressed = [];
    private long _bytes;
    private bool _isDisposed;

    /// <summary>Takes over an empty file; see <see cref="SpillStore.CreateAsync"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="output">The file.</param>
    internal SpillFile(SpillStore store, IOutputFile output)
    {
        _store = store;
        _output = output;
        _path = output.Path;
    }

    /// <summary>True when no more sections can be added.</summary>
    public bool IsSealed => _output is null;

    /// <summary>Appends a section.</summary>
    /// <param name="raw">Its bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; the file then takes nothing more.</param>
    /// <exception cref="PaimonException">Unavailable: the local disk is full or fails.</exception>
    public async ValueTask<SpillSection> WriteAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        var stored = Compress(raw);
        var section = new SpillSection(_output!.Position, stored.Length, raw.Length, XxHash64.Compute(stored.Span));
        try
        {
            await _output.WriteAsync(stored, cancellationToken).ConfigureAwait(false);
        }
        catch (PaimonException e) when (SpillStore.IsOfDisk(e))
        {
            throw _store.Unavailable(e);
        }

        _bytes += stored.Length;
        _store.Grow(stored.Length);
        return section;
    }

    /// <summary>Ends the file; its sections can be read from now on. Nothing happens the second time.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Unavailable: the local disk is full or fails.</exception>
    public async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        if (_output is null)
        {
            return;
        }

        try
        {
            await _output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            _input = await _store.Files.OpenAsync(_path, cancellationToken).ConfigureAwait(false);
            await _store.Files.DeleteAsync(_path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (PaimonException e) when (SpillStore.IsOfDisk(e))
        {
            throw _store.Unavailable(e);
        }

        await _output.DisposeAsync().ConfigureAwait(false);
        _output = null;
        _compressed = [];
    }

    /// <summary>Reads a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="target">As long as its raw bytes; filled whole.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CorruptDataException">The bytes are not those that were written.</exception>
    public async ValueTask ReadAsync(SpillSection section, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (section.StoredBytes == section.RawBytes)
        {
            await ReadStoredAsync(section, target, cancellationToken).ConfigureAwait(false);
            return;
        }

        var stored = ArrayPool<byte>.Shared.Rent(section.StoredBytes);
        try
        {
            var bytes = stored.AsMemory(0, section.StoredBytes);
            await ReadStoredAsync(section, bytes, cancellationToken).ConfigureAwait(false);
            _store.Options.Codec.Decompress(bytes.Span, target.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_output is not null)
        {
            await _output.DisposeAsync().ConfigureAwait(false);
        }

        if (_input is not null)
        {
            await _input.DisposeAsync().ConfigureAwait(false);
        }

        _store.Forget(_bytes);
    }

    // Less than an eighth saved is not worth the time that reading it would take.
    private ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> raw)
    {
        if (raw.Length > MaxCompressedBytes)
        {
            return raw;
        }

        var most = _store.Options.Codec.MaxCompressedLength(raw.Length);
        if (_compressed.Length < most)
        {
            _compressed = new byte[most];
        }

        var length = _store.Options.Codec.Compress(raw.Span, _compressed);
        return length < raw.Length - (raw.Length / 8) ? _compressed.AsMemory(0, length) : raw;
    }

    private async ValueTask ReadStoredAsync(SpillSection section, Memory<byte> target, CancellationToken cancellationToken)
    {
        await _input!.ReadAsync(section.Offset, target, cancellationToken).ConfigureAwait(false);
        if (XxHash64.Compute(target.Span) != section.Checksum)
        {
            throw new CorruptDataException(
                $"The checksum of the {section.StoredBytes} bytes that begin here differs.", _path, section.Offset);
        }
    }
}

using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>The part of a column chunk that is in memory: read forward, many pages at once.</summary>
internal sealed class ChunkWindow(FileSource source, int windowBytes) : IDisposable
{
    private byte[] _buffer = [];
    private long _start;
    private int _length;
    private long _chunkEnd;

    public byte[] Buffer => _buffer;

    public void Begin(long start, long end) => (_start, _length, _chunkEnd) = (start, 0, end);

    /// <summary>Where a byte of the file is in <see cref="Buffer"/>.</summary>
    public int IndexOf(long offset) => (int)(offset - _start);

    /// <summary>Makes bytes present, and with them those that follow as far as the window goes.</summary>
    public async ValueTask EnsureAsync(long offset, int bytes, CancellationToken cancellationToken)
    {
        if (offset >= _start && offset + bytes <= _start + _length)
        {
            return;
        }

        if (bytes > _chunkEnd - offset)
        {
            throw new CorruptDataException(
                $"A page needs {bytes} bytes; {_chunkEnd - offset} are left in its column chunk.", source.Path, offset);
        }

        var wanted = (int)Math.Min(_chunkEnd - offset, Math.Max(bytes, windowBytes));
        var kept = offset >= _start && offset < _start + _length ? (int)(_start + _length - offset) : 0;
        Move(offset, kept, wanted);
        _length = 0;
        await source.ReadAsync(offset + kept, _buffer.AsMemory(kept, wanted - kept), cancellationToken).ConfigureAwait(false);
        (_start, _length) = (offset, wanted);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private void Move(long offset, int kept, int wanted)
    {
        var from = _buffer;
        if (from.Length < wanted + PageBuffer.Slack)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(wanted + PageBuffer.Slack);
        }

        if (kept > 0)
        {
            System.Buffer.BlockCopy(from, (int)(offset - _start), _buffer, 0, kept);
        }

        if (!ReferenceEquals(from, _buffer) && from.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(from);
        }
    }
}

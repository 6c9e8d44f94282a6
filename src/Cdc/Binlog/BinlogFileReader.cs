using System.IO.Compression;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The events of binlog files on disk, one file after the other. A file that ends inside an event is an error after the events
/// before it; a file that its server did not close is not. Not thread-safe.
/// </summary>
public sealed class BinlogFileReader : IBinlogEventSource
{
    private const int MagicBytes = 4;
    private const int InitialBytes = 1 << 18;
    private const int MaxEventBytes = (1 << 30) + (1 << 20);

    private readonly IReadOnlyList<BinlogFile> _files;
    private readonly BinlogEventParser _parser;
    private readonly ulong _startOffset;
    private int _fileIndex = -1;
    private Stream? _stream;
    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private int _current;
    private bool _atEnd;

    /// <summary>Makes a reader.</summary>
    /// <param name="files">The files in the order of the log.</param>
    /// <param name="parser">Is told where each file begins.</param>
    /// <param name="startOffset">Where reading starts in the first file: 4 or the end of an event; the format description is read in any case.</param>
    public BinlogFileReader(IReadOnlyList<BinlogFile> files, BinlogEventParser parser, ulong startOffset = MagicBytes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(parser);
        _files = files;
        _parser = parser;
        _startOffset = startOffset;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> CurrentEvent => _buffer.AsMemory(_start - _current, _current);

    /// <inheritdoc/>
    public bool TryReadBuffered()
    {
        var available = _end - _start;
        if (available < BinlogEventHeader.SizeBytes)
        {
            return false;
        }

        var size = BinlogEventHeader.Read(_buffer.AsSpan(_start, available)).EventSize;
        if (size > (uint)available)
        {
            return false;
        }

        _current = (int)size;
        _start += _current;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        while (!TryReadWithPlace())
        {
            if (_stream is not null && await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            CheckWholeEvents();
            if (!await OpenNextAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = null;
        }
    }

    private bool TryReadWithPlace()
    {
        try
        {
            return TryReadBuffered();
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException(error.Detail, _files[_fileIndex].Name, (long)_parser.Offset, error);
        }
    }

    private void CheckWholeEvents()
    {
        if (_stream is not null && _end > _start)
        {
            throw new CorruptDataException(
                $"The file ends inside an event: {_end - _start} bytes of it are there.", _files[_fileIndex].Name, (long)_parser.Offset);
        }
    }

    /// <summary>Reads more; the buffer grows with what has been read, not with what a header claims.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_atEnd)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            _current = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxEventBytes)
            {
                throw new CorruptDataException(
                    $"An event has more than {MaxEventBytes} bytes.", _files[_fileIndex].Name, (long)_parser.Offset);
            }

            Array.Resize(ref _buffer, (int)Math.Min(MaxEventBytes, _buffer.Length * 2L));
        }

        try
        {
            var read = await _stream!.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            _atEnd = read == 0;
            return read > 0;
        }
        catch (InvalidDataException cause)
        {
            throw new CorruptDataException(
                "The gzip data is damaged.", _files[_fileIndex].Name, (long)_parser.Offset, cause);
        }
    }

    private async ValueTask<bool> OpenNextAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        if (++_fileIndex >= _files.Count)
        {
            return false;
        }

        var file = _files[_fileIndex];
        (_start, _end, _current, _atEnd) = (0, 0, 0, false);
        _stream = await file.Open(cancellationToken).ConfigureAwait(false);
        _parser.StartFile(file.Name, 0);
        await FillAtLeastAsync(MagicBytes, cancellationToken).ConfigureAwait(false);
        if (_end >= 2 && _buffer[0] == 0x1F && _buffer[1] == 0x8B)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = new GZipStream(await file.Open(cancellationToken).ConfigureAwait(false), CompressionMode.Decompress);
            (_start, _end, _atEnd) = (0, 0, false);
            await FillAtLeastAsync(MagicBytes, cancellationToken).ConfigureAwait(false);
        }

        CheckMagic(file.Name);
        _start = MagicBytes;
        _parser.StartFile(file.Name, MagicBytes);
        if (_fileIndex == 0 && _startOffset > MagicBytes)
        {
            await SkipToStartAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The first event tells the format; those between it and the start are left out.</summary>
    private async ValueTask SkipToStartAsync(CancellationToken cancellationToken)
    {
        var isFirst = true;
        while (_parser.Offset < _startOffset)
        {
            while (!TryReadWithPlace())
            {
                if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                {
                    CheckWholeEvents();
                    return;
                }
            }

            if (isFirst)
            {
                _parser.Feed(CurrentEvent);
                _parser.TryNext(out _);
                isFirst = false;
            }
            else
            {
                _parser.StartFile(_files[_fileIndex].Name, _parser.Offset + (ulong)_current);
            }
        }

        if (_parser.Offset > _startOffset)
        {
            throw new PaimonException(
                ErrorKind.Invalid, $"{_files[_fileIndex].Name}: no event begins at byte {_startOffset}; one ends at {_parser.Offset}.");
        }
    }

    private async ValueTask FillAtLeastAsync(int bytes, CancellationToken cancellationToken)
    {
        while (_end - _start < bytes && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    private void CheckMagic(string name)
    {
        var magic = _buffer.AsSpan(0, Math.Min(MagicBytes, _end));
        if (magic.SequenceEqual<byte>([0xFE, 0x62, 0x69, 0x6E]))
        {
            return;
        }

        throw magic.SequenceEqual<byte>([0xFD, 0x62, 0x69, 0x6E])
            ? new PaimonException(
                ErrorKind.Unsupported, $"{name}: the file is encrypted (binlog_encryption=ON); read it from its server.")
            : new CorruptDataException($"The file begins with {Convert.ToHexString(magic)}, not with the magic number FE62696E of a binlog.", name, 0);
    }
}

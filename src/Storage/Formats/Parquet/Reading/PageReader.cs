using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Walks the pages of one leaf, a row group at a time: page headers first, so that a page can be passed over without being
/// decompressed; then the page's levels and values are made ready.
/// </summary>
internal sealed class PageReader(FileSource source, SchemaNode leaf, ValueDecoder decoder, int windowBytes) : IDisposable
{
    private const int FirstHeaderBytes = 1 << 10;
    private const int MaxHeaderBytes = 64 << 20;

    private readonly ChunkWindow _window = new(source, windowBytes);
    private readonly PageDecompressor _decompressor = new();
    private ColumnChunk _chunk = new();
    private List<PageLocation>? _locations;
    private long _offset;
    private long _end;
    private bool _isAtStart;
    private PageHeader _header;
    private int _headerBytes;

    public LevelReader Definitions { get; } = new(leaf.DefinitionLevel);

    public LevelReader Repetitions { get; } = new(leaf.RepetitionLevel);

    public ValueDecoder Values => decoder;

    /// <summary>True when all pages of the chunk have been read or passed over.</summary>
    public bool IsAtEnd => _offset >= _end;

    public void BeginChunk(ColumnChunk chunk)
    {
        _chunk = chunk;
        _locations = null;
        _isAtStart = true;
        _offset = chunk.StartOffset;
        _end = _offset + chunk.CompressedBytes;
        _window.Begin(_offset, _end);
        decoder.ClearDictionary();
    }

    /// <summary>Reads the next data page's header; a dictionary before it is taken in.</summary>
    public async ValueTask<PageHeader> NextHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (IsAtEnd)
            {
                throw Corrupt("The column chunk ends before its last row.");
            }

            await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            _isAtStart = false;
            switch (_header.Kind)
            {
                case PageKind.Data or PageKind.DataV2:
                    if (_header.ValueCount < 0 || _header.ValueCount > _chunk.ValueCount)
                    {
                        throw Corrupt($"A page claims {_header.ValueCount} of the chunk's {_chunk.ValueCount} values.");
                    }

                    return _header;
                case PageKind.Dictionary:
                    await LoadDictionaryAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    PassPage();
                    break;
            }
        }
    }

    /// <summary>Passes over the page whose header was read.</summary>
    public void PassPage() => _offset += _headerBytes + _header.CompressedBytes;

    /// <summary>Goes to the page that holds a row of the row group, if the file says where it is.</summary>
    /// <returns>The page's first row, or -1 when the file does not say.</returns>
    public async ValueTask<long> JumpAsync(long row, long currentRow, CancellationToken cancellationToken)
    {
        if (_chunk.OffsetIndexOffset is not { } indexOffset || _chunk.CompressedBytes <= windowBytes)
        {
            return -1;
        }

        if (_isAtStart)
        {
            await NextHeaderAsync(cancellationToken).ConfigureAwait(false);
        }

        _locations ??= await ReadLocationsAsync(indexOffset, cancellationToken).ConfigureAwait(false);
        var (low, high) = (0, _locations.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _locations[middle].FirstRow <= row ? (middle, high) : (low, middle - 1);
        }

        if (_locations.Count == 0 || _locations[low].FirstRow <= currentRow || _locations[low].Offset < _offset)
        {
            return -1;
        }

        _offset = _locations[low].Offset;
        return _locations[low].FirstRow;
    }

    /// <summary>Makes the levels and values of the page ready whose header was read.</summary>
    public async ValueTask LoadPageAsync(CancellationToken cancellationToken)
    {
        await EnsureBodyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var levelBytes = _header.Kind == PageKind.DataV2 ? CheckedLevelBytes() : 0;
            var (buffer, start, end) = Decompress(levelBytes);
            var values = _header.Kind == PageKind.DataV2
                ? BeginLevelsVersion2(buffer, start)
                : BeginLevelsVersion1(buffer, start, end);
            decoder.Begin(_header.Encoding, buffer, values, end, _header.ValueCount);
        }
        catch (CorruptDataException e)
        {
            throw Located(e);
        }

        PassPage();
    }

    /// <summary>The error with the place in the file, for whoever decodes the page.</summary>
    public CorruptDataException Located(CorruptDataException e) => e.Path is not null
        ? e
        : new CorruptDataException($"column '{string.Join('.', leaf.Path)}': {e.Detail}", source.Path, _offset, e);

    public void Dispose()
    {
        _window.Dispose();
        _decompressor.Dispose();
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        for (var bytes = FirstHeaderBytes; ; bytes *= 8)
        {
            var available = (int)Math.Min(bytes, _end - _offset);
            await _window.EnsureAsync(_offset, available, cancellationToken).ConfigureAwait(false);
            try
            {
                var reader = new ThriftReader(_window.Buffer.AsSpan(_window.IndexOf(_offset), available));
                _header = PageHeader.Read(ref reader);
                _headerBytes = reader.Position;
                break;
            }
            catch (CorruptDataException e)
            {
                // Statistics in the header may be longer than what was looked at.
                if (available == _end - _offset || bytes >= MaxHeaderBytes)
                {
                    throw Located(e);
                }
            }
        }

        if (_header.CompressedBytes > _end - _offset - _headerBytes)
        {
            throw Corrupt($"A page claims {_header.CompressedBytes} bytes, more than its column chunk has left.");
        }
    }

    private async ValueTask LoadDictionaryAsync(CancellationToken cancellationToken)
    {
        await EnsureBodyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_header.ValueCount < 0 || _header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
            {
                throw Corrupt($"A dictionary page has {_header.ValueCount} values with the encoding {_header.Encoding}.");
            }

            var (buffer, start, end) = Decompress(0);
            decoder.SetDictionary(buffer, start, end, _header.ValueCount);
        }
        catch (CorruptDataException e)
        {
            throw Located(e);
        }

        PassPage();
    }

    private ValueTask EnsureBodyAsync(CancellationToken cancellationToken) =>
        _window.EnsureAsync(_offset, _headerBytes + _header.CompressedBytes, cancellationToken);

    private (byte[] Buffer, int Start, int End) Decompress(int levelBytes)
    {
        var start = _window.IndexOf(_offset) + _headerBytes;
        if (_chunk.Codec == PageCodec.Uncompressed || (_header.Kind == PageKind.DataV2 && !_header.IsCompressed))
        {
            return (_window.Buffer, start, start + _header.CompressedBytes);
        }

        PageDecompressor.CheckSize(_chunk.Codec, _header.CompressedBytes, _header.UncompressedBytes);
        var page = _window.Buffer.AsSpan(start, _header.CompressedBytes);
        _decompressor.Decompress(_chunk.Codec, page, levelBytes, _header.UncompressedBytes);
        return (_decompressor.Buffer, 0, _header.UncompressedBytes);
    }

    private int CheckedLevelBytes()
    {
        var bytes = (long)_header.DefinitionBytes + _header.RepetitionBytes;
        if (_header.DefinitionBytes < 0 || _header.RepetitionBytes < 0
            || bytes > Math.Min(_header.CompressedBytes, _header.UncompressedBytes))
        {
            CorruptDataException.Throw($"A page of {_header.CompressedBytes} bytes claims {bytes} bytes of levels.");
        }

        return (int)bytes;
    }

    private int BeginLevelsVersion1(byte[] buffer, int start, int end)
    {
        if (leaf.RepetitionLevel > 0)
        {
            start = Repetitions.BeginVersion1(buffer, start, end, _header.RepetitionEncoding, _header.ValueCount);
        }

        return leaf.DefinitionLevel > 0
            ? Definitions.BeginVersion1(buffer, start, end, _header.DefinitionEncoding, _header.ValueCount)
            : start;
    }

    private int BeginLevelsVersion2(byte[] buffer, int start)
    {
        var definitions = start + _header.RepetitionBytes;
        var values = definitions + _header.DefinitionBytes;
        Repetitions.BeginVersion2(buffer, start, definitions);
        Definitions.BeginVersion2(buffer, definitions, values);
        return values;
    }

    private async ValueTask<List<PageLocation>> ReadLocationsAsync(long offset, CancellationToken cancellationToken)
    {
        if (_chunk.OffsetIndexLength <= 0 || offset < 0 || offset > source.SizeBytes - _chunk.OffsetIndexLength)
        {
            throw Corrupt($"The offset index of {_chunk.OffsetIndexLength} bytes at {offset} is outside the file.");
        }

        var bytes = new byte[_chunk.OffsetIndexLength];
        await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return OffsetIndex.Read(bytes);
        }
        catch (CorruptDataException e)
        {
            throw e.InFile(source.Path);
        }
    }

    private CorruptDataException Corrupt(string message) => Located(new CorruptDataException(message));
}

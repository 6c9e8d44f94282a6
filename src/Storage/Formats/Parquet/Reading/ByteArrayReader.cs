using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Reads byte arrays in two steps, so that the bytes are copied once, into their final place: first the lengths of some
/// values, then the bytes of the same values, back to back.
/// </summary>
/// <param name="fixedLength">The length of all values, 0 when each has its own.</param>
internal sealed class ByteArrayReader(int fixedLength)
{
    private readonly RleReader _rle = new();
    private byte[] _buffer = [];
    private int _position;
    private int _end;
    private int _stride;
    private PageEncoding _encoding;

    private byte[] _dictionary = [];
    private int[] _dictionaryOffsets = [];
    private int _dictionarySize = -1;
    private int[] _indexes = [];

    // The whole page's lengths, of DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY.
    private long[] _lengths = [];
    private long[] _prefixes = [];
    private int _lengthCount;
    private int _next;
    private byte[] _previous = [];
    private int _previousLength;

    public void SetDictionary(byte[] buffer, int start, int end, int count)
    {
        if (count > end - start)
        {
            CorruptDataException.Throw($"A dictionary page of {end - start} bytes claims {count} values.");
        }

        _dictionary = new byte[end - start];
        _dictionaryOffsets = new int[count + 1];
        var to = 0;
        (_buffer, _position, _end) = (buffer, start, end);
        for (var i = 0; i < count; i++)
        {
            var length = PlainLength();
            buffer.AsSpan(_position - length, length).CopyTo(_dictionary.AsSpan(to));
            to += length;
            _dictionaryOffsets[i + 1] = to;
        }

        _dictionarySize = count;
    }

    public void ClearDictionary() => _dictionarySize = -1;

    public void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues)
    {
        (_encoding, _buffer, _position, _end, _next) = (encoding, buffer, start, end, 0);
        switch (encoding)
        {
            case PageEncoding.Plain:
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                DictionaryIndexes.Begin(_rle, buffer, start, end, _dictionarySize);
                break;
            case PageEncoding.DeltaLengthByteArray:
                _position = ReadLengthList(ref _lengths, maxValues);
                break;
            case PageEncoding.DeltaByteArray:
                _position = ReadLengthList(ref _prefixes, maxValues);
                var prefixes = _lengthCount;
                _position = ReadLengthList(ref _lengths, maxValues);
                _previousLength = 0;
                if (prefixes != _lengthCount)
                {
                    CorruptDataException.Throw($"A page holds {prefixes} prefixes but {_lengthCount} suffixes.");
                }

                break;
            case PageEncoding.ByteStreamSplit when fixedLength > 0:
                _stride = (end - start) / fixedLength;
                _end = start + _stride;
                break;
            default:
                throw new PaimonException(
                    ErrorKind.Unsupported, $"Pages of byte arrays with the encoding {encoding} are not supported.");
        }
    }

    /// <summary>Reads the lengths of the next values; their bytes must be read next.</summary>
    public void ReadLengths(Span<int> lengths)
    {
        switch (_encoding)
        {
            case PageEncoding.Plain:
                var start = _position;
                for (var i = 0; i < lengths.Length; i++)
                {
                    lengths[i] = PlainLength();
                }

                _position = start;
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                ReadDictionaryLengths(lengths);
                break;
            case PageEncoding.ByteStreamSplit:
                lengths.Fill(fixedLength);
                break;
            default:
                ReadDeltaLengths(lengths);
                break;
        }
    }

    /// <summary>Reads the bytes of the values whose lengths were read last.</summary>
    public void ReadBytes(Span<byte> bytes, ReadOnlySpan<int> lengths)
    {
        switch (_encoding)
        {
            case PageEncoding.Plain:
                ReadPlain(bytes, lengths);
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                ReadDictionary(bytes, lengths.Length);
                break;
            case PageEncoding.DeltaLengthByteArray:
                CheckLeft(bytes.Length);
                _buffer.AsSpan(_position, bytes.Length).CopyTo(bytes);
                _position += bytes.Length;
                _next += lengths.Length;
                break;
            case PageEncoding.DeltaByteArray:
                ReadIncremental(bytes, lengths);
                break;
            default:
                ReadSplit(bytes, lengths.Length);
                break;
        }
    }

    public void Skip(int count)
    {
        if (_encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary)
        {
            _rle.Skip(count);
            return;
        }

        if (_encoding == PageEncoding.Plain)
        {
            for (; count > 0; count--)
            {
                PlainLength();
            }

            return;
        }

        var lengths = new int[count];
        ReadLengths(lengths);
        ReadBytes(new byte[checked(lengths.Sum())], lengths);
    }

    /// <summary>Reads the length of a plain value and passes over the value.</summary>
    private int PlainLength()
    {
        var length = fixedLength;
        if (length == 0)
        {
            CheckLeft(4);
            length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_position));
            _position += 4;
        }

        CheckLeft(length);
        _position += length;
        return length;
    }

    private void ReadPlain(Span<byte> bytes, ReadOnlySpan<int> lengths)
    {
        var header = fixedLength == 0 ? 4 : 0;
        var (from, to) = (_position, 0);
        foreach (var length in lengths)
        {
            from += header;
            _buffer.AsSpan(from, length).CopyTo(bytes.Slice(to, length));
            from += length;
            to += length;
        }

        _position = from;
    }

    private void ReadDictionaryLengths(Span<int> lengths)
    {
        if (_indexes.Length < lengths.Length)
        {
            _indexes = new int[Math.Max(1024, lengths.Length)];
        }

        var indexes = _indexes.AsSpan(0, lengths.Length);
        _rle.Read(indexes);
        for (var i = 0; i < indexes.Length; i++)
        {
            var index = indexes[i];
            if ((uint)index >= (uint)_dictionarySize)
            {
                DictionaryIndexes.ThrowOutside(index, _dictionarySize);
            }

            lengths[i] = _dictionaryOffsets[index + 1] - _dictionaryOffsets[index];
        }
    }

    private void ReadDictionary(Span<byte> bytes, int count)
    {
        var to = 0;
        for (var i = 0; i < count; i++)
        {
            var start = _dictionaryOffsets[_indexes[i]];
            var length = _dictionaryOffsets[_indexes[i] + 1] - start;
            _dictionary.AsSpan(start, length).CopyTo(bytes.Slice(to, length));
            to += length;
        }
    }

    private void ReadDeltaLengths(Span<int> lengths)
    {
        if (lengths.Length > _lengthCount - _next)
        {
            CorruptDataException.Throw($"{lengths.Length} more values are needed; the page holds {_lengthCount - _next}.");
        }

        var hasPrefixes = _encoding == PageEncoding.DeltaByteArray;
        var suffixes = 0L;
        var previous = _previousLength;
        for (var i = 0; i < lengths.Length; i++)
        {
            suffixes += _lengths[_next + i];
            if (hasPrefixes && _prefixes[_next + i] > previous)
            {
                CorruptDataException.Throw($"A value shares {_prefixes[_next + i]} of the {previous} bytes of the one before.");
            }

            lengths[i] = (int)(_lengths[_next + i] + (hasPrefixes ? _prefixes[_next + i] : 0));
            previous = lengths[i];
        }

        CheckLeft(suffixes);
    }

    private void ReadIncremental(Span<byte> bytes, ReadOnlySpan<int> lengths)
    {
        ReadOnlySpan<byte> previous = _previous.AsSpan(0, _previousLength);
        var to = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            var prefix = (int)_prefixes[_next + i];
            var suffix = (int)_lengths[_next + i];
            var value = bytes.Slice(to, lengths[i]);
            previous[..prefix].CopyTo(value);
            _buffer.AsSpan(_position, suffix).CopyTo(value[prefix..]);
            _position += suffix;
            to += value.Length;
            previous = value;
        }

        if (lengths.Length > 0)
        {
            if (_previous.Length < previous.Length)
            {
                _previous = new byte[previous.Length * 2];
            }

            previous.CopyTo(_previous);
            _previousLength = previous.Length;
        }

        _next += lengths.Length;
    }

    private void ReadSplit(Span<byte> bytes, int count)
    {
        CheckLeft(count);
        for (var part = 0; part < fixedLength; part++)
        {
            var from = _buffer.AsSpan(_position + (part * _stride), count);
            for (var i = 0; i < from.Length; i++)
            {
                bytes[(i * fixedLength) + part] = from[i];
            }
        }

        _position += count;
    }

    private int ReadLengthList(ref long[] lengths, int maxValues)
    {
        var delta = new DeltaReader();
        delta.Begin(_buffer, _position, _end);
        _lengthCount = delta.Left;
        if (_lengthCount > maxValues)
        {
            CorruptDataException.Throw($"A page of {maxValues} values claims {_lengthCount} lengths.");
        }

        if (lengths.Length < _lengthCount)
        {
            lengths = new long[_lengthCount];
        }

        var list = lengths.AsSpan(0, _lengthCount);
        delta.Read(list);
        foreach (var length in list)
        {
            if (length < 0 || length > _buffer.Length)
            {
                CorruptDataException.Throw($"A value claims a length of {length} bytes.");
            }
        }

        return delta.Position;
    }

    private void CheckLeft(long bytes)
    {
        if (bytes < 0 || bytes > _end - _position)
        {
            CorruptDataException.Throw($"A page lacks {bytes} more bytes of values.", _position);
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Reads a page's definition or repetition levels: the RLE hybrid, or the old bit-packing from the highest bit down.</summary>
internal sealed class LevelReader
{
    private readonly RleReader _rle = new();
    private readonly int _bitWidth;
    private byte[] _buffer = [];
    private bool _isLegacy;
    private long _bit;
    private long _endBit;

    public LevelReader(int maxLevel) => _bitWidth = maxLevel == 0 ? 0 : 32 - int.LeadingZeroCount(maxLevel);

    /// <summary>Begins a page of version 1; returns where the bytes after the levels begin.</summary>
    public int BeginVersion1(byte[] buffer, int start, int end, PageEncoding encoding, int valueCount)
    {
        switch (encoding)
        {
            case PageEncoding.Rle:
                if (end - start < 4)
                {
                    CorruptDataException.Throw("A page ends before its levels.", start);
                }

                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
                if (length < 0 || length > end - start - 4)
                {
                    CorruptDataException.Throw($"A page of {end - start} bytes claims {length} bytes of levels.", start);
                }

                BeginVersion2(buffer, start + 4, start + 4 + length);
                return start + 4 + length;
            case PageEncoding.BitPacked:
                var bytes = (((long)valueCount * _bitWidth) + 7) >> 3;
                if (bytes > end - start)
                {
                    CorruptDataException.Throw($"A page of {end - start} bytes needs {bytes} bytes of levels.", start);
                }

                (_isLegacy, _buffer, _bit, _endBit) = (true, buffer, start * 8L, (start + bytes) * 8L);
                return start + (int)bytes;
            default:
                throw new PaimonException(ErrorKind.Unsupported, $"Levels with the encoding {encoding} are not supported.");
        }
    }

    /// <summary>Begins levels whose bytes are known.</summary>
    public void BeginVersion2(byte[] buffer, int start, int end)
    {
        _isLegacy = false;
        _rle.Begin(buffer, start, end, _bitWidth);
    }

    public void Read(Span<byte> levels)
    {
        if (!_isLegacy)
        {
            _rle.Read(levels);
            return;
        }

        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = ReadLegacy();
        }
    }

    /// <summary>Reads levels of at most 1 into a bitmap from a bit on; returns how many are 1.</summary>
    public int ReadBits(Span<byte> bitmap, int start, int count)
    {
        if (!_isLegacy)
        {
            return _rle.ReadBits(bitmap, start, count);
        }

        var set = 0;
        for (var i = 0; i < count; i++)
        {
            var level = ReadLegacy();
            Bitmap.Set(bitmap, start + i, level != 0);
            set += level;
        }

        return set;
    }

    private byte ReadLegacy()
    {
        if (_bit + _bitWidth > _endBit)
        {
            CorruptDataException.Throw("A page's levels end too early.", _bit >> 3);
        }

        var level = 0;
        for (var i = 0; i < _bitWidth; i++, _bit++)
        {
            level = (level << 1) | ((_buffer[_bit >> 3] >> (7 - (int)(_bit & 7))) & 1);
        }

        return (byte)level;
    }
}

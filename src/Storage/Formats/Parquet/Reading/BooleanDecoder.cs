using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Decodes BOOLEAN: plain bits or the RLE hybrid behind four bytes of length.</summary>
internal sealed class BooleanDecoder : ValueDecoder
{
    private readonly RleReader _rle = new();
    private byte[] _dense = [];
    private byte[] _rows = [];
    private byte[] _buffer = [];
    private bool _isPlain;
    private long _bit;
    private long _endBit;

    public override void SetDictionary(byte[] buffer, int start, int end, int count) =>
        PaimonException.ThrowUnsupported("Booleans with a dictionary are not supported.");

    public override void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues)
    {
        _isPlain = encoding == PageEncoding.Plain;
        switch (encoding)
        {
            case PageEncoding.Plain:
                (_buffer, _bit, _endBit) = (buffer, start * 8L, end * 8L);
                break;
            case PageEncoding.Rle:
                _rle.Begin(buffer, Math.Min(start + 4, end), end, 1);
                break;
            default:
                throw new PaimonException(
                    ErrorKind.Unsupported, $"Pages of booleans with the encoding {encoding} are not supported.");
        }
    }

    public override void Append(ColumnVector target, int slots, ReadOnlySpan<byte> validity, int valueCount)
    {
        var bytes = (slots + 7) >> 3;
        if (_dense.Length < bytes + PageBuffer.Slack)
        {
            _dense = new byte[(bytes * 2) + PageBuffer.Slack];
            _rows = new byte[_dense.Length];
        }

        Read(valueCount);
        var rows = _dense;
        if (valueCount < slots)
        {
            rows = _rows;
            var from = 0;
            for (var i = 0; i < slots; i++)
            {
                Bitmap.Set(rows, i, Bitmap.IsSet(validity, i) && Bitmap.IsSet(_dense, from++));
            }
        }

        ((BooleanVector)target).AppendBits(rows, slots, validity);
    }

    public override void Skip(int valueCount)
    {
        if (_isPlain)
        {
            Advance(valueCount);
        }
        else
        {
            _rle.Skip(valueCount);
        }
    }

    private void Read(int count)
    {
        if (!_isPlain)
        {
            _rle.ReadBits(_dense, 0, count);
            return;
        }

        var start = _bit;
        Advance(count);
        Bitmap.Copy(_buffer, start, _dense, 0, count);
    }

    private void Advance(int count)
    {
        if (_bit + count > _endBit)
        {
            CorruptDataException.Throw($"A page lacks {count} more booleans.", _bit >> 3);
        }

        _bit += count;
    }
}

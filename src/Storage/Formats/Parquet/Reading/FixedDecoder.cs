using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Decodes INT32, INT64, INT96, FLOAT and DOUBLE into vectors of a fixed width.</summary>
/// <typeparam name="TStored">The value in the file, little-endian as this machine must be.</typeparam>
/// <typeparam name="TValue">The value in the vector.</typeparam>
/// <typeparam name="TConverter">From one to the other.</typeparam>
internal sealed class FixedDecoder<TStored, TValue, TConverter>(TConverter converter = default) : ValueDecoder
    where TStored : unmanaged
    where TValue : unmanaged
    where TConverter : struct, IValueConverter<TStored, TValue>
{
    private const int BlockValues = 1024;

    private readonly RleReader _rle = new();
    private readonly DeltaReader _delta = new();
    private readonly TStored[] _block = new TStored[BlockValues];
    private int[] _indexes = [];
    private long[] _longs = [];
    private TValue[] _dictionary = [];
    private int _dictionarySize = -1;
    private PageEncoding _encoding;
    private byte[] _buffer = [];
    private int _position;
    private int _end;
    private int _stride;

    public override void SetDictionary(byte[] buffer, int start, int end, int count)
    {
        if (count > (end - start) / Unsafe.SizeOf<TStored>())
        {
            CorruptDataException.Throw($"A dictionary page of {end - start} bytes claims {count} values.");
        }

        if (_dictionary.Length < count)
        {
            _dictionary = new TValue[count];
        }

        var stored = MemoryMarshal.Cast<byte, TStored>(buffer.AsSpan(start, end - start));
        for (var i = 0; i < count; i++)
        {
            _dictionary[i] = converter.Convert(stored[i]);
        }

        _dictionarySize = count;
    }

    public override void ClearDictionary() => _dictionarySize = -1;

    public override void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues)
    {
        (_encoding, _buffer, _position, _end) = (encoding, buffer, start, end);
        switch (encoding)
        {
            case PageEncoding.Plain:
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                DictionaryIndexes.Begin(_rle, buffer, start, end, _dictionarySize);
                break;
            case PageEncoding.DeltaBinaryPacked when typeof(TStored) == typeof(int) || typeof(TStored) == typeof(long):
                _delta.Begin(buffer, start, end);
                break;
            case PageEncoding.ByteStreamSplit when typeof(TStored) != typeof(Int96):
                _stride = (end - start) / Unsafe.SizeOf<TStored>();
                _end = start + _stride;
                break;
            default:
                throw new PaimonException(
                    ErrorKind.Unsupported, $"Pages of {typeof(TStored).Name} with the encoding {encoding} are not supported.");
        }
    }

    public override void Append(ColumnVector target, int slots, ReadOnlySpan<byte> validity, int valueCount)
    {
        var rows = ((FixedVector<TValue>)target).AppendUninitialized(slots, validity);
        ReadValues(rows[..valueCount]);
        if (valueCount < slots)
        {
            Spread(rows, validity, valueCount);
        }
    }

    public override void Skip(int valueCount)
    {
        switch (_encoding)
        {
            case PageEncoding.Plain:
                Advance(valueCount, Unsafe.SizeOf<TStored>());
                break;
            case PageEncoding.ByteStreamSplit:
                Advance(valueCount, 1);
                break;
            case PageEncoding.DeltaBinaryPacked:
                for (; valueCount > 0; valueCount -= BlockValues)
                {
                    ReadDelta(_block.AsSpan(0, Math.Min(valueCount, BlockValues)));
                }

                break;
            default:
                _rle.Skip(valueCount);
                break;
        }
    }

    private void ReadValues(Span<TValue> values)
    {
        if (_encoding is PageEncoding.RleDictionary or PageEncoding.PlainDictionary)
        {
            ReadDictionary(values);
        }
        else if (TConverter.IsIdentity)
        {
            ReadStored(MemoryMarshal.Cast<TValue, TStored>(values));
        }
        else
        {
            while (values.Length > 0)
            {
                var block = _block.AsSpan(0, Math.Min(values.Length, BlockValues));
                ReadStored(block);
                for (var i = 0; i < block.Length; i++)
                {
                    values[i] = converter.Convert(block[i]);
                }

                values = values[block.Length..];
            }
        }
    }

    private void ReadDictionary(Span<TValue> values)
    {
        if (_indexes.Length == 0)
        {
            _indexes = new int[BlockValues];
        }

        ReadOnlySpan<TValue> dictionary = _dictionary.AsSpan(0, _dictionarySize);
        while (values.Length > 0)
        {
            var indexes = _indexes.AsSpan(0, Math.Min(values.Length, BlockValues));
            _rle.Read(indexes);
            for (var i = 0; i < indexes.Length; i++)
            {
                var index = indexes[i];
                if ((uint)index >= (uint)dictionary.Length)
                {
                    DictionaryIndexes.ThrowOutside(index, dictionary.Length);
                }

                values[i] = dictionary[index];
            }

            values = values[indexes.Length..];
        }
    }

    private void ReadStored(Span<TStored> values)
    {
        switch (_encoding)
        {
            case PageEncoding.Plain:
                var start = _position;
                Advance(values.Length, Unsafe.SizeOf<TStored>());
                _buffer.AsSpan(start, _position - start).CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case PageEncoding.DeltaBinaryPacked:
                ReadDelta(values);
                break;
            default:
                ReadSplit(MemoryMarshal.AsBytes(values), values.Length);
                break;
        }
    }

    private void ReadDelta(Span<TStored> values)
    {
        if (typeof(TStored) == typeof(long))
        {
            _delta.Read(MemoryMarshal.Cast<TStored, long>(values));
            return;
        }

        if (_longs.Length < values.Length)
        {
            _longs = new long[Math.Max(BlockValues, values.Length)];
        }

        var longs = _longs.AsSpan(0, values.Length);
        _delta.Read(longs);
        var ints = MemoryMarshal.Cast<TStored, int>(values);
        for (var i = 0; i < longs.Length; i++)
        {
            ints[i] = unchecked((int)longs[i]);
        }
    }

    private void ReadSplit(Span<byte> bytes, int count)
    {
        var start = _position;
        Advance(count, 1);
        var width = Unsafe.SizeOf<TStored>();
        for (var part = 0; part < width; part++)
        {
            var from = _buffer.AsSpan(start + (part * _stride), count);
            for (var i = 0; i < from.Length; i++)
            {
                bytes[(i * width) + part] = from[i];
            }
        }
    }

    private void Advance(int count, int width)
    {
        if ((long)count * width > _end - _position)
        {
            CorruptDataException.Throw($"A page lacks {count} more values of {width} bytes.", _position);
        }

        _position += count * width;
    }
}

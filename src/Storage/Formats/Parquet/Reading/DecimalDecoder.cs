using System.Numerics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Decodes decimals stored as big-endian two's complement of any length into their unscaled values.</summary>
/// <typeparam name="T">long or <see cref="Int128"/>.</typeparam>
internal sealed class DecimalDecoder<T>(int fixedLength) : ValueDecoder
    where T : unmanaged, IBinaryInteger<T>
{
    private const int BlockValues = 1024;

    private readonly ByteArrayReader _reader = new(fixedLength);
    private readonly int[] _lengths = new int[BlockValues];
    private byte[] _bytes = [];

    public override void SetDictionary(byte[] buffer, int start, int end, int count) =>
        _reader.SetDictionary(buffer, start, end, count);

    public override void ClearDictionary() => _reader.ClearDictionary();

    public override void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues) =>
        _reader.Begin(encoding, buffer, start, end, maxValues);

    public override void Append(ColumnVector target, int slots, ReadOnlySpan<byte> validity, int valueCount)
    {
        var rows = ((FixedVector<T>)target).AppendUninitialized(slots, validity);
        for (var done = 0; done < valueCount;)
        {
            var lengths = _lengths.AsSpan(0, Math.Min(valueCount - done, BlockValues));
            ReadBlock(rows.Slice(done, lengths.Length), lengths);
            done += lengths.Length;
        }

        if (valueCount < slots)
        {
            Spread(rows, validity, valueCount);
        }
    }

    public override void Skip(int valueCount) => _reader.Skip(valueCount);

    private void ReadBlock(Span<T> values, Span<int> lengths)
    {
        _reader.ReadLengths(lengths);
        var total = 0;
        foreach (var length in lengths)
        {
            if (length > 64)
            {
                CorruptDataException.Throw($"A decimal of {length} bytes is longer than any that this column can hold.");
            }

            total += length;
        }

        if (_bytes.Length < total)
        {
            _bytes = new byte[total];
        }

        _reader.ReadBytes(_bytes.AsSpan(0, total), lengths);
        var at = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (!T.TryReadBigEndian(_bytes.AsSpan(at, lengths[i]), isUnsigned: false, out values[i]))
            {
                CorruptDataException.Throw("A decimal has more digits than its column can hold.");
            }

            at += lengths[i];
        }
    }
}

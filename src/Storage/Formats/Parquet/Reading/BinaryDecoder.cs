using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Decodes BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY into vectors of strings and bytes.</summary>
internal sealed class BinaryDecoder(int fixedLength) : ValueDecoder
{
    private readonly ByteArrayReader _reader = new(fixedLength);
    private int[] _lengths = [];
    private int[] _rowLengths = [];

    public override void SetDictionary(byte[] buffer, int start, int end, int count) =>
        _reader.SetDictionary(buffer, start, end, count);

    public override void ClearDictionary() => _reader.ClearDictionary();

    public override void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues) =>
        _reader.Begin(encoding, buffer, start, end, maxValues);

    public override void Append(ColumnVector target, int slots, ReadOnlySpan<byte> validity, int valueCount)
    {
        if (_lengths.Length < slots)
        {
            _lengths = new int[Math.Max(slots, 1024)];
            _rowLengths = new int[_lengths.Length];
        }

        var lengths = _lengths.AsSpan(0, valueCount);
        _reader.ReadLengths(lengths);
        ReadOnlySpan<int> rowLengths = lengths;
        if (valueCount < slots)
        {
            var rows = _rowLengths.AsSpan(0, slots);
            lengths.CopyTo(rows);
            Spread(rows, validity, valueCount);
            rowLengths = rows;
        }

        _reader.ReadBytes(((BinaryVector)target).AppendUninitialized(rowLengths, validity), lengths);
    }

    public override void Skip(int valueCount) => _reader.Skip(valueCount);
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// Writes a Bloom filter (docs/format.md#bloom-filter-index):
/// <code>
/// 4 bytes, big endian: bits of a value; the bits
/// </code>
/// </summary>
internal sealed class BloomFilterWriter : FileIndexWriter
{
    private const int DefaultItems = 1_000_000;
    private const double DefaultFalsePositives = 0.1;
    private const long MaxItems = 100_000_000;

    private readonly BloomFilter64 _filter;

    /// <summary>Begins a filter.</summary>
    /// <param name="options"><c>items</c> and <c>fpp</c>.</param>
    public BloomFilterWriter(TableOptions options)
    {
        var items = options.GetInt64("items", DefaultItems);
        var falsePositives = options.GetDouble("fpp", DefaultFalsePositives);
        if (items is < 1 or > MaxItems || !(falsePositives is > 0.0001 and < 1))
        {
            PaimonException.ThrowInvalid(
                $"A Bloom filter of {items} items with fpp {falsePositives} cannot be made: items are 1 to {MaxItems}, "
                + "fpp is between 0.0001 and 1.");
        }

        _filter = new BloomFilter64(items, falsePositives);
    }

    /// <summary>The hash of a number: that of its value, or of the bits of a floating-point number.</summary>
    public static long HashOf(long bits)
    {
        unchecked
        {
            bits = ~bits + (bits << 21);
            bits ^= bits >> 24;
            bits = bits + (bits << 3) + (bits << 8);
            bits ^= bits >> 14;
            bits = bits + (bits << 2) + (bits << 4);
            bits ^= bits >> 28;
            return bits + (bits << 31);
        }
    }

    /// <summary>The hash of a text or of bytes.</summary>
    public static long HashOf(ReadOnlySpan<byte> value) => unchecked((long)XxHash64.Compute(value));

    private protected override void AddNumber(int position, ColumnVector column, int row, long number) =>
        _filter.Add(HashOf(column switch
        {
            FixedVector<float> => (int)number ^ (((int)number >> 31) & int.MaxValue),
            FixedVector<double> => number ^ ((number >> 63) & long.MaxValue),
            _ => number,
        }));

    private protected override void AddBytes(int position, ReadOnlySpan<byte> value) => _filter.Add(HashOf(value));

    private protected override byte[] Serialize()
    {
        var writer = new BigEndianWriter();
        writer.WriteInt32(_filter.HashCount);
        writer.WriteBytes(_filter.Bits);
        return writer.ToArray();
    }
}

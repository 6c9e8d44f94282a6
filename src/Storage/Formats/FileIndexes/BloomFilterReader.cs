using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Answers equalities by a Bloom filter.</summary>
internal sealed class BloomFilterReader : FileIndexReader
{
    private readonly BloomFilter64 _filter;
    private readonly IndexKeyType? _type;

    /// <summary>Opens a filter.</summary>
    public BloomFilterReader(DataType type, ReadOnlySpan<byte> index)
    {
        var reader = new BigEndianReader(index);
        var hashes = reader.ReadInt32();
        _filter = new BloomFilter64(hashes, reader.Take(reader.Left));
        _type = IndexKeyType.TryCreate(type);
    }

    /// <inheritdoc/>
    public override FileIndexResult Test(LeafPredicate leaf)
    {
        if (leaf.Operator is not (PredicateOperator.Equal or PredicateOperator.In))
        {
            return FileIndexResult.All;
        }

        for (var i = 0; i < leaf.Literals.Length; i++)
        {
            if (!leaf.Literals.IsNull(i) && MayContain(leaf.Literals, i))
            {
                return FileIndexResult.All;
            }
        }

        return FileIndexResult.None;
    }

    private bool MayContain(ColumnVector literals, int row)
    {
        if (literals is BinaryVector texts)
        {
            return _filter.MayContain(BloomFilterWriter.HashOf(texts[row]));
        }

        if (!IndexKeyType.HasKey(literals, row))
        {
            return true;
        }

        var bits = _type!.BitsOf(_type.Read(literals, row).Number);

        // -0.0 equals 0.0, and has a hash of its own.
        var isZero = _type.IsFloating && (bits is 0 or int.MinValue or long.MinValue);
        return isZero
            ? _filter.MayContain(BloomFilterWriter.HashOf(0))
                || _filter.MayContain(BloomFilterWriter.HashOf(_type.Width == 4 ? int.MinValue : long.MinValue))
            : _filter.MayContain(BloomFilterWriter.HashOf(bits));
    }
}

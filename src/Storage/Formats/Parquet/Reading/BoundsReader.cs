using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Turns statistics of a leaf into bounds of a column's values. What cannot be trusted is unknown: bounds of INT96, whose
/// order is not defined, upper bounds of floating-point numbers, as some writers leave NaN out of them, and bounds that are no
/// value of the type.
/// </summary>
internal sealed class BoundsReader
{
    private readonly SchemaNode _leaf;
    private readonly DataType _type;
    private readonly ValueDecoder _decoder;

    private BoundsReader(SchemaNode leaf, DataType type)
    {
        _leaf = leaf;
        _type = type.Nullable();
        _decoder = ValueDecoderFactory.Create(leaf, type);
    }

    /// <summary>The reader of a column's bounds; null where no statistics count.</summary>
    /// <param name="node">The column in the file.</param>
    /// <param name="type">Its type.</param>
    public static BoundsReader? TryCreate(SchemaNode? node, DataType type)
    {
        if (node is not { IsLeaf: true, RepetitionLevel: 0, Path.Count: 1 } || node.Element.Type == PhysicalType.Int96)
        {
            return null;
        }

        try
        {
            return new BoundsReader(node, type);
        }
        catch (CorruptDataException)
        {
            // Reading the column will say what is wrong.
            return null;
        }
    }

    /// <summary>The bounds of some rows.</summary>
    /// <param name="statistics">What the file says; null when it says nothing.</param>
    /// <param name="rowCount">The rows.</param>
    public ColumnBounds Read(ChunkStatistics? statistics, long rowCount) => statistics is null
        ? new ColumnBounds(null, null, 0, null, rowCount)
        : new ColumnBounds(
            TryDecode(statistics.Min),
            _type.Root is TypeRoot.Float or TypeRoot.Double ? null : TryDecode(statistics.Max),
            0,
            statistics.NullCount is >= 0 and var nulls && nulls <= rowCount ? nulls : null,
            rowCount);

    private ColumnVector? TryDecode(byte[]? bound)
    {
        if (bound is null)
        {
            return null;
        }

        // As one value of a plain page, which has the length of byte arrays before them.
        var prefix = _leaf.Element.Type == PhysicalType.ByteArray ? sizeof(int) : 0;
        var page = new byte[prefix + bound.Length + PageBuffer.Slack];
        if (prefix > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(page, bound.Length);
        }

        bound.CopyTo(page, prefix);
        var vector = ColumnVector.Create(_type);
        try
        {
            _decoder.Begin(PageEncoding.Plain, page, 0, prefix + bound.Length, 1);
            _decoder.Append(vector, 1, default, 1);
        }
        catch (CorruptDataException)
        {
            return null;
        }

        var isNaN = vector switch
        {
            FixedVector<float> floats => float.IsNaN(floats.Values[0]),
            FixedVector<double> doubles => double.IsNaN(doubles.Values[0]),
            _ => false,
        };
        return isNaN ? null : vector;
    }
}

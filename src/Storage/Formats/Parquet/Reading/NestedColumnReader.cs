using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// A list, map or row. Each leaf appends its values to the vector of its own, then the vectors above are given their lengths
/// and NULLs from the leaves' levels:
/// <code>
/// list: an entry begins a row where its repetition level is not that of the list's elements or deeper;
///       it counts as an element where its definition level reaches that of the repeated node
/// </code>
/// </summary>
internal sealed class NestedColumnReader : ColumnReader
{
    private const int BlockRows = 1024;

    private readonly ColumnShape _shape;
    private readonly string _path;
    private readonly Dictionary<SchemaNode, LeafReader> _leaves;
    private int[] _lengths = new int[BlockRows];
    private byte[] _validity = new byte[BlockRows / 8];

    public NestedColumnReader(ColumnShape shape, string path, Func<ColumnShape, LeafReader> openLeaf)
    {
        _shape = shape;
        _path = path;
        _leaves = [];
        OpenLeaves(shape, openLeaf);
    }

    public override async ValueTask ReadAsync(
        ColumnVector target, int rowGroup, long row, int rows, CancellationToken cancellationToken)
    {
        while (rows > 0)
        {
            var block = Math.Min(rows, BlockRows);
            await ReadLeavesAsync(_shape, target, rowGroup, row, block, cancellationToken).ConfigureAwait(false);
            Assemble(_shape, target);
            row += block;
            rows -= block;
        }
    }

    public override void Dispose()
    {
        foreach (var leaf in _leaves.Values)
        {
            leaf.Dispose();
        }
    }

    private void OpenLeaves(ColumnShape shape, Func<ColumnShape, LeafReader> openLeaf)
    {
        if (shape.Children.Count == 0)
        {
            _leaves.Add(shape.Node, openLeaf(shape));
        }

        foreach (var child in shape.Children)
        {
            OpenLeaves(child, openLeaf);
        }
    }

    private async ValueTask ReadLeavesAsync(
        ColumnShape shape, ColumnVector vector, int rowGroup, long row, int rows, CancellationToken cancellationToken)
    {
        if (shape.Children.Count == 0)
        {
            var leaf = _leaves[shape.Node];
            await leaf.SeekAsync(rowGroup, row, cancellationToken).ConfigureAwait(false);
            await leaf.ReadNestedAsync(vector, rows, cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var i = 0; i < shape.Children.Count; i++)
        {
            await ReadLeavesAsync(shape.Children[i], Child(vector, i), rowGroup, row, rows, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static ColumnVector Child(ColumnVector vector, int index) => vector switch
    {
        ListVector list => list.Elements,
        MapVector map => index == 0 ? map.Keys : map.MapValues,
        _ => ((StructVector)vector).Children[index],
    };

    private void Assemble(ColumnShape shape, ColumnVector vector)
    {
        for (var i = 0; i < shape.Children.Count; i++)
        {
            Assemble(shape.Children[i], Child(vector, i));
        }

        if (shape.Children.Count == 0)
        {
            return;
        }

        var slots = ReadShape(shape, out var nulls);
        var validity = nulls == 0 ? default : _validity.AsSpan(0, (slots + 7) >> 3);
        switch (vector)
        {
            case ListVector list:
                list.EndRows(_lengths.AsSpan(0, slots), validity);
                Check(shape, list.Offsets[^1], list.Elements.Length);
                break;
            case MapVector map:
                map.EndRows(_lengths.AsSpan(0, slots), validity);
                Check(shape, map.Offsets[^1], map.Keys.Length);
                Check(shape, map.Offsets[^1], map.MapValues.Length);
                break;
            case StructVector row:
                row.EndRows(slots, validity);
                foreach (var child in row.Children)
                {
                    Check(shape, row.Length, child.Length);
                }

                break;
        }
    }

    /// <summary>Fills in each row's length and validity; returns the rows.</summary>
    private int ReadShape(ColumnShape shape, out int nulls)
    {
        var levels = _leaves[shape.FirstLeaf].Levels;
        var definitions = levels.Definitions;
        var repetitions = levels.Repetitions;
        Reserve(levels.Count);
        var (slots, present) = (0, shape.PresentLevel);
        var elementRepetition = shape.Repeated?.RepetitionLevel ?? int.MaxValue;
        var elementLevel = shape.Repeated?.DefinitionLevel ?? int.MaxValue;
        nulls = 0;
        for (var i = 0; i < definitions.Length; i++)
        {
            var definition = definitions[i];
            if (repetitions[i] <= shape.SlotRepetition && definition >= shape.SlotLevel)
            {
                var isPresent = definition >= present;
                Bitmap.Set(_validity, slots, isPresent);
                nulls += isPresent ? 0 : 1;
                _lengths[slots++] = 0;
            }

            if (repetitions[i] <= elementRepetition && definition >= elementLevel)
            {
                if (slots == 0)
                {
                    throw new CorruptDataException($"The column '{shape.Node.Path[0]}' begins inside a list.", _path);
                }

                _lengths[slots - 1]++;
            }
        }

        return slots;
    }

    private void Reserve(int entries)
    {
        if (_lengths.Length < entries)
        {
            _lengths = new int[entries * 2];
            _validity = new byte[((entries * 2) + 7) >> 3];
        }
    }

    private void Check(ColumnShape shape, int expected, int found)
    {
        if (expected != found)
        {
            throw new CorruptDataException(
                $"The leaves of column '{shape.Node.Path[0]}' differ in shape: {expected} values expected, {found} found.", _path);
        }
    }
}

using System.Buffers;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>The fields of a row by their ids; those that are new are NULL.</summary>
internal sealed class RowByIdCast : ColumnCast
{
    private readonly int[] _sources;
    private readonly ColumnCast[] _casts;

    public RowByIdCast(RowType source, RowType target, LocalZone zone)
    {
        _sources = [.. target.Fields.Select(field => source.IndexOfId(field.Id))];
        _casts = [.. target.Fields.Select((field, i) => _sources[i] < 0
            ? SameLayoutCast.Instance
            : CastFactory.BetweenSchemas(source.Fields[_sources[i]].Type, field.Type, zone))];
    }

    public override void Append(ColumnVector source, ColumnVector target)
    {
        var from = (StructVector)source;
        var to = (StructVector)target;
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i] < 0)
            {
                to.Children[i].AppendNulls(from.Length);
            }
            else
            {
                _casts[i].Append(from.Children[_sources[i]], to.Children[i]);
            }
        }

        to.EndRows(from.Length, from.Validity);
    }
}

/// <summary>The elements of arrays.</summary>
internal sealed class ListCast(ColumnCast element) : ColumnCast
{
    public override void Append(ColumnVector source, ColumnVector target)
    {
        var from = (ListVector)source;
        var to = (ListVector)target;
        element.Append(from.Elements, to.Elements);
        var lengths = ArrayPool<int>.Shared.Rent(from.Length);
        to.EndRows(Lengths(from.Offsets, lengths), from.Validity);
        ArrayPool<int>.Shared.Return(lengths);
    }

    /// <summary>The rows' lengths.</summary>
    public static Span<int> Lengths(ReadOnlySpan<int> offsets, int[] lengths)
    {
        for (var i = 1; i < offsets.Length; i++)
        {
            lengths[i - 1] = offsets[i] - offsets[i - 1];
        }

        return lengths.AsSpan(0, offsets.Length - 1);
    }
}

/// <summary>The keys and values of maps.</summary>
internal sealed class MapCast(ColumnCast key, ColumnCast value) : ColumnCast
{
    public override void Append(ColumnVector source, ColumnVector target)
    {
        var from = (MapVector)source;
        var to = (MapVector)target;
        key.Append(from.Keys, to.Keys);
        value.Append(from.MapValues, to.MapValues);
        var lengths = ArrayPool<int>.Shared.Rent(from.Length);
        to.EndRows(ListCast.Lengths(from.Offsets, lengths), from.Validity);
        ArrayPool<int>.Shared.Return(lengths);
    }
}

/// <summary>Arrays, maps and rows as texts: <c>[1, 2]</c>, <c>{a -> 1}</c>, <c>{1, a}</c>; NULL is <c>null</c>.</summary>
internal sealed class NestedToText : ColumnCast
{
    private readonly ColumnCast[] _parts;
    private readonly BinaryVector[] _texts;

    private NestedToText(ColumnCast[] parts)
    {
        _parts = parts;
        _texts = [.. parts.Select(_ => new BinaryVector(DataTypes.String))];
    }

    /// <summary>Null when a part has no text.</summary>
    public static NestedToText? Find(DataType type, LocalZone zone)
    {
        var parts = NestedParts.TypesOf(type).Select(part => CastFactory.Find(part, DataTypes.String, zone)).ToArray();
        return parts.Contains(null) ? null : new NestedToText(parts!);
    }

    public override void Append(ColumnVector source, ColumnVector target)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            _texts[i].Clear();
            _parts[i].Append(NestedParts.Of(source, i), _texts[i]);
        }

        var text = new ArrayBufferWriter<byte>();
        for (var row = 0; row < source.Length; row++)
        {
            if (source.IsNull(row))
            {
                target.AppendNull();
                continue;
            }

            text.ResetWrittenCount();
            Write(source, row, text);
            ((BinaryVector)target).Append(text.WrittenSpan);
        }
    }

    private void Write(ColumnVector source, int row, ArrayBufferWriter<byte> text)
    {
        text.Write(source is ListVector ? "["u8 : "{"u8);
        switch (source)
        {
            case ListVector list:
                for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
                {
                    Part(0, i, i > list.Offsets[row] ? ", "u8 : default, text);
                }

                break;
            case MapVector map:
                for (var i = map.Offsets[row]; i < map.Offsets[row + 1]; i++)
                {
                    Part(0, i, i > map.Offsets[row] ? ", "u8 : default, text);
                    Part(1, i, " -> "u8, text);
                }

                break;
            default:
                for (var i = 0; i < _texts.Length; i++)
                {
                    Part(i, row, i > 0 ? ", "u8 : default, text);
                }

                break;
        }

        text.Write(source is ListVector ? "]"u8 : "}"u8);
    }

    private void Part(int part, int index, ReadOnlySpan<byte> before, ArrayBufferWriter<byte> text)
    {
        text.Write(before);
        text.Write(_texts[part].IsNull(index) ? "null"u8 : _texts[part][index]);
    }
}

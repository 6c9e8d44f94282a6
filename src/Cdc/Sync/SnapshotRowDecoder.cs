using PaimonSharp.Cdc.Types;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>Turns the text rows of a snapshot's SELECT into rows of the mirroring table. Not thread-safe.</summary>
internal sealed class SnapshotRowDecoder
{
    private readonly int[] _sources;
    private readonly TextValueDecoder?[] _decoders;

    /// <summary>Makes a decoder.</summary>
    /// <param name="source">The source table; the SELECT gives its columns in order.</param>
    /// <param name="target">The mirroring table's columns; one that the source lacks reads as NULL.</param>
    /// <param name="options">The switches of the type mapping.</param>
    public SnapshotRowDecoder(SourceTable source, RowType target, TypeMappingOptions options)
    {
        _sources = [.. target.Fields.Select(field => source.IndexOf(field.Name))];
        _decoders = [.. _sources.Select(index => index < 0 ? null : new TextValueDecoder(source.Columns[index], options))];
    }

    /// <summary>Appends a row.</summary>
    public void Append(TextRow row, ColumnBatch target)
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_decoders[i] is { } decoder)
            {
                decoder.Append(row[_sources[i]], row.IsNull(_sources[i]), target.Columns[i]);
            }
            else
            {
                target.Columns[i].AppendNull();
            }
        }

        target.EndRows(1);
    }
}

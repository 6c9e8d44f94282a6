using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>An open Avro file and where its blocks are.</summary>
internal sealed class AvroFormatReader : IFormatReader
{
    private readonly AvroContainer _container;
    private readonly AvroRecord _record;
    private readonly List<AvroBlock> _blocks;

    private AvroFormatReader(AvroContainer container, List<AvroBlock> blocks)
    {
        _container = container;
        _blocks = blocks;
        _record = container.Schema.AsRecord($"A row of {container.Path}");
        ColumnNames = [.. _record.Fields.Select(field => field.Name)];
        RowCount = blocks.Sum(block => block.RowCount);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <inheritdoc/>
    public long RowCount { get; }

    /// <summary>Finds the blocks of a file.</summary>
    public static async ValueTask<AvroFormatReader> OpenAsync(AvroContainer container, CancellationToken cancellationToken)
    {
        var blocks = new List<AvroBlock>();
        var offset = container.FirstBlockOffset;
        while (await container.ReadBlockHeaderAsync(offset, cancellationToken).ConfigureAwait(false) is { } block)
        {
            blocks.Add(block);
            offset = block.EndOffset;
        }

        return new AvroFormatReader(container, blocks);
    }

    /// <inheritdoc/>
    public IFormatCursor OpenCursor(RowType columns) =>
        new AvroFormatCursor(_container, _blocks, new AvroRowMover(columns, _record));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _container.DisposeAsync();
}

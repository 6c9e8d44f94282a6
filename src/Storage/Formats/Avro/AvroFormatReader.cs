using System.Buffers;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>An open Avro file and where its blocks are.</summary>
internal sealed class AvroFormatReader : IFormatReader
{
    private readonly AvroContainer _container;
    private readonly AvroRecord _record;
    private const int FewRows = 16;

    private readonly List<AvroBlock> _blocks;
    private readonly long _rowBytes;

    private AvroFormatReader(AvroContainer container, List<AvroBlock> blocks, long rowBytes)
    {
        _rowBytes = rowBytes;
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

        return new AvroFormatReader(
            container, blocks, await RowBytesAsync(container, blocks, cancellationToken).ConfigureAwait(false));
    }

    // Blocks end at a size, so that large rows show in blocks of few rows; how large they are shows when one is decompressed.
    private static async ValueTask<long> RowBytesAsync(
        AvroContainer container, List<AvroBlock> blocks, CancellationToken cancellationToken)
    {
        if (blocks.Count == 0)
        {
            return 0;
        }

        var fewest = blocks.Take(Math.Max(1, blocks.Count - 1)).MinBy(block => block.RowCount);
        if (fewest.RowCount is < 1 or > FewRows)
        {
            return AvroContainerWriter.BlockBytes / Math.Max(1, fewest.RowCount);
        }

        var buffer = new ArrayBufferWriter<byte>();
        await container.ReadBlockAsync(fewest, buffer, cancellationToken).ConfigureAwait(false);
        return buffer.WrittenCount / fewest.RowCount;
    }

    /// <inheritdoc/>
    public long EstimateRowBytes(IReadOnlySet<string> columns) => _rowBytes;

    /// <inheritdoc/>
    public IFormatCursor OpenCursor(RowType columns, int readAheadBytes = 8 << 20) =>
        new AvroFormatCursor(_container, _blocks, new AvroRowMover(columns, _record));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _container.DisposeAsync();
}

using System.Buffers.Binary;
using System.Numerics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// An open Parquet file.
/// <code>
/// "PAR1", column chunks, indexes, footer, 4 bytes: footer's length, "PAR1"
/// </code>
/// </summary>
internal sealed class ParquetReader : IFormatReader
{
    private const int TrailerBytes = 8;
    private const long MaxChunkBytes = 1L << 40;
    private const int MaxFooterBytes = 256 << 20;

    /// <summary>The bounds of what a column reads at once.</summary>
    private const int MinWindowBytes = 64 << 10;
    private const int MaxWindowBytes = 1 << 20;

    private readonly FileSource _source;
    private readonly FileFooter _footer;
    private readonly SchemaNode _root;

    private ParquetReader(FileSource source, FileFooter footer)
    {
        _source = source;
        _footer = footer;
        _root = SchemaNode.Build(footer.Schema, out var leaves);
        Check(leaves);
        ColumnNames = [.. _root.Children.Select(child => child.Name)];
    }

    public IReadOnlyList<string> ColumnNames { get; }

    public long RowCount => _footer.RowCount;

    /// <summary>What the footer says.</summary>
    public FileFooter Footer => _footer;

    public static async ValueTask<IFormatReader> OpenAsync(IInputFile file, CancellationToken cancellationToken)
    {
        try
        {
            var source = await FileSource.OpenAsync(file, cancellationToken).ConfigureAwait(false);
            var footer = await ReadFooterAsync(source, cancellationToken).ConfigureAwait(false);
            return new ParquetReader(source, FileFooter.Read(footer));
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(file.Path);
        }
    }

    public long EstimateRowBytes(IReadOnlySet<string> columns)
    {
        var largest = 0L;
        foreach (var group in _footer.RowGroups)
        {
            var bytes = 0L;
            foreach (var chunk in group.Columns)
            {
                if (chunk.Path.Count > 0 && columns.Contains(chunk.Path[0]))
                {
                    bytes += Math.Clamp(chunk.UncompressedBytes, 0, MaxChunkBytes);
                }
            }

            largest = Math.Max(largest, bytes / Math.Max(1, group.RowCount));
        }

        return largest;
    }

    public IFormatCursor OpenCursor(RowType columns, int readAheadBytes = 8 << 20)
    {
        try
        {
            // The pool's arrays have sizes that are powers of two: a window with its slack fills one.
            var share = Math.Clamp(readAheadBytes / Math.Max(1, columns.Fields.Count), MinWindowBytes, MaxWindowBytes);
            var window = (1 << BitOperations.Log2((uint)share)) - PageBuffer.Slack;
            return new ParquetCursor(_footer, columns, [.. columns.Fields.Select(field => OpenColumn(field, window))], _source.Path);
        }
        catch (CorruptDataException e)
        {
            throw e.InFile(_source.Path);
        }
    }

    public ValueTask<FileIndexResult> FindRowsAsync(
        Predicate predicate, Func<string, DataField?> fieldOf, CancellationToken cancellationToken) =>
        new PagePruner(_source, _footer, _root).FindAsync(predicate, fieldOf, cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private ColumnReader OpenColumn(DataField field, int window)
    {
        var node = _root.Child(field.Name);
        if (node is null)
        {
            return new MissingColumnReader(field, _source.Path);
        }

        var shape = ColumnShape.Of(node, field.Type);
        return shape.IsFlat
            ? new FlatColumnReader(OpenLeaf(shape, window))
            : new NestedColumnReader(shape, _source.Path, leaf => OpenLeaf(leaf, window));
    }

    private LeafReader OpenLeaf(ColumnShape shape, int window) => new(
        _source,
        _footer,
        shape.Node,
        ValueDecoderFactory.Create(shape.Node, shape.Type),
        shape.SlotLevel,
        shape.IsFlat,
        window);

    private static async ValueTask<byte[]> ReadFooterAsync(FileSource source, CancellationToken cancellationToken)
    {
        var size = source.SizeBytes;
        if (size < TrailerBytes + 4)
        {
            throw new CorruptDataException($"The file has {size} bytes; a Parquet file has at least {TrailerBytes + 4}.");
        }

        var trailer = new byte[TrailerBytes];
        await source.ReadAsync(size - TrailerBytes, trailer, cancellationToken).ConfigureAwait(false);
        if (trailer.AsSpan(4).SequenceEqual("PARE"u8))
        {
            throw new PaimonException(ErrorKind.Unsupported, $"{source.Path}: Parquet files with an encrypted footer are not supported.");
        }

        if (!trailer.AsSpan(4).SequenceEqual("PAR1"u8))
        {
            throw new CorruptDataException("The file does not end with 'PAR1': it is no Parquet file, or it was cut off.", offset: size - 4);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        if (length <= 0 || length > Math.Min(size - TrailerBytes - 4, MaxFooterBytes))
        {
            throw new CorruptDataException($"The footer claims {length} bytes in a file of {size}.", offset: size - TrailerBytes);
        }

        var footer = new byte[length];
        await source.ReadAsync(size - TrailerBytes - length, footer, cancellationToken).ConfigureAwait(false);
        return footer;
    }

    private void Check(IReadOnlyList<SchemaNode> leaves)
    {
        var rows = 0L;
        foreach (var rowGroup in _footer.RowGroups)
        {
            if (rowGroup.RowCount > _footer.RowCount - rows)
            {
                CorruptDataException.Throw($"The row groups hold more than the file's {_footer.RowCount} rows.");
            }

            rows += rowGroup.RowCount;
            if (rowGroup.Columns.Count != leaves.Count)
            {
                CorruptDataException.Throw(
                    $"A row group has {rowGroup.Columns.Count} columns where the schema has {leaves.Count}.");
            }

            for (var i = 0; i < leaves.Count; i++)
            {
                Check(rowGroup.Columns[i], leaves[i], rowGroup.RowCount);
            }
        }

        if (rows != _footer.RowCount)
        {
            CorruptDataException.Throw($"The row groups hold {rows} rows, but the file claims {_footer.RowCount}.");
        }
    }

    private void Check(ColumnChunk chunk, SchemaNode leaf, long rows)
    {
        var name = string.Join('.', leaf.Path);
        if (chunk.Type != leaf.Element.Type)
        {
            CorruptDataException.Throw($"The column '{name}' is {leaf.Element.Type} in the schema but {chunk.Type} in its chunk.");
        }

        if (chunk.StartOffset > _source.SizeBytes - chunk.CompressedBytes)
        {
            CorruptDataException.Throw($"The chunk of column '{name}' reaches beyond the end of the file.");
        }

        if (leaf.RepetitionLevel == 0 ? chunk.ValueCount != rows : chunk.ValueCount < rows)
        {
            CorruptDataException.Throw($"The column '{name}' has {chunk.ValueCount} values in a row group of {rows} rows.");
        }
    }
}

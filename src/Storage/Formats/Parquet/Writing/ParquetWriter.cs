using System.Buffers.Binary;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Formats.Parquet.Thrift;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>Writes a Parquet file; its pages wait in memory for the end of each row group.</summary>
internal sealed class ParquetWriter : IFormatWriter
{
    /// <summary>After so many rows it is looked whether the row group is full.</summary>
    private const int SliceRows = 4096;

    /// <summary>Fewer rows of large values.</summary>
    private const long SliceBytes = 8L << 20;

    private static readonly string CreatedBy =
        $"PaimonSharp version {typeof(ParquetWriter).Assembly.GetName().Version?.ToString(3)} (build paimonsharp)";

    private readonly IOutputFile _file;
    private readonly IReadOnlyList<SchemaElement> _schema;
    private readonly ColumnWriter[] _columns;
    private readonly long _blockBytes;
    private readonly List<(IReadOnlyList<FinishedChunk> Chunks, long Rows)> _rowGroups = [];
    private long _rowGroupRows;

    public ParquetWriter(IOutputFile file, RowType rowType, FormatWriterOptions options)
    {
        var settings = WriterSettings.From(options);
        _file = file;
        _schema = PaimonSchema.Build(rowType);
        _blockBytes = options.BlockSizeBytes;
        var root = SchemaNode.Build(_schema, out _);
        _columns = [.. rowType.Fields.Select((field, i) => new ColumnWriter(root.Children[i], field, settings))];
    }

    public long RowCount { get; private set; }

    public long EstimatedSizeBytes => _file.Position + Leaves.Sum(leaf => leaf.BufferedBytes);

    private IEnumerable<LeafWriter> Leaves => _columns.SelectMany(column => column.Leaves);

    public async ValueTask WriteAsync(
        IReadOnlyList<ColumnVector> columns, int start, int count, CancellationToken cancellationToken)
    {
        if (columns.Count != _columns.Length)
        {
            throw new ArgumentException($"{columns.Count} vectors for {_columns.Length} columns.", nameof(columns));
        }

        var sliceRows = RowGroupBytes() + LargestGrowth(columns) < _blockBytes ? count : RowsOfSlice(columns);
        while (count > 0)
        {
            var rows = Math.Min(count, sliceRows);
            Append(columns, start, rows);
            RowCount += rows;
            _rowGroupRows += rows;
            start += rows;
            count -= rows;
            if (RowGroupBytes() >= _blockBytes)
            {
                await FinishRowGroupAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask<FormatWriteResult> FinishAsync(CancellationToken cancellationToken)
    {
        await FinishRowGroupAsync(cancellationToken).ConfigureAwait(false);
        await BeginFileAsync(cancellationToken).ConfigureAwait(false);
        var footer = await WriteIndexesAsync(cancellationToken).ConfigureAwait(false);
        await WriteFooterAsync(footer, cancellationToken).ConfigureAwait(false);
        var size = _file.Position;
        await _file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return new FormatWriteResult(size, RowCount, [.. _columns.Select(column => column.Statistics())]);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var leaf in Leaves)
        {
            leaf.Dispose();
        }

        return _file.DisposeAsync();
    }

    private void Append(IReadOnlyList<ColumnVector> columns, int start, int rows) =>
        ColumnLoop.Run(columns, rows, i => _columns[i].Append(columns[i], start, rows));

    /// <summary>More than all the rows can add to the row group, levels and headers of pages included.</summary>
    private static long LargestGrowth(IReadOnlyList<ColumnVector> columns)
    {
        var bytes = 0L;
        for (var i = 0; i < columns.Count; i++)
        {
            bytes += (columns[i].SizeBytes * 2) + (columns[i].Length * 8L) + 1024;
        }

        return bytes;
    }

    private static int RowsOfSlice(IReadOnlyList<ColumnVector> columns)
    {
        var bytes = 0L;
        var rows = 1;
        for (var i = 0; i < columns.Count; i++)
        {
            bytes += columns[i].SizeBytes;
            rows = Math.Max(rows, columns[i].Length);
        }

        return (int)Math.Clamp(SliceBytes / Math.Max(1, bytes / rows), 1, SliceRows);
    }

    private long RowGroupBytes()
    {
        var bytes = 0L;
        foreach (var column in _columns)
        {
            for (var i = 0; i < column.Leaves.Count; i++)
            {
                bytes += column.Leaves[i].RowGroupBytes;
            }
        }

        return bytes;
    }

    private ValueTask BeginFileAsync(CancellationToken cancellationToken) =>
        _file.Position == 0 ? _file.WriteAsync("PAR1"u8.ToArray(), cancellationToken) : ValueTask.CompletedTask;

    private async ValueTask FinishRowGroupAsync(CancellationToken cancellationToken)
    {
        if (_rowGroupRows == 0)
        {
            return;
        }

        await BeginFileAsync(cancellationToken).ConfigureAwait(false);
        var chunks = new List<FinishedChunk>();
        foreach (var leaf in Leaves)
        {
            chunks.Add(await leaf.FinishChunkAsync(_file, cancellationToken).ConfigureAwait(false));
        }

        _rowGroups.Add((chunks, _rowGroupRows));
        _rowGroupRows = 0;
    }

    /// <summary>Writes all column indexes, then all offset indexes.</summary>
    private async ValueTask<FileFooter> WriteIndexesAsync(CancellationToken cancellationToken)
    {
        var thrift = new ThriftWriter();
        var groups = _rowGroups.Select(group => group.Chunks.Select(chunk => chunk.Chunk).ToArray()).ToArray();
        for (var group = 0; group < groups.Length; group++)
        {
            for (var i = 0; i < groups[group].Length; i++)
            {
                var index = _rowGroups[group].Chunks[i].Index;
                if (index.IsComplete)
                {
                    thrift.Clear();
                    index.Write(thrift);
                    groups[group][i] = groups[group][i] with
                    {
                        ColumnIndexOffset = _file.Position,
                        ColumnIndexLength = thrift.WrittenMemory.Length,
                    };
                    await _file.WriteAsync(thrift.WrittenMemory, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        for (var group = 0; group < groups.Length; group++)
        {
            for (var i = 0; i < groups[group].Length; i++)
            {
                thrift.Clear();
                OffsetIndex.Write(thrift, _rowGroups[group].Chunks[i].Locations, groups[group][i].DataPageOffset);
                groups[group][i] = groups[group][i] with
                {
                    OffsetIndexOffset = _file.Position,
                    OffsetIndexLength = thrift.WrittenMemory.Length,
                };
                await _file.WriteAsync(thrift.WrittenMemory, cancellationToken).ConfigureAwait(false);
            }
        }

        var rowGroups = groups.Select((columns, i) =>
            new RowGroup(columns, columns.Sum(column => column.UncompressedBytes), _rowGroups[i].Rows));
        return new FileFooter(_schema, RowCount, [.. rowGroups], CreatedBy);
    }

    private async ValueTask WriteFooterAsync(FileFooter footer, CancellationToken cancellationToken)
    {
        var thrift = new ThriftWriter();
        footer.Write(thrift);
        await _file.WriteAsync(thrift.WrittenMemory, cancellationToken).ConfigureAwait(false);
        var trailer = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, thrift.WrittenMemory.Length);
        "PAR1"u8.CopyTo(trailer.AsSpan(4));
        await _file.WriteAsync(trailer, cancellationToken).ConfigureAwait(false);
    }
}

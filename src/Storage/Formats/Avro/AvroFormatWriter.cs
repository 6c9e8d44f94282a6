using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>Writes rows to an Avro file and collects their statistics, which the file itself does not hold.</summary>
internal sealed class AvroFormatWriter : IFormatWriter
{
    private readonly AvroContainerWriter _container;
    private readonly AvroRowMover _rows;
    private readonly StatisticsCollector[] _statistics;

    public AvroFormatWriter(IOutputFile file, RowType rowType, AvroCodec codec, IdSource ids)
    {
        CheckMultisets(rowType);
        var schema = AvroSchemaText.Of(rowType);
        _rows = new AvroRowMover(rowType, null);
        _statistics = [.. rowType.Fields.Select(field => StatisticsCollector.Create(field.Type))];
        _container = new AvroContainerWriter(file, schema, codec, ids);
    }

    /// <inheritdoc/>
    public long RowCount => _container.RowCount;

    /// <summary>True when files can have such columns.</summary>
    public static bool CanWrite(RowType rowType)
    {
        try
        {
            CheckMultisets(rowType);
            _ = AvroSchemaText.Of(rowType);
            return true;
        }
        catch (PaimonException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Unsupported)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public long EstimatedSizeBytes => _container.EstimatedSizeBytes;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        IReadOnlyList<ColumnVector> columns, int start, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _statistics.Length; i++)
        {
            _statistics[i].Add(columns[i], start, count);
        }

        for (var row = start; row < start + count;)
        {
            row = FillBlock(columns, row, start + count, out var full);
            if (full)
            {
                await _container.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FormatWriteResult> FinishAsync(CancellationToken cancellationToken)
    {
        var size = await _container.FinishAsync(cancellationToken).ConfigureAwait(false);
        return new FormatWriteResult(size, RowCount, [.. _statistics.Select(statistics => statistics.Finish())]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _container.DisposeAsync();

    private int FillBlock(IReadOnlyList<ColumnVector> columns, int row, int end, out bool full)
    {
        full = false;
        while (row < end && !full)
        {
            _rows.Write(_container.Rows, columns, row++);
            full = _container.EndRow();
        }

        return row;
    }

    // Such files are read, but Paimon writes none.
    private static void CheckMultisets(DataType type)
    {
        switch (type)
        {
            case RowType row:
                foreach (var field in row.Fields)
                {
                    CheckMultisets(field.Type);
                }

                break;
            case ArrayType array:
                CheckMultisets(array.Element);
                break;
            case MapType map:
                CheckMultisets(map.Key);
                CheckMultisets(map.Value);
                break;
            case MultisetType multiset when !AvroSchemaText.IsText(multiset.Element):
                PaimonException.ThrowInvalid($"Avro files cannot hold columns of type {type}, only multisets of texts; use parquet.");
                break;
        }
    }
}

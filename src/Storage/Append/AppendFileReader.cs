using System.Buffers;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Reads some columns of one file of a table without primary key, forward. Row ids and sequence numbers that the file does not
/// hold are those of its manifest entry (docs/format.md#row-tracking). One thread.
/// </summary>
internal sealed class AppendFileReader : IAsyncDisposable
{
    private readonly KeyValueFileReader _reader;
    private readonly DataFileMeta _file;
    private readonly RowType _type;
    private readonly int[] _tracked;

    /// <summary>Takes over an open file.</summary>
    /// <param name="reader">The open file.</param>
    /// <param name="file">What its manifest says of it.</param>
    /// <param name="type">The columns to read; those that the file lacks read as NULL.</param>
    public AppendFileReader(KeyValueFileReader reader, DataFileMeta file, RowType type)
    {
        _reader = reader;
        _file = file;
        _type = type;
        _tracked = [.. Enumerable.Range(0, type.Fields.Count).Where(i => RowTracking.IsTracked(type.Fields[i]))];
    }

    /// <summary>The next row to be read.</summary>
    public long Position { get; private set; }

    /// <summary>The bytes of a row by the file's metadata.</summary>
    public long EstimateRowBytes() => _reader.EstimateRowBytes(_type.Fields);

    /// <summary>Appends the next rows.</summary>
    /// <param name="columns">A vector for each column.</param>
    /// <param name="maxRows">At most so many rows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended, 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(ColumnVector[] columns, int maxRows, CancellationToken cancellationToken)
    {
        var rows = await _reader.ReadAsync(_type, columns, null, null, maxRows, cancellationToken).ConfigureAwait(false);
        _reader.ThrowIfLost();
        foreach (var i in _tracked)
        {
            CompleteTracked((FixedVector<long>)columns[i], rows, RowTracking.IsRowId(_type.Fields[i]));
        }

        Position += rows;
        return rows;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private void CompleteTracked(FixedVector<long> column, int rows, bool isRowId)
    {
        if (column.NullCount == 0 || (isRowId && _file.FirstRowId is null))
        {
            return;
        }

        var start = column.Length - rows;
        var values = ArrayPool<long>.Shared.Rent(rows);
        for (var i = 0; i < rows; i++)
        {
            values[i] = !column.IsNull(start + i) ? column.Values[start + i]
                : isRowId ? _file.FirstRowId!.Value + _reader.PositionOf(i, rows)
                : _file.MaxSequenceNumber;
        }

        column.Truncate(start);
        column.AppendValues(values.AsSpan(0, rows));
        ArrayPool<long>.Shared.Return(values);
    }
}

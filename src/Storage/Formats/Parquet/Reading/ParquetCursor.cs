using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Reads columns, of many rows several at a time. Skipping only moves the position; each column catches up when it is read next, over
/// whole row groups and pages where it can.
/// </summary>
internal sealed class ParquetCursor(FileFooter footer, RowType columns, ColumnReader[] readers, string path) : IFormatCursor
{
    private int _rowGroup;
    private long _rowGroupStart;

    public long Position { get; private set; }

    public async ValueTask<int> ReadAsync(
        IReadOnlyList<ColumnVector> target, int maxRows, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        if (target.Count != readers.Length)
        {
            throw new ArgumentException($"{target.Count} vectors for {readers.Length} columns.", nameof(target));
        }

        var wanted = (int)Math.Min(maxRows, footer.RowCount - Position);
        for (var done = 0; done < wanted;)
        {
            FindRowGroup();
            var row = Position - _rowGroupStart;
            var rows = (int)Math.Min(wanted - done, footer.RowGroups[_rowGroup].RowCount - row);
            await ColumnLoop.RunAsync(target, rows, i => ReadColumnAsync(i, target[i], row, rows, cancellationToken))
                .ConfigureAwait(false);
            Position += rows;
            done += rows;
        }

        return wanted;
    }

    public ValueTask SkipAsync(long rows, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, footer.RowCount - Position);
        Position += rows;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var reader in readers)
        {
            reader.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask ReadColumnAsync(
        int column, ColumnVector target, long row, int rows, CancellationToken cancellationToken)
    {
        var nulls = target.NullCount;
        await readers[column].ReadAsync(target, _rowGroup, row, rows, cancellationToken).ConfigureAwait(false);
        if (target.NullCount > nulls && !columns.Fields[column].Type.IsNullable)
        {
            throw new CorruptDataException(
                $"The column '{columns.Fields[column].Name}' may not be NULL, but rows {Position} to "
                + $"{Position + rows - 1} hold {target.NullCount - nulls} NULLs.", path);
        }
    }

    private void FindRowGroup()
    {
        while (Position >= _rowGroupStart + footer.RowGroups[_rowGroup].RowCount)
        {
            _rowGroupStart += footer.RowGroups[_rowGroup++].RowCount;
        }
    }
}

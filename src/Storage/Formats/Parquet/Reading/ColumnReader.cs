using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Reads one wanted column.</summary>
internal abstract class ColumnReader : IDisposable
{
    /// <summary>Appends rows of one row group.</summary>
    /// <param name="target">The column's vector.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="row">The first row, counted in the row group; never before the end of the call before.</param>
    /// <param name="rows">How many, all in the row group.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public abstract ValueTask ReadAsync(
        ColumnVector target, int rowGroup, long row, int rows, CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <summary>A column that the file lacks: NULL in every row.</summary>
internal sealed class MissingColumnReader(DataField field, string path) : ColumnReader
{
    public override ValueTask ReadAsync(
        ColumnVector target, int rowGroup, long row, int rows, CancellationToken cancellationToken)
    {
        if (!field.Type.IsNullable)
        {
            throw new CorruptDataException($"The file lacks the column '{field.Name}', which may not be NULL.", path);
        }

        target.AppendNulls(rows);
        return ValueTask.CompletedTask;
    }

    public override void Dispose()
    {
    }
}

/// <summary>A column of the top level that is neither list, map nor row.</summary>
internal sealed class FlatColumnReader(LeafReader leaf) : ColumnReader
{
    public override async ValueTask ReadAsync(
        ColumnVector target, int rowGroup, long row, int rows, CancellationToken cancellationToken)
    {
        await leaf.SeekAsync(rowGroup, row, cancellationToken).ConfigureAwait(false);
        await leaf.ReadFlatAsync(target, rows, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose() => leaf.Dispose();
}

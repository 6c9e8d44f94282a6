using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Decodes the rows of an event straight into the columns of a batch: first the places of all values of a block of rows are
/// found, then every column is decoded by one loop. Allocates nothing a row for fixed-width types. Reused; not thread-safe.
/// </summary>
public sealed class RowsDecoder
{
    private readonly RowLocator _locator = new();

    /// <summary>Appends the rows of an event.</summary>
    /// <param name="rows">The event.</param>
    /// <param name="plan">Made for the event's table map.</param>
    /// <param name="target">Gets the rows; with kinds. An update gives a row before and a row after.</param>
    /// <returns>The rows appended.</returns>
    /// <exception cref="PaimonException">
    /// The images lack columns, or a value cannot be had in its target column. The batch then holds the rows it held before.
    /// </exception>
    public int Decode(RowsEvent rows, RowDecodePlan plan, ColumnBatch target)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(target);
        if (rows.Table is null)
        {
            return 0;
        }

        if (!ReferenceEquals(rows.Table, plan.Table))
        {
            throw new ArgumentException($"The plan was made for another table map than that of {rows.Table}.", nameof(plan));
        }

        RequireFullImage(rows);
        var before = target.RowCount;
        var done = false;
        try
        {
            for (var at = 0; at < rows.Rows.Length; at = _locator.Next)
            {
                _locator.Locate(rows.Rows, at, plan.Widths);
                DecodeBlock(rows, plan, target);
            }

            done = true;
        }
        finally
        {
            if (!done)
            {
                target.Truncate(before);
            }
        }

        return target.RowCount - before;
    }

    internal static void RequireFullImage(RowsEvent rows)
    {
        if (!rows.IsFullImage)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"{rows.Table}, at byte {rows.Start}: a {rows.Header.Type} event has images without all columns "
                + "(binlog_row_image is MINIMAL, NOBLOB or FULL_NODUP, or MariaDB left out generated columns): this is not "
                + "supported, set it to FULL and drop generated columns.");
        }
    }

    internal static void WidthsOf(TableMap table, ref int[] widths)
    {
        var columns = table.WireColumns;
        if (widths.Length < columns.Length)
        {
            widths = new int[columns.Length];
        }

        for (var i = 0; i < columns.Length; i++)
        {
            widths[i] = columns[i].Width;
        }
    }

    private void DecodeBlock(RowsEvent rows, RowDecodePlan plan, ColumnBatch target)
    {
        var count = _locator.Count;
        if (rows.Kind == RowsKind.Update && (count & 1) != 0)
        {
            CorruptDataException.Throw($"An update of {rows.Table} ends without the row after it.");
        }

        for (var i = 0; i < target.Columns.Count; i++)
        {
            var column = target.Columns[i];
            var source = plan.SourceOf(i);
            if (source < 0)
            {
                column.AppendNulls(count);
                continue;
            }

            DecodeColumn(rows, plan, i, source, column);
        }

        AppendKinds(rows.Kind, count, target.Kinds);
        target.EndRows(count);
    }

    private void DecodeColumn(RowsEvent rows, RowDecodePlan plan, int index, int source, ColumnVector column)
    {
        try
        {
            plan.DecoderOf(index).Decode(rows.Rows, _locator.OffsetsOf(source), _locator.HasNull(source), column);
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException(
                $"{rows.Table}, column {plan.NameOf(index)}, event at byte {rows.Start}: {error.Detail}", innerException: error);
        }
        catch (PaimonException error)
        {
            throw new PaimonException(
                error.Kind, $"{rows.Table}, column {plan.NameOf(index)}, event at byte {rows.Start}: {error.Message}", error);
        }
    }

    private static void AppendKinds(RowsKind kind, int count, FixedVector<RowKind>? kinds)
    {
        if (kinds is null)
        {
            return;
        }

        var added = kinds.AppendUninitialized(count);
        if (kind != RowsKind.Update)
        {
            added.Fill(kind == RowsKind.Write ? RowKind.Insert : RowKind.Delete);
            return;
        }

        for (var i = 0; i < added.Length; i += 2)
        {
            added[i] = RowKind.UpdateBefore;
            added[i + 1] = RowKind.UpdateAfter;
        }
    }
}

using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Finds by the statistics of row groups and pages which rows may meet a condition. The pages of different columns hold
/// different rows: each part of a condition gives the rows of its column's pages, and the parts are combined. For one use.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="footer">Its footer.</param>
/// <param name="root">Its schema.</param>
internal sealed class PagePruner(FileSource source, FileFooter footer, SchemaNode root)
{
    private const int MaxIndexBytes = 16 << 20;

    private readonly Dictionary<string, (DataField Field, List<RowRange> Ranges)> _columns = new(StringComparer.Ordinal);

    /// <summary>The rows that may meet a condition.</summary>
    /// <param name="predicate">The condition.</param>
    /// <param name="fieldOf">The file's column for a column of the condition; null when there is none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<FileIndexResult> FindAsync(
        Predicate predicate, Func<string, DataField?> fieldOf, CancellationToken cancellationToken)
    {
        if (footer.RowCount > int.MaxValue)
        {
            return FileIndexResult.All;
        }

        foreach (var name in predicate.Columns)
        {
            if (fieldOf(name) is { } field && BoundsReader.TryCreate(root.Child(field.Name), field.Type) is { } bounds)
            {
                var leaf = root.Child(field.Name)!.LeafIndex;
                _columns.Add(name, (field, await ReadRangesAsync(leaf, bounds, cancellationToken).ConfigureAwait(false)));
            }
        }

        return Test(predicate);
    }

    private FileIndexResult Test(Predicate predicate)
    {
        if (predicate is LeafPredicate leaf)
        {
            return TestLeaf(leaf);
        }

        var compound = (CompoundPredicate)predicate;
        var result = Test(compound.Children[0]);
        foreach (var child in compound.Children.Skip(1))
        {
            result = compound.IsAnd ? result.And(Test(child)) : result.Or(Test(child));
        }

        return result;
    }

    private FileIndexResult TestLeaf(LeafPredicate leaf)
    {
        if (!_columns.TryGetValue(leaf.Column, out var column)
            || !column.Field.Type.EqualsIgnoringNullability(leaf.Literals.Type))
        {
            return FileIndexResult.All;
        }

        var rows = new RoaringBitmap();
        var start = 0L;
        var end = 0L;
        foreach (var range in column.Ranges)
        {
            if (!leaf.MayMatch(_ => range.Bounds))
            {
                continue;
            }

            if (range.FirstRow != end)
            {
                rows.Unite(RoaringBitmap.OfRange(start, end));
                start = range.FirstRow;
            }

            end = range.FirstRow + range.Bounds.RowCount;
        }

        if (end - start == footer.RowCount)
        {
            return FileIndexResult.All;
        }

        rows.Unite(RoaringBitmap.OfRange(start, end));
        return new FileIndexResult(rows);
    }

    private async ValueTask<List<RowRange>> ReadRangesAsync(int leaf, BoundsReader bounds, CancellationToken cancellationToken)
    {
        var ranges = new List<RowRange>();
        var firstRow = 0L;
        foreach (var group in footer.RowGroups)
        {
            var chunk = group.Columns[leaf];
            var pages = await TryReadPagesAsync(chunk, group.RowCount, cancellationToken).ConfigureAwait(false);
            if (pages is null)
            {
                ranges.Add(new RowRange(firstRow, bounds.Read(chunk.Statistics, group.RowCount)));
            }
            else
            {
                foreach (var (row, rowCount, statistics) in pages)
                {
                    ranges.Add(new RowRange(firstRow + row, bounds.Read(statistics, rowCount)));
                }
            }

            firstRow += group.RowCount;
        }

        return ranges;
    }

    // Null when the chunk has no index of its pages, or it makes no sense.
    private async ValueTask<List<(long FirstRow, long RowCount, ChunkStatistics Statistics)>?> TryReadPagesAsync(
        ColumnChunk chunk, long groupRows, CancellationToken cancellationToken)
    {
        var columnBytes = await TryReadAsync(chunk.ColumnIndexOffset, chunk.ColumnIndexLength, cancellationToken).ConfigureAwait(false);
        var offsetBytes = await TryReadAsync(chunk.OffsetIndexOffset, chunk.OffsetIndexLength, cancellationToken).ConfigureAwait(false);
        if (columnBytes is null || offsetBytes is null)
        {
            return null;
        }

        try
        {
            var index = ColumnIndex.Read(columnBytes);
            var locations = OffsetIndex.Read(offsetBytes);
            if (index.PageCount != locations.Count || locations.Count == 0 || locations[^1].FirstRow >= groupRows)
            {
                return null;
            }

            var pages = new List<(long, long, ChunkStatistics)>(locations.Count);
            for (var i = 0; i < locations.Count; i++)
            {
                var end = i + 1 < locations.Count ? locations[i + 1].FirstRow : groupRows;
                var rows = end - locations[i].FirstRow;
                if (rows > 0)
                {
                    pages.Add((locations[i].FirstRow, rows, index.StatisticsOf(i, rows)));
                }
            }

            return pages;
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(source.Path);
        }
    }

    private async ValueTask<byte[]?> TryReadAsync(long? offset, int length, CancellationToken cancellationToken)
    {
        if (offset is not { } start || length is <= 0 or > MaxIndexBytes || start < 0 || start > source.SizeBytes - length)
        {
            return null;
        }

        var bytes = new byte[length];
        await source.ReadAsync(start, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Rows of a page or of a row group, and what is known of a column in them.</summary>
    private readonly record struct RowRange(long FirstRow, ColumnBounds Bounds);
}

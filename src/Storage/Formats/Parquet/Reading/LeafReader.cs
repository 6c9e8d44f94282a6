using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Reads one leaf's rows forward. A leaf on the top level appends whole rows; one below lists, maps or rows appends its values
/// and keeps the levels, from which the shape of the rows is made.
/// </summary>
internal sealed class LeafReader : IDisposable
{
    private const int BlockLevels = 4096;

    private readonly SchemaNode _leaf;
    private readonly PageReader _pages;
    private readonly IReadOnlyList<RowGroup> _rowGroups;
    private readonly int _slotLevel;
    private readonly bool _isFlat;
    private byte[] _validity = [];
    private int _rowGroup = -1;
    private long _row;
    private int _pageLeft;

    // Levels of the page that were read and not yet consumed.
    private readonly byte[] _definitions = [];
    private readonly byte[] _repetitions = [];
    private int _next;
    private int _filled;

    /// <param name="source">The file.</param>
    /// <param name="footer">Its footer.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="decoder">Decodes its values into the vector that <see cref="ReadFlatAsync"/> is given.</param>
    /// <param name="slotLevel">The least definition level at which the vector has a row: that of the innermost list.</param>
    /// <param name="isFlat">True for a column of the top level that is no list.</param>
    /// <param name="windowBytes">How much is read at once.</param>
    public LeafReader(
        FileSource source,
        FileFooter footer,
        SchemaNode leaf,
        ValueDecoder decoder,
        int slotLevel,
        bool isFlat,
        int windowBytes)
    {
        _leaf = leaf;
        _pages = new PageReader(source, leaf, decoder, windowBytes);
        _rowGroups = footer.RowGroups;
        _slotLevel = slotLevel;
        _isFlat = isFlat;
        if (!isFlat)
        {
            _definitions = new byte[BlockLevels];
            _repetitions = new byte[BlockLevels];
        }
    }

    /// <summary>The levels of the rows read last, of a leaf that is not flat.</summary>
    public LevelBuffer Levels { get; } = new();

    /// <summary>Goes forward to a row of a row group.</summary>
    public async ValueTask SeekAsync(int rowGroup, long row, CancellationToken cancellationToken)
    {
        if (rowGroup != _rowGroup)
        {
            _rowGroup = rowGroup;
            (_row, _pageLeft, _next, _filled) = (0, 0, 0, 0);
            _pages.BeginChunk(_rowGroups[rowGroup].Columns[_leaf.LeafIndex]);
        }

        while (_row < row)
        {
            if (_pageLeft == 0 && _next == _filled)
            {
                await NextPageAsync(row, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (_isFlat)
            {
                SkipInPage((int)Math.Min(row - _row, _pageLeft));
            }
            else
            {
                await ReadLevelsAsync(null, row - _row, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Appends rows of a flat leaf.</summary>
    public async ValueTask ReadFlatAsync(ColumnVector target, int rows, CancellationToken cancellationToken)
    {
        while (rows > 0)
        {
            if (_pageLeft == 0)
            {
                await NextPageAsync(_row, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var count = Math.Min(rows, _pageLeft);
            AppendFromPage(target, count);
            rows -= count;
        }
    }

    /// <summary>Appends the values of rows of a leaf that is not flat, and keeps their levels.</summary>
    public ValueTask ReadNestedAsync(ColumnVector target, int rows, CancellationToken cancellationToken)
    {
        Levels.Clear();
        return ReadLevelsAsync(target, rows, cancellationToken);
    }

    public void Dispose() => _pages.Dispose();

    private async ValueTask NextPageAsync(long wantedRow, CancellationToken cancellationToken)
    {
        if (wantedRow > _row)
        {
            var jumped = await _pages.JumpAsync(wantedRow, _row, cancellationToken).ConfigureAwait(false);
            _row = Math.Max(_row, jumped);
        }

        var header = await _pages.NextHeaderAsync(cancellationToken).ConfigureAwait(false);
        var pageRows = _isFlat ? header.ValueCount : header.RowCount;
        if (pageRows >= 0 && pageRows <= wantedRow - _row)
        {
            _pages.PassPage();
            _row += pageRows;
            return;
        }

        await _pages.LoadPageAsync(cancellationToken).ConfigureAwait(false);
        _pageLeft = header.ValueCount;
    }

    private void AppendFromPage(ColumnVector target, int count)
    {
        try
        {
            var values = ReadValidity(count);
            var validity = values == count ? default : _validity.AsSpan(0, (count + 7) >> 3);
            _pages.Values.Append(target, count, validity, values);
        }
        catch (CorruptDataException e)
        {
            throw _pages.Located(e);
        }

        _pageLeft -= count;
        _row += count;
    }

    private void SkipInPage(int count)
    {
        try
        {
            _pages.Values.Skip(ReadValidity(count));
        }
        catch (CorruptDataException e)
        {
            throw _pages.Located(e);
        }

        _pageLeft -= count;
        _row += count;
    }

    private int ReadValidity(int count)
    {
        if (_leaf.DefinitionLevel == 0)
        {
            return count;
        }

        if (_validity.Length < (count + 7) >> 3)
        {
            _validity = new byte[Math.Max(256, (count + 7) >> 3)];
        }

        return _pages.Definitions.ReadBits(_validity, 0, count);
    }

    /// <summary>Reads whole rows: a row ends where the next one begins, perhaps pages later.</summary>
    private async ValueTask ReadLevelsAsync(ColumnVector? target, long rows, CancellationToken cancellationToken)
    {
        var started = 0L;
        while (true)
        {
            if (_next == _filled)
            {
                if (_pageLeft == 0)
                {
                    if (_pages.IsAtEnd)
                    {
                        break;
                    }

                    await NextPageAsync(_row, cancellationToken).ConfigureAwait(false);
                }

                FillLevels();
            }

            if (!ConsumeLevels(target, rows, ref started))
            {
                break;
            }
        }

        if (started != rows)
        {
            throw _pages.Located(new CorruptDataException($"The column chunk lacks {rows - started} rows."));
        }

        _row += rows;
    }

    private void FillLevels()
    {
        var count = Math.Min(_pageLeft, BlockLevels);
        try
        {
            if (_leaf.RepetitionLevel > 0)
            {
                _pages.Repetitions.Read(_repetitions.AsSpan(0, count));
            }

            if (_leaf.DefinitionLevel > 0)
            {
                _pages.Definitions.Read(_definitions.AsSpan(0, count));
            }
        }
        catch (CorruptDataException e)
        {
            throw _pages.Located(e);
        }

        (_next, _filled) = (0, count);
        _pageLeft -= count;
    }

    /// <summary>Takes levels as far as the rows wanted go; false when the next row was met.</summary>
    private bool ConsumeLevels(ColumnVector? target, long rows, ref long started)
    {
        if (_validity.Length < BlockLevels >> 3)
        {
            _validity = new byte[BlockLevels >> 3];
        }

        var (end, slots, values) = (_next, 0, 0);
        for (; end < _filled; end++)
        {
            if (_repetitions[end] == 0 && started++ == rows)
            {
                started--;
                break;
            }

            var definition = _definitions[end];
            if (definition >= _slotLevel)
            {
                var isValue = definition >= _leaf.DefinitionLevel;
                Encodings.Bitmap.Set(_validity, slots++, isValue);
                values += isValue ? 1 : 0;
            }
        }

        if (started == 0 && end > _next)
        {
            throw _pages.Located(new CorruptDataException("The column chunk begins inside a row."));
        }

        Consume(target, end, slots, values);
        var more = end == _filled;
        _next = end;
        return more;
    }

    private void Consume(ColumnVector? target, int end, int slots, int values)
    {
        try
        {
            if (target is null)
            {
                _pages.Values.Skip(values);
                return;
            }

            Levels.Append(_definitions.AsSpan(_next, end - _next), _repetitions.AsSpan(_next, end - _next));
            var validity = values == slots ? default : _validity.AsSpan(0, (slots + 7) >> 3);
            _pages.Values.Append(target, slots, validity, values);
        }
        catch (CorruptDataException e)
        {
            throw _pages.Located(e);
        }
    }
}

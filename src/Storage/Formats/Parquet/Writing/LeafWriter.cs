using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Formats.Parquet.Thrift;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>
/// Writes one leaf: collects a page's levels and its values that are not NULL, and encodes them when the page is full, with
/// loops over the whole page. Finished pages wait for the end of the row group.
/// </summary>
internal abstract class LeafWriter(SchemaNode leaf, WriterSettings settings) : IDisposable
{
    private readonly PageStore _pages = new();
    private readonly ThriftWriter _thrift = new();
    private readonly GrowingBuffer _body = new();
    private readonly List<PageLocation> _locations = [];
    private readonly int _definitionBits = 32 - int.LeadingZeroCount(leaf.DefinitionLevel);
    private readonly int _repetitionBits = 32 - int.LeadingZeroCount(leaf.RepetitionLevel);
    private byte[] _definitions = [];
    private byte[] _repetitions = [];
    private int _levelCount;
    private int _pageRows;
    private long _pageNulls;
    private long _chunkRows;
    private long _chunkValues;
    private long _chunkNulls;
    private long _uncompressedBytes;
    private bool _hasDeltaPages;
    private ColumnIndexBuilder _index = new();

    /// <summary>The leaf's place in the schema.</summary>
    public SchemaNode Leaf => leaf;

    /// <summary>The NULLs of the whole file.</summary>
    public long NullCount { get; private set; }

    /// <summary>Bytes of the row group so far, as if not compressed.</summary>
    public long RowGroupBytes => _uncompressedBytes + PageBytes;

    /// <summary>Bytes of the row group so far, pages compressed.</summary>
    public long BufferedBytes => _pages.Length + PageBytes;

    protected WriterSettings Settings => settings;

    /// <summary>True before the first page of a row group.</summary>
    protected bool IsFirstPage => _locations.Count == 0;

    /// <summary>Plain bytes of the values of the page being filled.</summary>
    protected abstract int PageBytes { get; }

    /// <summary>Appends rows of a column of the top level, cutting pages.</summary>
    public void AppendFlat(ColumnVector vector, int start, int count)
    {
        while (count > 0)
        {
            var rows = RowsThatFit(vector, start, Math.Min(count, settings.PageRows - _pageRows));
            if (leaf.DefinitionLevel > 0)
            {
                AppendValidity(vector, start, rows);
            }

            AppendValues(vector, start, rows);
            _levelCount += rows;
            EndRows(rows);
            start += rows;
            count -= rows;
        }
    }

    /// <summary>Appends an entry of a leaf below lists, maps or rows; its value, if any, comes by <see cref="AppendSlots"/>.</summary>
    public void AppendLevel(int repetition, int definition)
    {
        ReserveLevels(1);
        if (leaf.RepetitionLevel > 0)
        {
            _repetitions[_levelCount] = (byte)repetition;
        }

        _definitions[_levelCount++] = (byte)definition;
        _pageNulls += definition < leaf.DefinitionLevel ? 1 : 0;
    }

    /// <summary>Appends the values of the vector's rows that are not NULL.</summary>
    public void AppendSlots(ColumnVector vector, int start, int count) => AppendValues(vector, start, count);

    /// <summary>Ends rows; the page ends with them when it is full.</summary>
    public void EndRows(int rows)
    {
        _pageRows += rows;
        if (_pageRows >= settings.PageRows || PageBytes >= settings.PageBytes)
        {
            FinishPage();
        }
    }

    /// <summary>Writes the row group's chunk to the file and begins the next.</summary>
    public async ValueTask<FinishedChunk> FinishChunkAsync(IOutputFile file, CancellationToken cancellationToken)
    {
        if (_levelCount > 0)
        {
            FinishPage();
        }

        var start = file.Position;
        var dictionary = FinishDictionary(_body);
        if (dictionary >= 0)
        {
            using var page = Compress(PageKind.Dictionary, PageEncoding.Plain, dictionary);
            await file.WriteAsync(page.Header, cancellationToken).ConfigureAwait(false);
            await file.WriteAsync(page.Body, cancellationToken).ConfigureAwait(false);
        }

        var dataOffset = file.Position;
        await _pages.DrainAsync(file, cancellationToken).ConfigureAwait(false);
        var chunk = new ColumnChunk
        {
            Type = leaf.Element.Type!.Value,
            Encodings = EncodingsOf(dictionary >= 0),
            Path = leaf.Path,
            Codec = settings.PageCodec,
            ValueCount = _chunkValues,
            UncompressedBytes = _uncompressedBytes,
            CompressedBytes = file.Position - start,
            DataPageOffset = dataOffset,
            DictionaryPageOffset = dictionary >= 0 ? start : null,
            Statistics = FinishStatistics(_chunkNulls),
        };
        var finished = new FinishedChunk(chunk, [.. _locations], _index);
        BeginChunk();
        return finished;
    }

    /// <summary>The bounds of the whole file, of a leaf that is a column of the table.</summary>
    public abstract ColumnStatistics FileStatistics();

    public virtual void Dispose()
    {
        _pages.Dispose();
        _body.Dispose();
        PooledArray.Return(ref _definitions);
        PooledArray.Return(ref _repetitions);
    }

    /// <summary>How many rows, at least one, fit into the page; fewer than asked only when it is full then.</summary>
    protected abstract int RowsThatFit(ColumnVector vector, int start, int count);

    protected abstract void AppendValues(ColumnVector vector, int start, int count);

    /// <summary>Encodes the page's values behind what is in the buffer, and adds its bounds to the index and the chunk.</summary>
    protected abstract PageEncoding FinishPageValues(GrowingBuffer body, out PageBounds bounds);

    /// <summary>Encodes the chunk's dictionary, if it has one; returns its entries or -1.</summary>
    protected abstract int FinishDictionary(GrowingBuffer body);

    /// <summary>The chunk's bounds; the next chunk begins after.</summary>
    protected abstract ChunkStatistics FinishStatistics(long nullCount);

    private void BeginChunk()
    {
        (_chunkRows, _chunkValues, _chunkNulls, _uncompressedBytes) = (0, 0, 0, 0);
        _locations.Clear();
        _hasDeltaPages = false;
        _index = new ColumnIndexBuilder();
    }

    private PageEncoding[] EncodingsOf(bool hasDictionary) =>
    [
        PageEncoding.Plain,
        PageEncoding.Rle,
        .. hasDictionary ? [PageEncoding.RleDictionary] : (PageEncoding[])[],
        .. _hasDeltaPages ? [PageEncoding.DeltaBinaryPacked] : (PageEncoding[])[],
    ];

    private void AppendValidity(ColumnVector vector, int start, int count)
    {
        ReserveLevels(count);
        var levels = _definitions.AsSpan(_levelCount, count);
        levels.Fill(1);
        var validity = vector.Validity;
        if (validity.IsEmpty)
        {
            return;
        }

        var nulls = 0;
        for (var i = 0; i < count; i++)
        {
            var level = (byte)((validity[(start + i) >> 3] >> ((start + i) & 7)) & 1);
            levels[i] = level;
            nulls += 1 - level;
        }

        _pageNulls += nulls;
    }

    private void ReserveLevels(int more)
    {
        PooledArray.Reserve(ref _definitions, _levelCount, _levelCount + more);
        if (leaf.RepetitionLevel > 0)
        {
            PooledArray.Reserve(ref _repetitions, _levelCount, _levelCount + more);
        }
    }

    private void FinishPage()
    {
        _body.Clear();
        WriteLevels(leaf.RepetitionLevel, _repetitionBits, _repetitions);
        WriteLevels(leaf.DefinitionLevel, _definitionBits, _definitions);
        var encoding = FinishPageValues(_body, out var bounds);
        using (var page = Compress(PageKind.Data, encoding, _levelCount))
        {
            var offset = _pages.Length;
            _pages.Append(page.Header.Span);
            _pages.Append(page.Body.Span);
            _locations.Add(new PageLocation(offset, (int)(_pages.Length - offset), _chunkRows));
        }

        _hasDeltaPages |= encoding == PageEncoding.DeltaBinaryPacked;
        _index.Add(bounds, _pageNulls, _levelCount);
        _chunkRows += _pageRows;
        _chunkValues += _levelCount;
        _chunkNulls += _pageNulls;
        NullCount += _pageNulls;
        (_levelCount, _pageRows, _pageNulls) = (0, 0, 0);
    }

    private void WriteLevels(int maxLevel, int bits, byte[] levels)
    {
        if (maxLevel == 0)
        {
            return;
        }

        var start = _body.Length;
        _body.Append(4);
        RleWriter.Write<byte>(levels.AsSpan(0, _levelCount), bits, _body);
        var length = _body.Length - start - 4;
        BinaryPrimitives.WriteInt32LittleEndian(_body.Slice(start, 4), length);
    }

    private CompressedPage Compress(PageKind kind, PageEncoding encoding, int valueCount)
    {
        var body = _body.Span;
        var target = ArrayPool<byte>.Shared.Rent(settings.Codec.MaxCompressedLength(body.Length));
        var length = settings.Codec.Compress(body, target);
        _thrift.Clear();
        new PageHeader
        {
            Kind = kind,
            UncompressedBytes = body.Length,
            CompressedBytes = length,
            ValueCount = valueCount,
            Encoding = encoding,
        }.Write(_thrift);
        _uncompressedBytes += _thrift.WrittenMemory.Length + body.Length;
        return new CompressedPage(_thrift.WrittenMemory, target, length);
    }

    private readonly struct CompressedPage(ReadOnlyMemory<byte> header, byte[] rented, int length) : IDisposable
    {
        public ReadOnlyMemory<byte> Header => header;

        public ReadOnlyMemory<byte> Body => rented.AsMemory(0, length);

        public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
    }
}

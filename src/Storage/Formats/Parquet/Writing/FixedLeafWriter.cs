using System.Buffers;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>Writes a leaf of values of a fixed width.</summary>
/// <typeparam name="T">The vector's value.</typeparam>
/// <typeparam name="TCodec">How it is stored.</typeparam>
internal sealed class FixedLeafWriter<T, TCodec>(
    SchemaNode leaf, DataType type, WriterSettings settings, TCodec codec = default) : LeafWriter(leaf, settings)
    where T : unmanaged
    where TCodec : struct, IFixedCodec<T>
{
    /// <summary>So many values tell whether a chunk is smaller as differences.</summary>
    private const int SampleValues = 2048;

    private readonly int _width = codec.Width;
    private T[] _values = [];
    private int _count;
    private int[] _indexes = [];
    private FixedDictionary<T, TCodec>? _dictionary;
    private bool _triesDictionary = settings.DictionaryBytes > 0;
    private bool _hasDictionaryPages;
    private long[] _integers = [];
    private bool? _usesDeltas;
    private BoundsTracker<T> _chunk;
    private BoundsTracker<T> _file;
    private BoundsTracker<T> _previousPage;
    private bool _chunkHasNaN;

    protected override int PageBytes => _count * _width;

    public override ColumnStatistics FileStatistics()
    {
        // Of nanoseconds Paimon knows no bounds.
        if (!_file.HasValue || typeof(T) == typeof(NanoTimestamp))
        {
            return new ColumnStatistics(NullCount, null, null);
        }

        var (min, max) = (new FixedVector<T>(type), new FixedVector<T>(type));
        min.Append(_file.Min);
        max.Append(_file.Max);
        return new ColumnStatistics(NullCount, min, max);
    }

    public override void Dispose()
    {
        base.Dispose();
        PooledArray.Return(ref _values);
        PooledArray.Return(ref _indexes);
        PooledArray.Return(ref _integers);
        _dictionary?.Dispose();
    }

    protected override int RowsThatFit(ColumnVector vector, int start, int count) =>
        Math.Clamp((Settings.PageBytes - PageBytes + _width - 1) / _width, 1, count);

    protected override void AppendValues(ColumnVector vector, int start, int count)
    {
        PooledArray.Reserve(ref _values, _count, _count + count);
        var from = ((FixedVector<T>)vector).Values.Slice(start, count);
        var validity = vector.Validity;
        if (validity.IsEmpty)
        {
            from.CopyTo(_values.AsSpan(_count));
            _count += count;
            return;
        }

        var to = _values;
        var at = _count;
        for (var i = 0; i < from.Length; i++)
        {
            if (Bitmap.IsSet(validity, start + i))
            {
                to[at++] = from[i];
            }
        }

        _count = at;
    }

    protected override PageEncoding FinishPageValues(GrowingBuffer body, out PageBounds bounds)
    {
        var values = _values.AsSpan(0, _count);
        bounds = FindBounds(values);
        var encoding = WriteValues(values, body);
        _count = 0;
        return encoding;
    }

    protected override int FinishDictionary(GrowingBuffer body)
    {
        var entries = -1;
        if (_hasDictionaryPages)
        {
            var values = _dictionary!.Values;
            body.Clear();
            codec.Write(values, body.Append(values.Length * _width));
            entries = values.Length;
        }

        _dictionary?.Clear();
        _hasDictionaryPages = false;
        _triesDictionary = Settings.DictionaryBytes > 0;
        _usesDeltas = null;
        return entries;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        var statistics = new ChunkStatistics(nullCount, null, null);
        if (_chunk.HasValue && TCodec.HasOrder && !_chunkHasNaN)
        {
            statistics = new ChunkStatistics(nullCount, Store(TCodec.AsMin(_chunk.Min)), Store(TCodec.AsMax(_chunk.Max)));
        }

        (_chunk, _previousPage, _chunkHasNaN) = (default, default, false);
        return statistics;
    }

    private PageEncoding WriteValues(ReadOnlySpan<T> values, GrowingBuffer body)
    {
        if (_triesDictionary && values.Length > 0 && TryWriteIndexes(values, body))
        {
            return PageEncoding.RleDictionary;
        }

        if (TCodec.IsInteger && values.Length > 0 && (_usesDeltas ??= Settings.WritesDeltas && IsSmallerAsDeltas(values, body)))
        {
            WriteDeltas(values, body);
            return PageEncoding.DeltaBinaryPacked;
        }

        codec.Write(values, body.Append(values.Length * _width));
        return PageEncoding.Plain;
    }

    /// <summary>Compares what a chunk's first values become after compression.</summary>
    private bool IsSmallerAsDeltas(ReadOnlySpan<T> values, GrowingBuffer body)
    {
        values = values[..Math.Min(values.Length, SampleValues)];
        var before = body.Length;
        WriteDeltas(values, body);
        var deltaBytes = CompressedBytes(body.Span[before..]);
        body.Truncate(before);
        codec.Write(values, body.Append(values.Length * _width));
        var plainBytes = CompressedBytes(body.Span[before..]);
        body.Truncate(before);
        return deltaBytes < plainBytes;
    }

    private void WriteDeltas(ReadOnlySpan<T> values, GrowingBuffer body)
    {
        PooledArray.Reserve(ref _integers, 0, values.Length);
        var integers = _integers.AsSpan(0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            integers[i] = TCodec.ToInt64(values[i]);
        }

        DeltaWriter.Write(integers, _width == sizeof(int), body);
    }

    private int CompressedBytes(ReadOnlySpan<byte> bytes)
    {
        var target = ArrayPool<byte>.Shared.Rent(Settings.Codec.MaxCompressedLength(bytes.Length));
        var length = Settings.Codec.Compress(bytes, target);
        ArrayPool<byte>.Shared.Return(target);
        return length;
    }

    private bool TryWriteIndexes(ReadOnlySpan<T> values, GrowingBuffer body)
    {
        _dictionary ??= new FixedDictionary<T, TCodec>(Settings.DictionaryBytes / _width);
        PooledArray.Reserve(ref _indexes, 0, values.Length);
        var indexes = _indexes.AsSpan(0, values.Length);
        var before = body.Length;
        if (_dictionary.TryIndex(values, indexes))
        {
            var bits = 32 - int.LeadingZeroCount(Math.Max(0, _dictionary.Values.Length - 1));
            body.Append(1)[0] = (byte)bits;
            RleWriter.Write<int>(indexes, bits, body);
            var bytes = body.Length - before + (IsFirstPage ? _dictionary.Values.Length * _width : 0);
            if (!IsFirstPage || bytes < values.Length * _width || values.Length == 0)
            {
                _hasDictionaryPages = true;
                return true;
            }

            body.Truncate(before);
        }

        _triesDictionary = false;
        return false;
    }

    private PageBounds FindBounds(ReadOnlySpan<T> values)
    {
        if (values.IsEmpty)
        {
            return default;
        }

        var (min, max) = (values[0], values[0]);
        foreach (var value in values)
        {
            min = TCodec.Less(value, min) ? value : min;
            max = TCodec.Less(max, value) ? value : max;
        }

        _chunk.Add<TCodec>(min, max);
        _file.Add<TCodec>(min, max);
        _chunkHasNaN |= TCodec.IsNaN(max);
        var previous = _previousPage;
        _previousPage = default;
        _previousPage.Add<TCodec>(min, max);
        if (!TCodec.HasOrder || TCodec.IsNaN(max))
        {
            return default;
        }

        return new PageBounds(
            Store(TCodec.AsMin(min)),
            Store(TCodec.AsMax(max)),
            !previous.HasValue || (!TCodec.Less(min, previous.Min) && !TCodec.Less(max, previous.Max)),
            !previous.HasValue || (!TCodec.Less(previous.Min, min) && !TCodec.Less(previous.Max, max)));
    }

    private byte[] Store(T value)
    {
        var bytes = new byte[_width];
        codec.Write(new ReadOnlySpan<T>(in value), bytes);
        return bytes;
    }
}

using System.Buffers.Binary;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>Writes a leaf of strings or bytes.</summary>
internal sealed class BinaryLeafWriter(SchemaNode leaf, DataType type, WriterSettings settings) : LeafWriter(leaf, settings)
{
    /// <summary>Longer bounds of a chunk are left out of the footer.</summary>
    private const int MaxStatisticsBytes = 4096;

    private readonly bool _isText = type.Root is TypeRoot.Char or TypeRoot.VarChar;
    private byte[] _bytes = [];
    private int[] _offsets = [0];
    private int _count;
    private int[] _indexes = [];
    private BinaryDictionary? _dictionary;
    private bool _triesDictionary = settings.DictionaryBytes > 0;
    private bool _hasDictionaryPages;
    private BinaryBounds _chunk;
    private BinaryBounds _file;
    private BinaryBounds _previousPage;

    protected override int PageBytes => _offsets[_count] + (_count * sizeof(int));

    public override ColumnStatistics FileStatistics()
    {
        // The footer has the bounds of bytes, too; manifests have those of texts only, as Paimon's do.
        if (_file.Min is null || type.Root is TypeRoot.Binary or TypeRoot.VarBinary)
        {
            return new ColumnStatistics(NullCount, null, null);
        }

        var (min, max) = (new BinaryVector(type), new BinaryVector(type));
        min.Append(_file.Min);
        max.Append(_file.Max);
        return new ColumnStatistics(NullCount, min, max);
    }

    public override void Dispose()
    {
        base.Dispose();
        PooledArray.Return(ref _bytes);
        PooledArray.Return(ref _offsets);
        PooledArray.Return(ref _indexes);
        _dictionary?.Dispose();
    }

    protected override int RowsThatFit(ColumnVector vector, int start, int count)
    {
        var offsets = ((BinaryVector)vector).Offsets;
        var room = Settings.PageBytes - PageBytes;
        var first = offsets[start];
        var (low, high) = (1, count);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var bytes = offsets[start + middle] - (long)first + (middle * sizeof(int));
            (low, high) = bytes <= room ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    protected override void AppendValues(ColumnVector vector, int start, int count)
    {
        var from = (BinaryVector)vector;
        var offsets = from.Offsets;
        var first = offsets[start];
        Reserve(count, offsets[start + count] - first);
        from.Bytes[first..offsets[start + count]].CopyTo(_bytes.AsSpan(_offsets[_count]));
        var delta = _offsets[_count] - first;
        var at = _count;
        var hasNulls = !vector.Validity.IsEmpty;
        for (var row = start; row < start + count; row++)
        {
            if (!hasNulls || !vector.IsNull(row))
            {
                _offsets[++at] = offsets[row + 1] + delta;
            }
        }

        _count = at;
    }

    protected override PageEncoding FinishPageValues(GrowingBuffer body, out PageBounds bounds)
    {
        bounds = FindBounds();
        var encoding = _triesDictionary && _count > 0 && TryWriteIndexes(body) ? PageEncoding.RleDictionary : PageEncoding.Plain;
        if (encoding == PageEncoding.Plain && _count > 0)
        {
            WritePlain(_bytes, _offsets.AsSpan(0, _count + 1), body);
        }

        _count = 0;
        return encoding;
    }

    protected override int FinishDictionary(GrowingBuffer body)
    {
        var entries = -1;
        if (_hasDictionaryPages)
        {
            body.Clear();
            WritePlain(_dictionary!.Bytes, _dictionary.Offsets, body);
            entries = _dictionary.Count;
        }

        _dictionary?.Clear();
        _hasDictionaryPages = false;
        _triesDictionary = Settings.DictionaryBytes > 0;
        return entries;
    }

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        var chunk = _chunk;
        (_chunk, _previousPage) = (default, default);
        return chunk.Min is null || chunk.Min.Length + chunk.Max!.Length > MaxStatisticsBytes
            ? new ChunkStatistics(nullCount, null, null)
            : new ChunkStatistics(nullCount, chunk.Min, chunk.Max);
    }

    private void Reserve(int count, int bytes)
    {
        PooledArray.Reserve(ref _bytes, _offsets[_count], checked(_offsets[_count] + bytes));
        PooledArray.Reserve(ref _offsets, _count + 1, _count + count + 1);
    }

    private static void WritePlain(byte[] bytes, ReadOnlySpan<int> offsets, GrowingBuffer body)
    {
        var target = body.Append(offsets[^1] + ((offsets.Length - 1) * sizeof(int)));
        var at = 0;
        for (var i = 0; i < offsets.Length - 1; i++)
        {
            var length = offsets[i + 1] - offsets[i];
            BinaryPrimitives.WriteInt32LittleEndian(target[at..], length);
            bytes.AsSpan(offsets[i], length).CopyTo(target[(at + sizeof(int))..]);
            at += sizeof(int) + length;
        }
    }

    private bool TryWriteIndexes(GrowingBuffer body)
    {
        _dictionary ??= new BinaryDictionary(Settings.DictionaryBytes);
        PooledArray.Reserve(ref _indexes, 0, _count);
        var indexes = _indexes.AsSpan(0, _count);
        var before = body.Length;
        if (_dictionary.TryIndex(_bytes, _offsets.AsSpan(0, _count + 1), indexes))
        {
            var bits = 32 - int.LeadingZeroCount(Math.Max(0, _dictionary.Count - 1));
            body.Append(1)[0] = (byte)bits;
            RleWriter.Write<int>(indexes, bits, body);
            var bytes = body.Length - before + (IsFirstPage ? _dictionary.PlainBytes : 0);
            if (!IsFirstPage || bytes < PageBytes || _count == 0)
            {
                _hasDictionaryPages = true;
                return true;
            }

            body.Truncate(before);
        }

        _triesDictionary = false;
        return false;
    }

    private PageBounds FindBounds()
    {
        if (_count == 0)
        {
            return default;
        }

        var min = Value(0);
        var max = min;
        for (var i = 1; i < _count; i++)
        {
            var value = Value(i);
            if (value.SequenceCompareTo(max) > 0)
            {
                max = value;
            }
            else if (value.SequenceCompareTo(min) < 0)
            {
                min = value;
            }
        }

        _chunk.Add(min, max);
        _file.Add(min, max);
        var previous = _previousPage;
        _previousPage = default;
        _previousPage.Add(min, max);
        var page = _previousPage;
        var isFirst = previous.Min is null;
        return new PageBounds(
            BinaryBounds.CutMin(page.Min!, _isText),
            BinaryBounds.CutMax(page.Max!, _isText),
            isFirst || (min.SequenceCompareTo(previous.Min) >= 0 && max.SequenceCompareTo(previous.Max) >= 0),
            isFirst || (min.SequenceCompareTo(previous.Min) <= 0 && max.SequenceCompareTo(previous.Max) <= 0));
    }

    private ReadOnlySpan<byte> Value(int index) => _bytes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);
}

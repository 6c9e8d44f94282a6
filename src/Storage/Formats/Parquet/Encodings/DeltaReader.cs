using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>
/// Reads DELTA_BINARY_PACKED integers.
/// <code>
/// header = varint values a block, varint miniblocks a block, varint values, zigzag first value
/// block  = zigzag least delta, a byte a miniblock: width, then the miniblocks' deltas minus the least, packed
/// </code>
/// The buffer must have <see cref="PageBuffer.Slack"/> bytes behind the last one.
/// </summary>
internal sealed class DeltaReader
{
    private const int MaxBlockValues = 1 << 20;

    private byte[] _buffer = [];
    private int _end;
    private int _valuesPerMiniblock;
    private int _miniblocks;
    private int _miniblock;
    private int _widths;
    private long _minDelta;
    private long _value;
    private bool _isFirst;
    private int _leftInMiniblock;
    private int _width;
    private long _bit;

    /// <summary>Values not yet read.</summary>
    public int Left { get; private set; }

    /// <summary>Where the bytes after the values begin, once all are read.</summary>
    public int Position { get; private set; }

    public void Begin(byte[] buffer, int start, int end)
    {
        (_buffer, Position, _end) = (buffer, start, end);
        var blockValues = ReadUInt32();
        var miniblocks = ReadUInt32();
        var count = ReadUInt32();
        if (blockValues is 0 or > MaxBlockValues || miniblocks == 0 || blockValues % miniblocks != 0
            || (blockValues / miniblocks) % 8 != 0 || count > int.MaxValue)
        {
            CorruptDataException.Throw(
                $"Delta-packed integers claim {count} values in blocks of {blockValues} with {miniblocks} parts.", start);
        }

        _valuesPerMiniblock = (int)(blockValues / miniblocks);
        _miniblocks = (int)miniblocks;
        _miniblock = _miniblocks;
        _leftInMiniblock = 0;
        _bit = 0;
        Left = (int)count;
        _isFirst = true;
        _value = ReadZigzag();
    }

    public void Read(Span<long> values)
    {
        CheckLeft(values.Length);
        var done = 0;
        if (_isFirst && values.Length > 0)
        {
            values[done++] = _value;
            _isFirst = false;
            Left--;
        }

        while (done < values.Length)
        {
            if (_leftInMiniblock == 0)
            {
                BeginMiniblock();
            }

            var count = Math.Min(values.Length - done, _leftInMiniblock);
            ReadDeltas(values.Slice(done, count));
            done += count;
            _leftInMiniblock -= count;
            Left -= count;
        }

        if (Left == 0)
        {
            EndMiniblock();
        }
    }

    private void ReadDeltas(Span<long> values)
    {
        var (buffer, bit, width, value, minDelta) = (_buffer, _bit, _width, _value, _minDelta);
        if (width == 0)
        {
            for (var i = 0; i < values.Length; i++)
            {
                value = unchecked(value + minDelta);
                values[i] = value;
            }
        }
        else if (width <= 56)
        {
            // Eight bytes hold any such number, wherever in the first of them it begins.
            var mask = (1UL << width) - 1;
            for (var i = 0; i < values.Length; i++)
            {
                var delta = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan((int)(bit >> 3))) >> (int)(bit & 7);
                value = unchecked(value + minDelta + (long)(delta & mask));
                values[i] = value;
                bit += width;
            }
        }
        else
        {
            ReadWideDeltas(values);
            return;
        }

        (_bit, _value) = (bit, value);
    }

    private void ReadWideDeltas(Span<long> values)
    {
        var mask = _width == 64 ? ulong.MaxValue : (1UL << _width) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var at = (int)(_bit >> 3);
            var shift = (int)(_bit & 7);
            var delta = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(at)) >> shift;
            if (shift + _width > 64)
            {
                delta |= (ulong)_buffer[at + 8] << (64 - shift);
            }

            _value = unchecked(_value + _minDelta + (long)(delta & mask));
            values[i] = _value;
            _bit += _width;
        }
    }

    private void BeginMiniblock()
    {
        EndMiniblock();
        if (_miniblock == _miniblocks)
        {
            _minDelta = ReadZigzag();
            _widths = Position;
            _miniblock = 0;
            if (_miniblocks > _end - Position)
            {
                CorruptDataException.Throw("A block of delta-packed integers ends too early.", Position);
            }

            Position += _miniblocks;
        }

        _width = _buffer[_widths + _miniblock++];
        if (_width > 64)
        {
            CorruptDataException.Throw($"Deltas are packed in {_width} bits; at most 64 are possible.", Position);
        }

        // The last part may lack the bytes of values that are not there.
        var bits = (long)_width * Math.Min(_valuesPerMiniblock, Left);
        if (bits > (_end - Position) * 8L)
        {
            CorruptDataException.Throw("Delta-packed integers end too early.", Position);
        }

        _bit = Position * 8L;
        _leftInMiniblock = _valuesPerMiniblock;
    }

    private void EndMiniblock()
    {
        if (_bit > 0)
        {
            var start = _bit - ((long)_width * (_valuesPerMiniblock - _leftInMiniblock));
            Position = (int)Math.Min(_end, (start >> 3) + ((long)_width * _valuesPerMiniblock / 8));
            _bit = 0;
        }
    }

    private void CheckLeft(int count)
    {
        if (count > Left)
        {
            CorruptDataException.Throw($"{count} more integers are needed; the page holds {Left}.", Position);
        }
    }

    private uint ReadUInt32()
    {
        var position = Position;
        var value = Varint.ReadUInt32(_buffer, ref position, _end);
        Position = position;
        return value;
    }

    private long ReadZigzag()
    {
        var position = Position;
        var value = Varint.ReadZigzag(_buffer, ref position, _end);
        Position = position;
        return value;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>
/// Reads the hybrid of runs and bit-packed groups: levels, dictionary indexes, booleans.
/// <code>
/// run    = varint (count &lt;&lt; 1), value in ceil(width / 8) bytes
/// groups = varint (groups &lt;&lt; 1 | 1), groups * 8 values of width bits, least significant bit first
/// </code>
/// The buffer must have <see cref="PageBuffer.Slack"/> bytes behind the last one.
/// </summary>
internal sealed class RleReader
{
    private byte[] _buffer = [];
    private int _position;
    private int _end;
    private int _bitWidth;
    private int _left;
    private bool _isPacked;
    private uint _runValue;
    private long _packedBit;

    public void Begin(byte[] buffer, int start, int end, int bitWidth)
    {
        if (bitWidth is < 0 or > 32)
        {
            CorruptDataException.Throw($"Values are packed in {bitWidth} bits; at most 32 are possible.");
        }

        (_buffer, _position, _end, _bitWidth, _left) = (buffer, start, end, bitWidth, 0);
    }

    /// <summary>Reads values.</summary>
    public void Read(Span<int> values)
    {
        while (values.Length > 0)
        {
            var count = NextRun(values.Length);
            if (_isPacked)
            {
                Unpack(values[..count]);
            }
            else
            {
                values[..count].Fill((int)_runValue);
            }

            values = values[count..];
            _left -= count;
        }
    }

    /// <summary>Reads levels.</summary>
    public void Read(Span<byte> levels)
    {
        while (levels.Length > 0)
        {
            var count = NextRun(levels.Length);
            if (_isPacked)
            {
                var mask = (1u << _bitWidth) - 1;
                for (var i = 0; i < count; i++)
                {
                    levels[i] = (byte)(Load(_packedBit) & mask);
                    _packedBit += _bitWidth;
                }
            }
            else
            {
                levels[..count].Fill((byte)_runValue);
            }

            levels = levels[count..];
            _left -= count;
        }
    }

    /// <summary>Reads values of one bit into a bitmap from a bit on; returns how many are set.</summary>
    public int ReadBits(Span<byte> bitmap, int start, int count)
    {
        var set = 0;
        while (count > 0)
        {
            var take = NextRun(count);
            if (_isPacked)
            {
                set += Bitmap.Copy(_buffer, _packedBit, bitmap, start, take);
                _packedBit += take;
            }
            else
            {
                Bitmap.Fill(bitmap, start, take, _runValue != 0);
                set += _runValue != 0 ? take : 0;
            }

            start += take;
            count -= take;
            _left -= take;
        }

        return set;
    }

    /// <summary>Passes over values.</summary>
    public void Skip(int count)
    {
        while (count > 0)
        {
            var take = NextRun(count);
            _packedBit += (long)take * _bitWidth;
            _left -= take;
            count -= take;
        }
    }

    private void Unpack(Span<int> values)
    {
        var mask = _bitWidth == 32 ? uint.MaxValue : (1u << _bitWidth) - 1;
        var (buffer, bit, width) = (_buffer, _packedBit, _bitWidth);
        for (var i = 0; i < values.Length; i++)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan((int)(bit >> 3)));
            values[i] = (int)((uint)(word >> (int)(bit & 7)) & mask);
            bit += width;
        }

        _packedBit = bit;
    }

    private uint Load(long bit) =>
        (uint)(BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan((int)(bit >> 3))) >> (int)(bit & 7));

    private int NextRun(int wanted)
    {
        while (_left == 0)
        {
            ReadRunHeader();
        }

        return Math.Min(wanted, _left);
    }

    private void ReadRunHeader()
    {
        var header = Varint.ReadUInt32(_buffer, ref _position, _end);
        _isPacked = (header & 1) != 0;
        if (_isPacked)
        {
            // The last group may lack the bytes of values that nobody asks for.
            var groups = header >> 1;
            var available = (long)(_end - _position) * 8;
            var values = _bitWidth == 0 ? groups * 8L : Math.Min(groups * 8L, available / _bitWidth);
            if (groups > 0 && values == 0)
            {
                CorruptDataException.Throw("A group of packed values ends too early.", _position);
            }

            _packedBit = _position * 8L;
            _left = (int)Math.Min(values, int.MaxValue);
            _position = (int)Math.Min(_end, _position + ((long)groups * _bitWidth));
            return;
        }

        var bytes = (_bitWidth + 7) >> 3;
        if (bytes > _end - _position)
        {
            CorruptDataException.Throw("A run of values ends too early.", _position);
        }

        _runValue = 0;
        for (var i = 0; i < bytes; i++)
        {
            _runValue |= (uint)_buffer[_position++] << (8 * i);
        }

        if (_bitWidth < 32 && BitOperations.Log2(_runValue | 1) >= Math.Max(1, _bitWidth))
        {
            CorruptDataException.Throw($"The value {_runValue} of a run needs more than {_bitWidth} bits.", _position);
        }

        _left = (int)(header >> 1);
    }
}

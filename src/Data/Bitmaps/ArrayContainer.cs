using System.Buffers.Binary;
using System.Numerics;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// Few values, sorted: <code>value, 2 bytes, as often as the header's cardinality says</code>
/// </summary>
internal sealed class ArrayContainer : RoaringContainer
{
    /// <summary>The most values of an array; one more takes a bitmap.</summary>
    public const int MaxValues = 4096;

    private ushort[] _values;
    private int _count;

    private ArrayContainer(ushort[] values, int count) => (_values, _count) = (values, count);

    /// <inheritdoc/>
    public override int Cardinality => _count;

    /// <inheritdoc/>
    public override int SerializedBytes => 2 * _count;

    /// <summary>Makes the array of one value.</summary>
    public static ArrayContainer Of(ushort value) => new([value, 0, 0, 0], 1);

    /// <summary>Makes the array of the bits that are set.</summary>
    public static ArrayContainer OfWords(ReadOnlySpan<ulong> words, int count)
    {
        var values = new ushort[count];
        var next = 0;
        for (var i = 0; i < words.Length; i++)
        {
            for (var word = words[i]; word != 0; word &= word - 1)
            {
                values[next++] = (ushort)((i << 6) + BitOperations.TrailingZeroCount(word));
            }
        }

        return new ArrayContainer(values, count);
    }

    /// <summary>Makes the array of the values of two others, 4096 of them or fewer.</summary>
    public static ArrayContainer Unite(ArrayContainer left, ArrayContainer right)
    {
        var values = new ushort[left._count + right._count];
        var (i, j, count) = (0, 0, 0);
        while (i < left._count && j < right._count)
        {
            var (a, b) = (left._values[i], right._values[j]);
            values[count++] = Math.Min(a, b);
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        left._values.AsSpan(i, left._count - i).CopyTo(values.AsSpan(count));
        count += left._count - i;
        right._values.AsSpan(j, right._count - j).CopyTo(values.AsSpan(count));
        return new ArrayContainer(values, count + right._count - j);
    }

    /// <summary>Reads values.</summary>
    /// <exception cref="CorruptDataException">They do not ascend.</exception>
    public static ArrayContainer Read(ReadOnlySpan<byte> bytes)
    {
        var values = new ushort[bytes.Length / 2];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
            if (i > 0 && values[i] <= values[i - 1])
            {
                CorruptDataException.Throw($"The values {values[i - 1]} and {values[i]} of a bitmap's array do not ascend.");
            }
        }

        return new ArrayContainer(values, values.Length);
    }

    /// <summary>Makes the array of those values that are in another container, or that are not.</summary>
    /// <returns>Null when there are none.</returns>
    public ArrayContainer? Where(RoaringContainer other, bool isIn)
    {
        var values = new ushort[_count];
        var count = 0;
        foreach (var value in _values.AsSpan(0, _count))
        {
            if (other.Contains(value) == isIn)
            {
                values[count++] = value;
            }
        }

        return count == 0 ? null : new ArrayContainer(values, count);
    }

    /// <inheritdoc/>
    public override bool Contains(ushort value) => _values.AsSpan(0, _count).BinarySearch(value) >= 0;

    /// <inheritdoc/>
    public override RoaringContainer Add(ushort value, out bool isNew)
    {
        var at = _count > 0 && value > _values[_count - 1] ? ~_count : _values.AsSpan(0, _count).BinarySearch(value);
        isNew = at < 0;
        if (!isNew)
        {
            return this;
        }

        if (_count == MaxValues)
        {
            var words = new ulong[WordCount];
            OrRange(0, Range, words, 0);
            return new BitmapContainer(words, _count).Add(value, out _);
        }

        if (_count == _values.Length)
        {
            Array.Resize(ref _values, Math.Clamp(_count * 2, 4, MaxValues));
        }

        _values.AsSpan(~at, _count - ~at).CopyTo(_values.AsSpan(~at + 1));
        _values[~at] = value;
        _count++;
        return this;
    }

    /// <inheritdoc/>
    public override int CountRange(int start, int end) => LowerBound(end) - LowerBound(start);

    /// <inheritdoc/>
    public override void OrRange(int start, int end, Span<ulong> target, int at)
    {
        for (var i = LowerBound(start); i < _count && _values[i] < end; i++)
        {
            var bit = at + _values[i] - start;
            target[bit >> 6] |= 1UL << (bit & 63);
        }
    }

    /// <inheritdoc/>
    public override int Next(int value)
    {
        var at = LowerBound(value);
        return at < _count ? _values[at] : -1;
    }

    /// <inheritdoc/>
    public override RoaringContainer Optimize()
    {
        var runs = _count == 0 ? 0 : 1;
        for (var i = 1; i < _count; i++)
        {
            runs += _values[i] == _values[i - 1] + 1 ? 0 : 1;
        }

        return RunContainer.BytesOf(runs) < SerializedBytes ? RunContainer.Of(this, runs) : this;
    }

    /// <inheritdoc/>
    public override RoaringContainer Clone() => new ArrayContainer(_values.AsSpan(0, _count).ToArray(), _count);

    /// <inheritdoc/>
    public override void Write(Span<byte> target)
    {
        for (var i = 0; i < _count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(2 * i)..], _values[i]);
        }
    }

    private int LowerBound(int value)
    {
        if (value >= Range)
        {
            return _count;
        }

        var at = _values.AsSpan(0, _count).BinarySearch((ushort)value);
        return at < 0 ? ~at : at;
    }
}

using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// Values in runs:
/// <code>
/// 2 bytes: number of runs, then for each: first value, 2 bytes; last value minus first, 2 bytes
/// </code>
/// </summary>
internal sealed class RunContainer : RoaringContainer
{
    // Where a run begins and ends, both inclusive; runs ascend and do not touch.
    private (ushort First, ushort Last)[] _runs;
    private int _count;
    private int _cardinality;

    private RunContainer((ushort First, ushort Last)[] runs, int count)
    {
        (_runs, _count) = (runs, count);
        foreach (var (first, last) in runs.AsSpan(0, count))
        {
            _cardinality += last - first + 1;
        }
    }

    /// <inheritdoc/>
    public override int Cardinality => _cardinality;

    /// <inheritdoc/>
    public override int SerializedBytes => BytesOf(_count);

    /// <summary>The bytes of some runs.</summary>
    public static int BytesOf(int runs) => 2 + (4 * runs);

    /// <summary>Makes the container of one run.</summary>
    public static RunContainer OfRange(ushort first, ushort last) => new([(first, last)], 1);

    /// <summary>Makes the runs of a container's values.</summary>
    public static RunContainer Of(RoaringContainer values, int count)
    {
        Span<ulong> words = stackalloc ulong[WordCount];
        words.Clear();
        values.OrRange(0, Range, words, 0);
        return RunsOf(words, count);
    }

    /// <summary>Makes the runs of the bits that are set.</summary>
    public static RunContainer RunsOf(ReadOnlySpan<ulong> words) => RunsOf(words, BitWords.CountRuns(words));

    /// <summary>Reads runs.</summary>
    /// <exception cref="CorruptDataException">They overlap, do not ascend or go beyond the largest value.</exception>
    public static RunContainer Read(ReadOnlySpan<byte> bytes)
    {
        var runs = new (ushort First, ushort Last)[bytes.Length / 4];
        for (var i = 0; i < runs.Length; i++)
        {
            var first = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(4 * i)..]);
            var last = first + BinaryPrimitives.ReadUInt16LittleEndian(bytes[((4 * i) + 2)..]);
            if (last >= Range || (i > 0 && first <= runs[i - 1].Last))
            {
                CorruptDataException.Throw($"The run {first} to {last} of a bitmap is not above the one before it.");
            }

            runs[i] = (first, (ushort)last);
        }

        return new RunContainer(runs, runs.Length);
    }

    /// <inheritdoc/>
    public override bool Contains(ushort value)
    {
        var run = RunAt(value);
        return run < _count && _runs[run].First <= value;
    }

    /// <inheritdoc/>
    public override RoaringContainer Add(ushort value, out bool isNew)
    {
        var run = RunAt(value);
        isNew = run == _count || _runs[run].First > value;
        if (!isNew)
        {
            return this;
        }

        _cardinality++;
        var joinsLeft = run > 0 && _runs[run - 1].Last + 1 == value;
        var joinsRight = run < _count && _runs[run].First - 1 == value;
        switch (joinsLeft, joinsRight)
        {
            case (true, true):
                _runs[run - 1].Last = _runs[run].Last;
                _runs.AsSpan(run + 1, _count - run - 1).CopyTo(_runs.AsSpan(run));
                _count--;
                break;
            case (true, false):
                _runs[run - 1].Last = value;
                break;
            case (false, true):
                _runs[run].First = value;
                break;
            default:
                Insert(run, value);
                break;
        }

        return this;
    }

    /// <inheritdoc/>
    public override int CountRange(int start, int end)
    {
        var count = 0;
        for (var run = RunAt(start); run < _count && _runs[run].First < end; run++)
        {
            count += Math.Min(_runs[run].Last + 1, end) - Math.Max((int)_runs[run].First, start);
        }

        return count;
    }

    /// <inheritdoc/>
    public override void OrRange(int start, int end, Span<ulong> target, int at)
    {
        for (var run = RunAt(start); run < _count && _runs[run].First < end; run++)
        {
            var first = Math.Max((int)_runs[run].First, start);
            BitWords.SetRange(target, at + first - start, at + Math.Min(_runs[run].Last + 1, end) - start);
        }
    }

    /// <inheritdoc/>
    public override int Next(int value)
    {
        var run = RunAt(value);
        return run < _count ? Math.Max(value, (int)_runs[run].First) : -1;
    }

    /// <inheritdoc/>
    public override RoaringContainer Optimize()
    {
        if (SerializedBytes <= Math.Min(BitmapContainer.Bytes, 2 + (2 * _cardinality)))
        {
            return this;
        }

        Span<ulong> words = stackalloc ulong[WordCount];
        words.Clear();
        OrRange(0, Range, words, 0);
        return OfWords(words)!;
    }

    /// <inheritdoc/>
    public override RoaringContainer Clone() => new RunContainer(_runs.AsSpan(0, _count).ToArray(), _count);

    /// <inheritdoc/>
    public override void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)_count);
        for (var i = 0; i < _count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(2 + (4 * i))..], _runs[i].First);
            BinaryPrimitives.WriteUInt16LittleEndian(target[(4 + (4 * i))..], (ushort)(_runs[i].Last - _runs[i].First));
        }
    }

    private static RunContainer RunsOf(ReadOnlySpan<ulong> words, int count)
    {
        var runs = new (ushort, ushort)[count];
        var first = BitWords.Next(words, 0, set: true);
        for (var i = 0; i < count; i++)
        {
            var end = BitWords.Next(words, first, set: false);
            runs[i] = ((ushort)first, (ushort)(end - 1));
            first = BitWords.Next(words, end, set: true);
        }

        return new RunContainer(runs, count);
    }

    // The first run that ends at a value or above it.
    private int RunAt(int value)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].Last < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Insert(int run, ushort value)
    {
        if (_count == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(4, _count * 2));
        }

        _runs.AsSpan(run, _count - run).CopyTo(_runs.AsSpan(run + 1));
        _runs[run] = (value, value);
        _count++;
    }
}

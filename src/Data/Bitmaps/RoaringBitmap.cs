using System.Buffers;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// A compressed set of 32-bit numbers: one container for each range of 65536 numbers that holds some
/// (docs/format.md#roaring-bitmaps). For one thread while it is changed; safe for several afterwards.
/// </summary>
internal sealed class RoaringBitmap
{
    private readonly List<ushort> _keys = [];
    private readonly List<RoaringContainer> _containers = [];

    /// <summary>True when nothing is in it.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>The numbers in it.</summary>
    public long Cardinality
    {
        get
        {
            var count = 0L;
            foreach (var container in _containers)
            {
                count += container.Cardinality;
            }

            return count;
        }
    }

    /// <summary>The containers, in ascending order.</summary>
    public int ContainerCount => _keys.Count;

    /// <summary>Makes the set of the numbers from one to another.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The number after the last one, at most 2^32.</param>
    public static RoaringBitmap OfRange(long start, long end)
    {
        var bitmap = new RoaringBitmap();
        while (start < end)
        {
            var key = start >> 16;
            var next = Math.Min(end, (key + 1) << 16);
            bitmap.Append((ushort)key, RunContainer.OfRange((ushort)start, (ushort)(next - 1)));
            start = next;
        }

        return bitmap;
    }

    /// <summary>The numbers in both sets.</summary>
    public static RoaringBitmap And(RoaringBitmap left, RoaringBitmap right)
    {
        var result = new RoaringBitmap();
        for (int i = 0, j = 0; i < left._keys.Count && j < right._keys.Count;)
        {
            var order = left._keys[i].CompareTo(right._keys[j]);
            if (order == 0)
            {
                result.AppendIfAny(left._keys[i], Intersect(left._containers[i], right._containers[j]));
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return result;
    }

    /// <summary>The numbers in the first set that are not in the second.</summary>
    public static RoaringBitmap AndNot(RoaringBitmap left, RoaringBitmap right)
    {
        var result = new RoaringBitmap();
        for (var i = 0; i < left._keys.Count; i++)
        {
            var key = left._keys[i];
            result.AppendIfAny(
                key,
                right.Find(key) is { } other ? Subtract(left._containers[i], other) : left._containers[i].Clone());
        }

        return result;
    }

    /// <summary>The numbers in one of the sets or in both.</summary>
    public static RoaringBitmap Or(RoaringBitmap left, RoaringBitmap right)
    {
        var result = new RoaringBitmap();
        for (int i = 0, j = 0; i < left._keys.Count || j < right._keys.Count;)
        {
            var order = i == left._keys.Count ? 1
                : j == right._keys.Count ? -1
                : left._keys[i].CompareTo(right._keys[j]);
            if (order == 0)
            {
                result.Append(left._keys[i], RoaringContainer.Unite(left._containers[i++], right._containers[j++]));
            }
            else if (order < 0)
            {
                result.Append(left._keys[i], left._containers[i++].Clone());
            }
            else
            {
                result.Append(right._keys[j], right._containers[j++].Clone());
            }
        }

        return result;
    }

    /// <summary>Adds a number.</summary>
    /// <returns>False when it was in the set.</returns>
    public bool Add(uint value)
    {
        var key = (ushort)(value >> 16);
        var at = IndexOf(key);
        if (at < 0)
        {
            _keys.Insert(~at, key);
            _containers.Insert(~at, ArrayContainer.Of((ushort)value));
            return true;
        }

        _containers[at] = _containers[at].Add((ushort)value, out var isNew);
        return isNew;
    }

    /// <summary>True when a number is in the set.</summary>
    public bool Contains(uint value) => Find((ushort)(value >> 16)) is { } container && container.Contains((ushort)value);

    /// <summary>The numbers of a range that are in the set.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The number after the range, at most 2^32.</param>
    public long CountRange(long start, long end)
    {
        var count = 0L;
        for (var i = FirstAt(start); i < _keys.Count && ((long)_keys[i] << 16) < end; i++)
        {
            var (first, last) = Within(_keys[i], start, end);
            count += _containers[i].CountRange(first, last);
        }

        return count;
    }

    /// <summary>Sets a bit for each number of a range that is in the set.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The number after the range, at most 2^32.</param>
    /// <param name="words">Takes a bit for each number of the range.</param>
    /// <param name="at">The bit that stands for <paramref name="start"/>.</param>
    public void OrRange(long start, long end, Span<ulong> words, int at)
    {
        for (var i = FirstAt(start); i < _keys.Count && ((long)_keys[i] << 16) < end; i++)
        {
            var (first, last) = Within(_keys[i], start, end);
            _containers[i].OrRange(first, last, words, (int)(((long)_keys[i] << 16) + first - start) + at);
        }
    }

    /// <summary>The smallest number of the set at or above another one; -1 when there is none.</summary>
    public long Next(long value)
    {
        for (var i = FirstAt(value); i < _keys.Count; i++)
        {
            var start = (long)_keys[i] << 16;
            var next = _containers[i].Next((int)Math.Max(0, value - start));
            if (next >= 0)
            {
                return start + next;
            }
        }

        return -1;
    }

    /// <summary>Adds all numbers of another set.</summary>
    public void Unite(RoaringBitmap other)
    {
        for (var i = 0; i < other._keys.Count; i++)
        {
            var at = IndexOf(other._keys[i]);
            if (at >= 0)
            {
                _containers[at] = RoaringContainer.Unite(_containers[at], other._containers[i]);
            }
            else
            {
                _keys.Insert(~at, other._keys[i]);
                _containers.Insert(~at, other._containers[i].Clone());
            }
        }
    }

    /// <summary>Makes runs of the containers that are smaller so.</summary>
    public void Optimize()
    {
        for (var i = 0; i < _containers.Count; i++)
        {
            _containers[i] = _containers[i].Optimize();
        }
    }

    /// <summary>A container.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>The upper 16 bits of its numbers, and their lower 16.</returns>
    public (ushort Key, RoaringContainer Container) ContainerAt(int index) => (_keys[index], _containers[index]);

    /// <summary>Adds a container above all others.</summary>
    public void Append(ushort key, RoaringContainer container)
    {
        _keys.Add(key);
        _containers.Add(container);
    }

    private static RoaringContainer? Intersect(RoaringContainer left, RoaringContainer right)
    {
        if (left is ArrayContainer array)
        {
            return array.Where(right, isIn: true);
        }

        if (right is ArrayContainer other)
        {
            return other.Where(left, isIn: true);
        }

        return Combine(left, right, static (a, b) => a & b);
    }

    private static RoaringContainer? Subtract(RoaringContainer left, RoaringContainer right) =>
        left is ArrayContainer array ? array.Where(right, isIn: false) : Combine(left, right, static (a, b) => a & ~b);

    private static RoaringContainer? Combine(
        RoaringContainer left, RoaringContainer right, Func<ulong, ulong, ulong> operation)
    {
        var buffer = ArrayPool<ulong>.Shared.Rent(2 * RoaringContainer.WordCount);
        var a = buffer.AsSpan(0, RoaringContainer.WordCount);
        var b = buffer.AsSpan(RoaringContainer.WordCount, RoaringContainer.WordCount);
        a.Clear();
        b.Clear();
        left.OrRange(0, RoaringContainer.Range, a, 0);
        right.OrRange(0, RoaringContainer.Range, b, 0);
        for (var i = 0; i < a.Length; i++)
        {
            a[i] = operation(a[i], b[i]);
        }

        var result = RoaringContainer.OfWords(a);
        ArrayPool<ulong>.Shared.Return(buffer);
        return result;
    }

    private static (int First, int End) Within(ushort key, long start, long end)
    {
        var origin = (long)key << 16;
        return ((int)Math.Max(0, start - origin), (int)Math.Min(RoaringContainer.Range, end - origin));
    }

    private RoaringContainer? Find(ushort key)
    {
        var at = IndexOf(key);
        return at >= 0 ? _containers[at] : null;
    }

    private int IndexOf(ushort key) =>
        _keys.Count > 0 && key > _keys[^1] ? ~_keys.Count : _keys.BinarySearch(key);

    private int FirstAt(long value)
    {
        var at = IndexOf((ushort)Math.Clamp(value >> 16, 0, ushort.MaxValue));
        return value >> 16 > ushort.MaxValue ? _keys.Count : at < 0 ? ~at : at;
    }

    private void AppendIfAny(ushort key, RoaringContainer? container)
    {
        if (container is not null)
        {
            Append(key, container);
        }
    }
}

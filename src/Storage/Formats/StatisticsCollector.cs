using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats;

/// <summary>
/// Counts NULLs and finds the bounds of a column, a vector at a time, for formats whose files hold no statistics. Bounds are
/// ordered as keys are, save that NaN is above all numbers and -0.0 below 0.0. Binary and nested columns have no bounds.
/// For one thread.
/// </summary>
internal abstract class StatisticsCollector
{
    private long _nullCount;

    private protected StatisticsCollector(DataType type) => Type = type;

    private protected DataType Type { get; }

    /// <summary>Makes the collector for a column.</summary>
    public static StatisticsCollector Create(DataType type) => ColumnVector.Create(type) switch
    {
        BooleanVector => new BooleanCollector(type),
        FixedVector<sbyte> => new FixedCollector<sbyte>(type),
        FixedVector<short> => new FixedCollector<short>(type),
        FixedVector<int> => new FixedCollector<int>(type),
        FixedVector<long> => new FixedCollector<long>(type),
        FixedVector<Int128> => new FixedCollector<Int128>(type),
        FixedVector<NanoTimestamp> => new FixedCollector<NanoTimestamp>(type),
        FixedVector<float> => new FixedCollector<float>(type, JavaOrder.Instance),
        FixedVector<double> => new FixedCollector<double>(type, JavaOrder.Instance),
        BinaryVector when type.Root is TypeRoot.Char or TypeRoot.VarChar => new TextCollector(type),
        _ => new NullCollector(type),
    };

    /// <summary>Takes rows into account.</summary>
    public void Add(ColumnVector column, int start, int count)
    {
        if (column.NullCount == 0)
        {
            AddValues(column, start, count, hasNulls: false);
            return;
        }

        for (var row = start; row < start + count; row++)
        {
            _nullCount += column.IsNull(row) ? 1 : 0;
        }

        AddValues(column, start, count, hasNulls: true);
    }

    /// <summary>The statistics of all rows added.</summary>
    public ColumnStatistics Finish()
    {
        var (min, max) = Bounds();
        return new ColumnStatistics(_nullCount, min, max);
    }

    private protected abstract void AddValues(ColumnVector column, int start, int count, bool hasNulls);

    private protected abstract (ColumnVector? Min, ColumnVector? Max) Bounds();

    private sealed class NullCollector(DataType type) : StatisticsCollector(type)
    {
        private protected override void AddValues(ColumnVector column, int start, int count, bool hasNulls)
        {
        }

        private protected override (ColumnVector? Min, ColumnVector? Max) Bounds() => (null, null);
    }

    private sealed class FixedCollector<T>(DataType type, IComparer<T>? comparer = null) : StatisticsCollector(type)
        where T : unmanaged, IComparable<T>
    {
        private bool _any;
        private T _min;
        private T _max;

        private protected override void AddValues(ColumnVector column, int start, int count, bool hasNulls)
        {
            var values = ((FixedVector<T>)column).Values.Slice(start, count);
            for (var i = 0; i < values.Length; i++)
            {
                if (hasNulls && column.IsNull(start + i))
                {
                    continue;
                }

                var value = values[i];
                if (!_any)
                {
                    (_any, _min, _max) = (true, value, value);
                }
                else if (Compare(value, _min) < 0)
                {
                    _min = value;
                }
                else if (Compare(value, _max) > 0)
                {
                    _max = value;
                }
            }
        }

        private protected override (ColumnVector? Min, ColumnVector? Max) Bounds()
        {
            if (!_any)
            {
                return (null, null);
            }

            var min = new FixedVector<T>(Type.Nullable());
            min.Append(_min);
            var max = new FixedVector<T>(Type.Nullable());
            max.Append(_max);
            return (min, max);
        }

        private int Compare(T left, T right) => comparer is null ? left.CompareTo(right) : comparer.Compare(left, right);
    }

    private sealed class BooleanCollector(DataType type) : StatisticsCollector(type)
    {
        private bool _anyFalse;
        private bool _anyTrue;

        private protected override void AddValues(ColumnVector column, int start, int count, bool hasNulls)
        {
            var booleans = (BooleanVector)column;
            for (var row = start; row < start + count; row++)
            {
                if (!column.IsNull(row))
                {
                    _anyTrue |= booleans[row];
                    _anyFalse |= !booleans[row];
                }
            }
        }

        private protected override (ColumnVector? Min, ColumnVector? Max) Bounds()
        {
            if (!_anyFalse && !_anyTrue)
            {
                return (null, null);
            }

            var min = new BooleanVector(Type.Nullable());
            min.Append(!_anyFalse);
            var max = new BooleanVector(Type.Nullable());
            max.Append(_anyTrue);
            return (min, max);
        }
    }

    private sealed class TextCollector(DataType type) : StatisticsCollector(type)
    {
        private byte[]? _min;
        private byte[]? _max;

        private protected override void AddValues(ColumnVector column, int start, int count, bool hasNulls)
        {
            var texts = (BinaryVector)column;
            for (var row = start; row < start + count; row++)
            {
                if (hasNulls && column.IsNull(row))
                {
                    continue;
                }

                var value = texts[row];
                if (_min is null || value.SequenceCompareTo(_min) < 0)
                {
                    _min = value.ToArray();
                }

                if (_max is null || value.SequenceCompareTo(_max) > 0)
                {
                    _max = value.ToArray();
                }
            }
        }

        private protected override (ColumnVector? Min, ColumnVector? Max) Bounds()
        {
            if (_min is null)
            {
                return (null, null);
            }

            var min = new BinaryVector(Type.Nullable());
            min.Append(_min);
            var max = new BinaryVector(Type.Nullable());
            max.Append(_max);
            return (min, max);
        }
    }

    /// <summary>The total order of Java's Float.compare and Double.compare.</summary>
    private sealed class JavaOrder : IComparer<float>, IComparer<double>
    {
        public static JavaOrder Instance { get; } = new();

        public int Compare(float x, float y) => Compare((double)x, y);

        public int Compare(double x, double y)
        {
            if (x < y)
            {
                return -1;
            }

            if (x > y)
            {
                return 1;
            }

            if (double.IsNaN(x) || double.IsNaN(y))
            {
                return double.IsNaN(x).CompareTo(double.IsNaN(y));
            }

            return double.IsNegative(y).CompareTo(double.IsNegative(x));
        }
    }
}

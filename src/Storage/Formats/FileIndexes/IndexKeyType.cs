using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// How the values of a column's type become the keys of an index. Floating-point numbers become the integers of their order,
/// in which NaN is above all and -0.0 is below 0.0; times finer than a microsecond lose what is finer. Immutable.
/// </summary>
internal sealed class IndexKeyType
{
    private readonly DataType _type;

    private IndexKeyType(DataType type, int width)
    {
        _type = type;
        Width = width;
        IsFloating = type.Root is TypeRoot.Float or TypeRoot.Double;
        IsRounded = type is TemporalType { Precision: > 6, Root: not TypeRoot.Time };
    }

    /// <summary>The bytes of a key; 0 for texts, whose length is written before them.</summary>
    public int Width { get; }

    /// <summary>True for texts.</summary>
    public bool IsText => Width == 0;

    /// <summary>True for FLOAT and DOUBLE.</summary>
    public bool IsFloating { get; }

    /// <summary>True when different values may have one key.</summary>
    public bool IsRounded { get; }

    /// <summary>The keys of a type; null for types whose values have none.</summary>
    public static IndexKeyType? TryCreate(DataType type) => type switch
    {
        DecimalType => new IndexKeyType(type, 8),
        TemporalType { Root: TypeRoot.Time } => new IndexKeyType(type, 4),
        TemporalType => new IndexKeyType(type, 8),
        _ => type.Root switch
        {
            TypeRoot.Boolean or TypeRoot.TinyInt => new IndexKeyType(type, 1),
            TypeRoot.SmallInt => new IndexKeyType(type, 2),
            TypeRoot.Int or TypeRoot.Date or TypeRoot.Float => new IndexKeyType(type, 4),
            TypeRoot.BigInt or TypeRoot.Double => new IndexKeyType(type, 8),
            TypeRoot.Char or TypeRoot.VarChar => new IndexKeyType(type, 0),
            _ => null,
        },
    };

    /// <summary>The keys of rows of a type that are numbers; those of NULL rows mean nothing.</summary>
    public static void ReadNumbers(ColumnVector column, int start, Span<long> numbers)
    {
        switch (column)
        {
            case BooleanVector booleans:
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = booleans[start + i] ? 1 : 0;
                }

                break;
            case FixedVector<sbyte> bytes:
                Widen(bytes.Values.Slice(start, numbers.Length), numbers, static value => value);
                break;
            case FixedVector<short> shorts:
                Widen(shorts.Values.Slice(start, numbers.Length), numbers, static value => value);
                break;
            case FixedVector<int> ints:
                Widen(ints.Values.Slice(start, numbers.Length), numbers, static value => value);
                break;
            case FixedVector<long> longs:
                longs.Values.Slice(start, numbers.Length).CopyTo(numbers);
                break;
            case FixedVector<float> floats:
                Widen(floats.Values.Slice(start, numbers.Length), numbers, OrderOf);
                break;
            case FixedVector<double> doubles:
                Widen(doubles.Values.Slice(start, numbers.Length), numbers, OrderOf);
                break;
            case FixedVector<Int128> decimals:
                Widen(decimals.Values.Slice(start, numbers.Length), numbers, Narrow);
                break;
            case FixedVector<NanoTimestamp> times:
                Widen(times.Values.Slice(start, numbers.Length), numbers, MicrosOf);
                break;
            default:
                throw new ArgumentException($"{column.Type} has no keys that are numbers.", nameof(column));
        }
    }

    /// <summary>True when a value has a key: its number may be too large for one.</summary>
    /// <param name="column">The column of the type.</param>
    /// <param name="row">A row that is not NULL.</param>
    public static bool HasKey(ColumnVector column, int row) => column switch
    {
        FixedVector<Int128> decimals => decimals.Values[row] == (long)decimals.Values[row],
        FixedVector<NanoTimestamp> times => times.Values[row].TryToMicros(out _),
        _ => true,
    };

    /// <summary>The key of a value.</summary>
    /// <param name="column">The column of the type.</param>
    /// <param name="row">A row that is not NULL.</param>
    public IndexKey Read(ColumnVector column, int row)
    {
        if (IsText)
        {
            return new IndexKey(0, ((BinaryVector)column)[row].ToArray());
        }

        Span<long> number = stackalloc long[1];
        ReadNumbers(column, row, number);
        return new IndexKey(number[0], null);
    }

    /// <summary>The bytes of a key.</summary>
    public int SizeOf(IndexKey key) => IsText ? 4 + key.Text!.Length : Width;

    /// <summary>Writes a key.</summary>
    public void Write(BigEndianWriter writer, IndexKey key)
    {
        if (IsText)
        {
            writer.WriteInt32(key.Text!.Length);
            writer.WriteBytes(key.Text);
        }
        else
        {
            writer.WriteNumber(BitsOf(key.Number), Width);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="CorruptDataException">The bytes end inside it.</exception>
    public IndexKey Read(ref BigEndianReader reader)
    {
        if (IsText)
        {
            return new IndexKey(0, reader.Take(reader.ReadInt32()).ToArray());
        }

        var bits = reader.ReadNumber(Width);
        return new IndexKey(
            _type.Root switch
            {
                TypeRoot.Float => OrderOf(BitConverter.Int32BitsToSingle((int)bits)),
                TypeRoot.Double => OrderOf(BitConverter.Int64BitsToDouble(bits)),
                _ => bits,
            },
            null);
    }

    /// <summary>The fewest bytes of a key.</summary>
    public int LeastBytes => IsText ? 4 : Width;

    /// <summary>Java's hash code of a value, by which Paimon orders what it keeps in a HashMap.</summary>
    public int JavaHash(IndexKey key)
    {
        if (IsText)
        {
            return Murmur.HashBytes(key.Text);
        }

        var bits = BitsOf(key.Number);
        return _type.Root switch
        {
            TypeRoot.Boolean => bits != 0 ? 1231 : 1237,
            _ => Width == 8 ? (int)(bits ^ (bits >>> 32)) : (int)bits,
        };
    }

    /// <summary>The bits of the value that a key stands for: of a floating-point number those of IEEE 754.</summary>
    public long BitsOf(long number) => _type.Root switch
    {
        TypeRoot.Float => (int)number ^ (((int)number >> 31) & int.MaxValue),
        TypeRoot.Double => number ^ ((number >> 63) & long.MaxValue),
        _ => number,
    };

    private static void Widen<T>(ReadOnlySpan<T> values, Span<long> numbers, Func<T, long> convert)
        where T : unmanaged
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = convert(values[i]);
        }
    }

    private static long OrderOf(float value)
    {
        var bits = float.IsNaN(value) ? 0x7fc00000 : BitConverter.SingleToInt32Bits(value);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private static long OrderOf(double value)
    {
        var bits = double.IsNaN(value) ? 0x7ff8000000000000L : BitConverter.DoubleToInt64Bits(value);
        return bits ^ ((bits >> 63) & long.MaxValue);
    }

    private static long Narrow(Int128 value) => value == (long)value
        ? (long)value
        : throw new PaimonException(
            ErrorKind.Invalid, $"A decimal of the digits {value} is outside of what an index of 64 bits holds.");

    private static long MicrosOf(NanoTimestamp time) => time.TryToMicros(out var micros)
        ? micros
        : throw new PaimonException(
            ErrorKind.Invalid, $"The time {time.EpochMillis} ms is outside of what an index of microseconds holds.");
}

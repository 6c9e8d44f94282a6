using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Collects the values of one column of one file into an index. For one thread at a time.</summary>
internal abstract class FileIndexWriter
{
    private const int StepRows = 1024;

    private readonly long[] _numbers = new long[StepRows];

    /// <summary>The rows added.</summary>
    public int RowCount { get; private set; }

    /// <summary>Makes the writer of an index.</summary>
    /// <param name="kind">One of <see cref="FileIndexKind"/>.</param>
    /// <param name="column">The column's name, for messages.</param>
    /// <param name="type">Its type.</param>
    /// <param name="options">The options of the index, without prefix.</param>
    /// <exception cref="Data.Errors.PaimonException">Unsupported: the kind or the type. Invalid: an option.</exception>
    public static FileIndexWriter Create(string kind, string column, DataType type, TableOptions options)
    {
        FileIndexKind.Check(kind, column, type);
        return kind switch
        {
            FileIndexKind.BloomFilter => new BloomFilterWriter(options),
            FileIndexKind.Bitmap => new BitmapIndexWriter(IndexKeyType.TryCreate(type)!, options),
            FileIndexKind.Bsi => new BsiWriter(column),
            _ => new RangeBitmapWriter(IndexKeyType.TryCreate(type)!, options),
        };
    }

    /// <summary>Adds rows.</summary>
    public void Add(ColumnVector column, int start, int count)
    {
        if (column is BinaryVector binary)
        {
            for (var row = start; row < start + count; row++, RowCount++)
            {
                if (!binary.IsNull(row))
                {
                    AddBytes(RowCount, binary[row]);
                }
            }

            return;
        }

        for (var end = start + count; start < end; start += StepRows)
        {
            var numbers = _numbers.AsSpan(0, Math.Min(StepRows, end - start));
            IndexKeyType.ReadNumbers(column, start, numbers);
            for (var i = 0; i < numbers.Length; i++, RowCount++)
            {
                if (column.NullCount == 0 || !column.IsNull(start + i))
                {
                    AddNumber(RowCount, column, start + i, numbers[i]);
                }
            }
        }
    }

    /// <summary>Adds rows without a value.</summary>
    public void AddNulls(int count) => RowCount += count;

    /// <summary>The index; null when no row was added.</summary>
    public byte[]? Finish() => RowCount == 0 ? null : Serialize();

    private protected abstract void AddNumber(int position, ColumnVector column, int row, long number);

    private protected abstract void AddBytes(int position, ReadOnlySpan<byte> value);

    private protected abstract byte[] Serialize();
}

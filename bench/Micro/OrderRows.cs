using System.Buffers.Binary;
using System.Globalization;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Order rows of about 96 bytes, half of each text shared with other rows: what is stored in practice.</summary>
internal static class OrderRows
{
    /// <summary>The bytes of a block of rows in row form.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>One block: rows after one another, little-endian.</summary>
    public static byte[] Block()
    {
        var random = new Random(3);
        var block = new byte[BlockBytes];
        Span<byte> row = stackalloc byte[80];
        for (var at = 0; at < block.Length; at += row.Length)
        {
            BinaryPrimitives.WriteInt64LittleEndian(row, random.NextInt64(5_000_000));
            BinaryPrimitives.WriteInt64LittleEndian(row[8..], random.NextInt64(100_000));
            BinaryPrimitives.WriteInt32LittleEndian(row[16..], random.Next(1000));
            BinaryPrimitives.WriteDoubleLittleEndian(row[20..], random.Next(100_000) / 100.0);
            BinaryPrimitives.WriteInt64LittleEndian(row[28..], random.NextInt64(10_000_000));
            WriteText(random, row[36..76]);
            row[76..].Clear();
            row[..Math.Min(row.Length, block.Length - at)].CopyTo(block.AsSpan(at));
        }

        return block;
    }

    /// <summary>A column of random values.</summary>
    /// <param name="type">BOOLEAN, INT, BIGINT, DOUBLE, DECIMAL up to 18 digits, TIMESTAMP(6) or STRING.</param>
    /// <param name="rows">How many values.</param>
    /// <param name="distinctValues">How many there are to choose from at most.</param>
    public static ColumnVector Column(DataType type, int rows, int distinctValues = int.MaxValue)
    {
        var random = new Random(4);
        var vector = ColumnVector.Create(type);
        Span<byte> text = stackalloc byte[40];
        for (var i = 0; i < rows; i++)
        {
            if (i >= distinctValues)
            {
                vector.AppendRange(vector, random.Next(distinctValues), 1);
                continue;
            }

            switch (vector)
            {
                case BooleanVector booleans: booleans.Append(random.Next(2) == 0); break;
                case FixedVector<int> integers: integers.Append(random.Next(1_000_000)); break;
                case FixedVector<long> longs: longs.Append(random.NextInt64(10_000_000_000)); break;
                case FixedVector<double> doubles: doubles.Append(random.Next(10_000_000) / 100.0); break;
                case BinaryVector texts: WriteText(random, text); texts.Append(text); break;
                default: throw new ArgumentException($"No values of {type}.", nameof(type));
            }
        }

        return vector;
    }

    private static void WriteText(Random random, Span<byte> text)
    {
        "customer-000000/street-"u8.CopyTo(text);
        random.Next(1_000_000).TryFormat(text[9..], out _, "D6", CultureInfo.InvariantCulture);
        random.GetItems("abcdefghijklmnopqrstuvwxyz"u8, text[23..]);
    }
}

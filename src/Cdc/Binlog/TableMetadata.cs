using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The optional part of a TABLE_MAP event (<c>binlog_row_metadata</c>): type u8, length lenenc, value. Unknown types are
/// skipped by their length. Arrays are indexed by column.
/// </summary>
internal sealed class TableMetadata
{
    private TableMetadata(int columns)
    {
        Unsigned = new bool[columns];
        Collations = new int[columns];
        LabelCollations = new int[columns];
        Labels = new string[columns][];
        Array.Fill(Labels, []);
    }

    public bool[] Unsigned { get; }

    public int[] Collations { get; }

    public int[] LabelCollations { get; }

    public string[][] Labels { get; }

    public string[]? Names { get; private set; }

    public int[] PrimaryKey { get; private set; } = [];

    public static TableMetadata Read(ReadOnlySpan<byte> bytes, WireColumn[] columns, bool isMariaDb)
    {
        var metadata = new TableMetadata(columns.Length);
        ReadOnlySpan<byte> setLabels = default;
        ReadOnlySpan<byte> enumLabels = default;
        var characters = IndexesOf(columns, column => column.IsCharacter(isMariaDb));
        var labelled = IndexesOf(columns, column => column.Code is ColumnCode.Enum or ColumnCode.Set);
        var reader = new ByteReader(bytes);
        while (reader.Remaining > 0)
        {
            var type = reader.Byte();
            var value = reader.Take(reader.Count());
            switch (type)
            {
                case 1:
                    ReadSigns(value, columns, metadata.Unsigned);
                    break;
                case 2:
                    ReadDefaultCollation(value, characters, metadata.Collations);
                    break;
                case 3:
                    ReadCollations(value, characters, metadata.Collations);
                    break;
                case 4:
                    metadata.Names = ReadNames(value, columns.Length);
                    break;
                case 5:
                    setLabels = value;
                    break;
                case 6:
                    enumLabels = value;
                    break;
                case 8:
                    metadata.PrimaryKey = ReadKey(value, columns.Length, withPrefixes: false);
                    break;
                case 9:
                    metadata.PrimaryKey = ReadKey(value, columns.Length, withPrefixes: true);
                    break;
                case 10:
                    ReadDefaultCollation(value, labelled, metadata.LabelCollations);
                    break;
                case 11:
                    ReadCollations(value, labelled, metadata.LabelCollations);
                    break;
                default:
                    break;
            }
        }

        metadata.ReadLabels(setLabels, IndexesOf(columns, column => column.Code == ColumnCode.Set));
        metadata.ReadLabels(enumLabels, IndexesOf(columns, column => column.Code == ColumnCode.Enum));
        return metadata;
    }

    private static int[] IndexesOf(WireColumn[] columns, Func<WireColumn, bool> isWanted) =>
        [.. Enumerable.Range(0, columns.Length).Where(i => isWanted(columns[i]))];

    /// <summary>One bit a numeric column (YEAR too), highest bit first.</summary>
    private static void ReadSigns(ReadOnlySpan<byte> bits, WireColumn[] columns, bool[] unsigned)
    {
        var bit = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].IsNumeric)
            {
                if (bit >> 3 >= bits.Length)
                {
                    CorruptDataException.Throw($"The signs of a table map end before column {i + 1}.");
                }

                unsigned[i] = (bits[bit >> 3] & (0x80 >> (bit & 7))) != 0;
                bit++;
            }
        }
    }

    private static void ReadDefaultCollation(ReadOnlySpan<byte> value, int[] indexes, int[] collations)
    {
        var reader = new ByteReader(value);
        var everywhere = (int)Math.Min(int.MaxValue, reader.LengthEncoded());
        foreach (var index in indexes)
        {
            collations[index] = everywhere;
        }

        while (reader.Remaining > 0)
        {
            var ordinal = reader.LengthEncoded();
            if (ordinal >= (ulong)indexes.Length)
            {
                CorruptDataException.Throw($"A table map gives a collation to text column {ordinal + 1} of {indexes.Length}.");
            }

            collations[indexes[ordinal]] = (int)Math.Min(int.MaxValue, reader.LengthEncoded());
        }
    }

    private static void ReadCollations(ReadOnlySpan<byte> value, int[] indexes, int[] collations)
    {
        var reader = new ByteReader(value);
        foreach (var index in indexes)
        {
            collations[index] = (int)Math.Min(int.MaxValue, reader.LengthEncoded());
        }
    }

    private static string[] ReadNames(ReadOnlySpan<byte> value, int columns)
    {
        var reader = new ByteReader(value);
        var names = new string[columns];
        for (var i = 0; i < columns; i++)
        {
            names[i] = reader.LengthEncodedText();
        }

        return names;
    }

    /// <summary>The key's column positions; a key on prefixes of columns has a prefix length after each.</summary>
    private static int[] ReadKey(ReadOnlySpan<byte> value, int columns, bool withPrefixes)
    {
        var reader = new ByteReader(value);
        var key = new List<int>();
        while (reader.Remaining > 0)
        {
            var column = reader.LengthEncoded();
            if (column >= (ulong)columns)
            {
                CorruptDataException.Throw($"A table map's primary key names column {column} of {columns}.");
            }

            key.Add((int)column);
            if (withPrefixes)
            {
                reader.LengthEncoded();
            }
        }

        return [.. key];
    }

    private void ReadLabels(ReadOnlySpan<byte> value, int[] indexes)
    {
        var reader = new ByteReader(value);
        foreach (var index in indexes)
        {
            if (reader.Remaining == 0)
            {
                return;
            }

            var labels = new string[reader.Count()];
            for (var i = 0; i < labels.Length; i++)
            {
                var bytes = reader.Take(reader.Count());
                var collation = LabelCollations[index] == 0 ? MySqlColumnType.Utf8Collation : LabelCollations[index];
                labels[i] = MySqlCharset.ForCollation(collation).GetString(bytes);
            }

            Labels[index] = labels;
        }
    }
}

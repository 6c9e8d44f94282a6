using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Key columns of a block of rows, the same at every run.</summary>
internal static class KeyColumns
{
    /// <summary>Rows of one block.</summary>
    public const int RowCount = 8192;

    /// <summary>A type of NOT NULL columns.</summary>
    /// <param name="types">The columns' types.</param>
    public static RowType TypeOf(params DataType[] types) =>
        DataTypes.Row([.. types.Select((type, i) => new DataField(i, $"c{i}", type with { IsNullable = false }))]);

    /// <summary>Random BIGINT values.</summary>
    /// <param name="type">The column's type.</param>
    public static ColumnVector Longs(DataType type)
    {
        var random = new Random(1);
        var vector = new FixedVector<long>(type);
        for (var i = 0; i < RowCount; i++)
        {
            vector.Append(random.NextInt64());
        }

        return vector;
    }

    /// <summary>Random texts of 4 to 24 characters.</summary>
    /// <param name="type">The column's type.</param>
    public static ColumnVector Texts(DataType type)
    {
        var random = new Random(2);
        var vector = new BinaryVector(type);
        Span<char> text = stackalloc char[24];
        for (var i = 0; i < RowCount; i++)
        {
            var used = text[..random.Next(4, 25)];
            random.GetItems("abcdefghijklmnopqrstuvwxyz0123456789", used);
            vector.Append(used);
        }

        return vector;
    }
}

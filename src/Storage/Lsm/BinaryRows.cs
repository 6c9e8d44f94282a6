using System.Buffers;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>Rows of keys and partitions between manifests and column vectors.</summary>
internal static class BinaryRows
{
    /// <summary>Empty vectors for the fields of a row type.</summary>
    public static ColumnVector[] CreateColumns(RowType type) =>
        [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];

    /// <summary>One row as vectors.</summary>
    /// <param name="type">The row's fields.</param>
    /// <param name="row">The row.</param>
    public static ColumnVector[] Read(RowType type, BinaryRowBytes row)
    {
        var columns = CreateColumns(type);
        new BinaryRowReader(type).ReadSerialized(row.Serialized, columns);
        return columns;
    }

    /// <summary>Appends the first row of a vector many times.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="value">A vector of one row.</param>
    /// <param name="count">How many times.</param>
    public static void AppendRepeated(ColumnVector target, ColumnVector value, int count)
    {
        if (value.IsNull(0))
        {
            target.AppendNulls(count);
            return;
        }

        var rows = ArrayPool<int>.Shared.Rent(count);
        Array.Clear(rows, 0, count);
        target.AppendGather(value, rows.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(rows);
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>Decodes the values of one column of a block of rows. Immutable.</summary>
internal abstract class ColumnDecoder
{
    /// <summary>Appends one row an offset.</summary>
    /// <param name="rows">The rows part of an event.</param>
    /// <param name="offsets">Where each value stands, -1 for NULL.</param>
    /// <param name="hasNull">True when an offset is -1.</param>
    /// <param name="target">The target column.</param>
    public abstract void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target);

    /// <summary>Appends NULL where the column allows it.</summary>
    protected static void AppendNull(ColumnVector target, string what = "NULL")
    {
        if (!target.Type.IsNullable)
        {
            throw new PaimonException(ErrorKind.Invalid, $"The value is {what}, but the table's column is {target.Type}.");
        }

        target.AppendNull();
    }
}

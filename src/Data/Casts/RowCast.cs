using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>A cast that looks at each value for itself, as its result may be NULL or of any length.</summary>
/// <typeparam name="TSource">The vectors it reads.</typeparam>
internal abstract class RowCast<TSource> : ColumnCast
    where TSource : ColumnVector
{
    public sealed override void Append(ColumnVector source, ColumnVector target)
    {
        var values = (TSource)source;
        if (values.NullCount == 0)
        {
            for (var row = 0; row < values.Length; row++)
            {
                AppendRow(values, row, target);
            }

            return;
        }

        for (var row = 0; row < values.Length; row++)
        {
            if (values.IsNull(row))
            {
                target.AppendNull();
            }
            else
            {
                AppendRow(values, row, target);
            }
        }
    }

    /// <summary>Appends exactly one row for a row that is not NULL.</summary>
    private protected abstract void AppendRow(TSource source, int row, ColumnVector target);
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Turns columns of one type into columns of another, as Paimon reads a file whose column has another type by now
/// (docs/format.md#casts). One thread at a time.
/// </summary>
public abstract class ColumnCast
{
    private protected ColumnCast()
    {
    }

    /// <summary>Appends all rows of a column to a column of the other type; NULL stays NULL.</summary>
    /// <param name="source">The column as it is stored.</param>
    /// <param name="target">Where the values go. After an error it may hold some of the rows.</param>
    /// <exception cref="PaimonException">Invalid: a value has no counterpart, such as a text that is no number.</exception>
    public abstract void Append(ColumnVector source, ColumnVector target);

    /// <summary>Finds the cast between two types.</summary>
    /// <param name="source">The type of the values.</param>
    /// <param name="target">The type wanted; its nullability does not count.</param>
    /// <param name="zone">The zone of clock readings, where instants and clock readings meet; UTC by default.</param>
    /// <returns>Null when there is no such cast.</returns>
    public static ColumnCast? Find(DataType source, DataType target, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return CastFactory.Find(source, target, new LocalZone(zone ?? TimeZoneInfo.Utc));
    }

    /// <summary>
    /// Finds what turns a column of an older schema into one of a newer schema: nested fields are matched by their ids, those
    /// that are new read as NULL, and everything below is cast as <see cref="Find"/> does.
    /// </summary>
    /// <param name="source">The type in the older schema.</param>
    /// <param name="target">The type in the newer schema.</param>
    /// <param name="zone">The zone of clock readings, where instants and clock readings meet; UTC by default.</param>
    /// <exception cref="PaimonException">Unsupported: no cast leads from one to the other.</exception>
    public static ColumnCast BetweenSchemas(DataType source, DataType target, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return CastFactory.BetweenSchemas(source, target, new LocalZone(zone ?? TimeZoneInfo.Utc));
    }

    /// <summary>True when vectors of one type hold exactly what vectors of the other do: no cast is needed.</summary>
    /// <param name="source">The type in the older schema.</param>
    /// <param name="target">The type in the newer schema.</param>
    public static bool IsSameLayout(DataType source, DataType target) => CastFactory.IsSameLayout(source, target);
}

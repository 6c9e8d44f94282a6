using System.Globalization;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// A place in a server's binlog between two transactions. Text form: <c>file:offset</c>, and <c>file:offset;gtids</c> where
/// the GTIDs are known.
/// </summary>
/// <param name="File">The file's name, without a folder.</param>
/// <param name="Offset">The byte offset in the file; beyond 4 GiB too.</param>
/// <param name="Gtids">
/// The executed set of MySQL or the position of MariaDB as text; empty where the server has none.
/// </param>
public readonly record struct BinlogPosition(string File, ulong Offset, string Gtids = "") : IComparable<BinlogPosition>
{
    /// <summary>Compares file names of one server (by length, then by characters, as they grow) and offsets.</summary>
    /// <param name="other">A position in the same server's binlog.</param>
    public int CompareTo(BinlogPosition other)
    {
        var byLength = File.Length.CompareTo(other.File.Length);
        var byName = byLength != 0 ? byLength : string.CompareOrdinal(File, other.File);
        return byName != 0 ? byName : Offset.CompareTo(other.Offset);
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    /// <exception cref="PaimonException">It is not of that form.</exception>
    public static BinlogPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var place = end < 0 ? text : text[..end];
        var colon = place.LastIndexOf(':');
        if (colon < 0 || !ulong.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            throw new PaimonException(ErrorKind.Invalid, $"'{text}' is not a binlog position of the form file:offset[;gtids].");
        }

        return new BinlogPosition(place[..colon], offset, end < 0 ? string.Empty : text[(end + 1)..]);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => Gtids is { Length: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Offset};{Gtids}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Offset}");

    /// <summary>True when <paramref name="left"/> comes first.</summary>
    /// <param name="left">A position.</param>
    /// <param name="right">Another of the same server.</param>
    public static bool operator <(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> comes later.</summary>
    /// <param name="left">A position.</param>
    /// <param name="right">Another of the same server.</param>
    public static bool operator >(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> does not come later.</summary>
    /// <param name="left">A position.</param>
    /// <param name="right">Another of the same server.</param>
    public static bool operator <=(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> does not come first.</summary>
    /// <param name="left">A position.</param>
    /// <param name="right">Another of the same server.</param>
    public static bool operator >=(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) >= 0;
}

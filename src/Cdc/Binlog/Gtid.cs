using System.Globalization;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>The global id of a MySQL transaction: <c>uuid:number</c> or <c>uuid:tag:number</c>.</summary>
/// <param name="Source">The UUID of the server where it was committed.</param>
/// <param name="Tag">The tag in lower case, empty without one.</param>
/// <param name="Number">1 to 2^63 - 2.</param>
public readonly record struct Gtid(Guid Source, string Tag, long Number)
{
    /// <summary>MySQL's text.</summary>
    public override string ToString() => Tag is { Length: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{Source:D}:{Tag}:{Number}")
        : string.Create(CultureInfo.InvariantCulture, $"{Source:D}:{Number}");
}

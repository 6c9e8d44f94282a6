using System.Globalization;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>The global id of a MariaDB transaction: <c>domain-server-sequence</c>.</summary>
/// <param name="Domain">The replication domain.</param>
/// <param name="Server">The server where it was committed.</param>
/// <param name="Sequence">The number within the domain.</param>
public readonly record struct MariaGtid(uint Domain, uint Server, ulong Sequence)
{
    /// <summary>MariaDB's text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Domain}-{Server}-{Sequence}");
}

using System.Globalization;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>MariaDB's GTID position: the last transaction of every domain, as in <c>@@gtid_binlog_pos</c>. Not thread-safe.</summary>
public sealed class MariaGtidPosition
{
    private readonly SortedDictionary<uint, MariaGtid> _last = [];

    /// <summary>True before the first transaction.</summary>
    public bool IsEmpty => _last.Count == 0;

    /// <summary>The last transaction of each domain, by domain.</summary>
    public IReadOnlyCollection<MariaGtid> Domains => _last.Values;

    /// <summary>Reads <c>0-1-100,1-2-7</c>; the empty text is the beginning.</summary>
    /// <param name="text">As the server prints it.</param>
    /// <exception cref="PaimonException">It is not of that form.</exception>
    public static MariaGtidPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var position = new MariaGtidPosition();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('-');
            if (parts.Length != 3
                || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var domain)
                || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var server)
                || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                throw new PaimonException(
                    ErrorKind.Invalid, $"'{item}' is not a MariaDB GTID of the form domain-server-sequence.");
            }

            position.Add(new MariaGtid(domain, server, sequence));
        }

        return position;
    }

    /// <summary>Makes a transaction the last of its domain.</summary>
    /// <param name="gtid">The transaction that is complete.</param>
    public void Add(MariaGtid gtid) => _last[gtid.Domain] = gtid;

    /// <summary>True when the domain has come as far as the transaction or further.</summary>
    /// <param name="gtid">The transaction asked for.</param>
    public bool Contains(MariaGtid gtid) => _last.TryGetValue(gtid.Domain, out var last) && last.Sequence >= gtid.Sequence;

    /// <summary>MariaDB's text.</summary>
    public override string ToString() => string.Join(',', _last.Values);
}

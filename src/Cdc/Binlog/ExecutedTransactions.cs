using System.Buffers;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Which transactions have been seen, in the terms of the server's family: a MySQL GTID set, a MariaDB GTID position, or
/// nothing where the server has no GTIDs. Not thread-safe.
/// </summary>
public sealed class ExecutedTransactions
{
    private readonly GtidSet? _set;
    private readonly MariaGtidPosition? _position;

    private ExecutedTransactions(GtidSet? set, MariaGtidPosition? position) => (_set, _position) = (set, position);

    /// <summary>True when there are no GTIDs to go by, only file and offset.</summary>
    public bool IsUnknown => (_set?.IsEmpty ?? true) && (_position?.IsEmpty ?? true);

    /// <summary>Nothing to go by but file and offset, whatever GTIDs come along.</summary>
    public static ExecutedTransactions None() => new(null, null);

    /// <summary>Reads the text form of either family.</summary>
    public static ExecutedTransactions Parse(string text, bool isMariaDb) => isMariaDb
        ? new ExecutedTransactions(null, MariaGtidPosition.Parse(text))
        : new ExecutedTransactions(GtidSet.Parse(text), null);

    /// <summary>The transactions that all of some states have seen: where reading must begin to miss nothing for any.</summary>
    /// <exception cref="PaimonException">Invalid: the states do not follow one another, so they are not of one server.</exception>
    public static ExecutedTransactions Earliest(IReadOnlyList<ExecutedTransactions> states)
    {
        foreach (var state in states)
        {
            if (states.All(other => other.ContainsAll(state)))
            {
                return state.Clone();
            }
        }

        throw new PaimonException(
            ErrorKind.Invalid,
            "The tables' positions are not of one history of the source: was its binary log reset? " +
            "Drop the tables that should be read anew, or sync them as another --job.");
    }

    /// <summary>Adds a transaction that is complete; one without an id changes nothing.</summary>
    public void Add(GtidEvent? transaction)
    {
        if (transaction?.Gtid is { } gtid)
        {
            _set?.Add(gtid);
        }
        else if (transaction?.MariaGtid is { } mariaGtid)
        {
            _position?.Add(mariaGtid);
        }
    }

    /// <summary>True when the transaction is among those seen.</summary>
    public bool Contains(GtidEvent transaction) =>
        (transaction.Gtid is { } gtid && _set is not null && _set.Contains(gtid)) ||
        (transaction.MariaGtid is { } mariaGtid && _position is not null && _position.Contains(mariaGtid));

    /// <summary>True when all of another's transactions are among those seen.</summary>
    public bool ContainsAll(ExecutedTransactions other)
    {
        if (_set is not null)
        {
            return other._set is null || _set.Contains(other._set);
        }

        return _position is null || other._position is null || other._position.Domains.All(last => _position.Contains(last));
    }

    /// <summary>A copy that changes on its own.</summary>
    public ExecutedTransactions Clone() =>
        new(_set?.Clone(), _position is null ? null : MariaGtidPosition.Parse(_position.ToString()));

    /// <summary>MySQL's encoding for a dump request.</summary>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        _set!.Encode(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => _set?.ToString() ?? _position?.ToString() ?? "";
}

using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables.SystemTables;

namespace PaimonSharp.Storage.Tables;

/// <summary>The changes of a table as rows of <c>audit_log</c> or <c>binlog</c>, snapshot by snapshot. For one thread at a time.</summary>
public sealed class SystemChangelogStream
{
    private readonly ChangelogStream _changes;
    private readonly ChangeShape _shape;

    internal SystemChangelogStream(ChangelogStream changes, ChangeShape shape)
    {
        _changes = changes;
        _shape = shape;
    }

    /// <summary>The next snapshot to be read: everything before it has been given out whole.</summary>
    public long NextSnapshot => _changes.NextSnapshot;

    /// <summary>Reads changes until the end of a bounded stream, else until cancelled; all rows are of kind +I.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>Rows that are valid until the next ones are asked for.</returns>
    /// <exception cref="PaimonException">Invalid: a snapshot that is to be read has expired.</exception>
    public async IAsyncEnumerable<ChangelogBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChangelogBatch? last = null;
        await foreach (var changes in _changes.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (last is { } before && (before.SnapshotId, before.Partition, before.Bucket)
                != (changes.SnapshotId, changes.Partition, changes.Bucket)
                && _shape.Flush() is { RowCount: > 0 } held)
            {
                yield return before with { Rows = held };
            }

            last = changes;
            if (_shape.Apply(changes.Rows, isStream: true) is { RowCount: > 0 } rows)
            {
                yield return changes with { Rows = rows };
            }
        }

        if (last is { } end && _shape.Flush() is { RowCount: > 0 } rest)
        {
            yield return end with { Rows = rest };
        }
    }

    /// <summary>Records <see cref="NextSnapshot"/> as the progress of the stream's consumer.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: the stream has no consumer.</exception>
    public ValueTask CommitProgressAsync(CancellationToken cancellationToken = default) =>
        _changes.CommitProgressAsync(cancellationToken);
}

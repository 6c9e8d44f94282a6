namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The changes of a table, snapshot by snapshot. With <c>changelog-producer</c> none these are the rows as they were written
/// (no -U); with another producer the changelog that was recorded. For one thread at a time.
/// </summary>
public sealed class ChangelogStream
{
    internal ChangelogStream() => throw new NotImplementedException();

    /// <summary>The next snapshot to be read: everything before it has been given out whole.</summary>
    public long NextSnapshot { get; }

    /// <summary>Reads changes until the end of a bounded stream, else until cancelled.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<ChangelogBatch> ReadAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Records <see cref="NextSnapshot"/> as the progress of the stream's consumer.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask CommitProgressAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

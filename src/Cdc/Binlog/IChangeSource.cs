namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The committed changes of a server in the order of its log: transactions of <see cref="SourceChangeKind.Begin"/>, rows and
/// <see cref="SourceChangeKind.Commit"/>, and statements of their own. One caller at a time.
/// </summary>
public interface IChangeSource : IAsyncDisposable
{
    /// <summary>The change that <see cref="ReadAsync"/> moved to; valid until the next read.</summary>
    SourceChange Current { get; }

    /// <summary>Moves to the next change; false at the end of the log.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default);
}

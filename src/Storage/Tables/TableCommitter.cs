using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>What came of a commit.</summary>
/// <param name="Snapshots">The snapshots made, oldest first.</param>
/// <param name="IsCompactionCommitted">False when another writer's compaction came first and this one was given up.</param>
internal sealed record CommitOutcome(IReadOnlyList<Snapshot> Snapshots, bool IsCompactionCommitted);

/// <summary>
/// Commits the work of a writer: first its rows, then what its compactions did. A compaction that lost against another one is
/// given up, as the rows are the same without it; lost rows are an error. One thread.
/// </summary>
internal sealed partial class TableCommitter
{
    private readonly FileStore _store;
    private readonly FileStoreCommit _ignoringEmpty;
    private readonly FileStoreCommit _keepingEmpty;
    private readonly ILogger _logger;
    private long? _lastIdentifier;

    /// <summary>Makes a committer.</summary>
    public TableCommitter(FileStore store, string commitUser)
    {
        _store = store;
        CommitUser = commitUser;
        _ignoringEmpty = store.NewCommit(commitUser);
        _keepingEmpty = new FileStoreCommit(store, commitUser) { IgnoreEmptyCommit = false };
        _logger = store.Environment.LoggerFactory.CreateLogger<TableCommitter>();
    }

    /// <summary>Who commits.</summary>
    public string CommitUser { get; }

    /// <summary>The number of the next commit; nothing is written.</summary>
    /// <exception cref="PaimonException">Invalid: the number asked for is not above the last one of this user.</exception>
    public async ValueTask<long> NextIdentifierAsync(CommitOptions options, CancellationToken cancellationToken)
    {
        var last = await LastIdentifierAsync(cancellationToken).ConfigureAwait(false);
        var identifier = options.Identifier ?? last + 1;
        if (identifier <= last)
        {
            PaimonException.ThrowInvalid(
                $"Commit {identifier} of user {CommitUser} is not above {last}, which is committed; numbers must increase.");
        }

        return identifier;
    }

    /// <summary>Commits. When it throws, the rows may be part of the table nevertheless: none of the files may be removed.</summary>
    public async ValueTask<CommitOutcome> CommitAsync(
        IReadOnlyList<CommitMessage> messages, long identifier, CommitOptions options, CancellationToken cancellationToken)
    {
        // Not known again until the commit has ended well.
        var last = _lastIdentifier;
        _lastIdentifier = null;
        var committable = new Committable(
            identifier, [.. messages.Where(message => message.HasAppend).Select(WithoutCompaction)])
        {
            Watermark = options.Watermark,
            Properties = options.Properties.Count == 0 ? null : options.Properties,
        };
        var commit = options.AllowEmpty ? _keepingEmpty : _ignoringEmpty;

        // An error leaves open what was published: the next commit asks the table again.
        _lastIdentifier = null;
        var snapshots = new List<Snapshot>(
            await commit.CommitAsync(committable, cancellationToken).ConfigureAwait(false));
        var isCompacted = await CommitCompactionAsync(committable, messages, snapshots, cancellationToken).ConfigureAwait(false);
        _lastIdentifier = snapshots.Count > 0 && identifier != long.MaxValue ? identifier : last;
        return new CommitOutcome(snapshots, isCompacted);
    }

    /// <summary>Removes the files of work that will not be committed.</summary>
    public ValueTask AbortAsync(IReadOnlyList<CommitMessage> messages) => _ignoringEmpty.AbortAsync(messages);

    private static CommitMessage WithoutCompaction(CommitMessage message) =>
        message with { CompactBefore = [], CompactAfter = [], CompactChangelog = [] };

    private async ValueTask<bool> CommitCompactionAsync(
        Committable committable,
        IReadOnlyList<CommitMessage> messages,
        List<Snapshot> snapshots,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<CommitMessage> compactions =
        [
            .. messages.Where(message => message.HasCompact)
                .Select(message => message with { NewFiles = [], DeletedFiles = [], ChangelogFiles = [] }),
        ];
        if (compactions.Count == 0)
        {
            return true;
        }

        try
        {
            snapshots.AddRange(await _ignoringEmpty.CommitAsync(committable with { Messages = compactions }, cancellationToken)
                .ConfigureAwait(false));
            return true;
        }
        catch (CommitConflictException conflict)
        {
            LogLostCompaction(_logger, conflict.Message);
            await _ignoringEmpty.AbortAsync(compactions, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private async ValueTask<long> LastIdentifierAsync(CancellationToken cancellationToken)
    {
        if (_lastIdentifier is null)
        {
            var newest = await _store.Snapshots.LatestNumberedOfUserAsync(CommitUser, cancellationToken)
                .ConfigureAwait(false);
            _lastIdentifier = newest?.CommitIdentifier ?? 0;
        }

        return _lastIdentifier.Value;
    }

    [LoggerMessage(1101, LogLevel.Information, "A compaction was given up, as another one came first: {Reason}")]
    private static partial void LogLostCompaction(ILogger logger, string reason);
}

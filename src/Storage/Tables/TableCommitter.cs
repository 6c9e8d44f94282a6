using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
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
    /// <param name="store">The table.</param>
    /// <param name="commitUser">Who commits.</param>
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

    /// <summary>True to refuse rows of buckets that have no index of their keys.</summary>
    public bool NeedsKeyIndex { get; init; }

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
    public ValueTask<CommitOutcome> CommitAsync(
        IReadOnlyList<CommitMessage> messages, long identifier, CommitOptions options, CancellationToken cancellationToken) =>
        CommitAsync(
            options.AllowEmpty || _store.Options.ForceCreateSnapshot ? _keepingEmpty : _ignoringEmpty,
            messages,
            identifier,
            options,
            cancellationToken);

    private async ValueTask<CommitOutcome> CommitAsync(
        FileStoreCommit commit,
        IReadOnlyList<CommitMessage> messages,
        long identifier,
        CommitOptions options,
        CancellationToken cancellationToken)
    {
        // An error leaves open what was published: the next commit asks the table again.
        var last = _lastIdentifier;
        _lastIdentifier = null;
        var committable = new Committable(
            identifier, [.. messages.Where(message => message.HasAppend).Select(message => message.AppendPart())])
        {
            NeedsKeyIndex = NeedsKeyIndex,
            Watermark = options.Watermark,
            Properties = options.Properties.Count == 0 ? null : options.Properties,
        };
        var snapshots = new List<Snapshot>(
            await commit.CommitAsync(committable, cancellationToken).ConfigureAwait(false));

        // A recovered compaction without rows may have been committed before, with snapshots that have expired: its files may be live.
        var areFilesOwn = !commit.CheckAppendConflicts || committable.Messages.Count > 0;
        var isCompacted = await CommitCompactionAsync(
            committable, messages, options, areFilesOwn, snapshots, cancellationToken).ConfigureAwait(false);
        _lastIdentifier = snapshots.Count > 0 && identifier != long.MaxValue ? identifier : last;
        return new CommitOutcome(snapshots, isCompacted);
    }

    /// <summary>Replaces the rows of partitions, with the identifier of batch commits.</summary>
    /// <param name="messages">The new rows.</param>
    /// <param name="target">Which partitions.</param>
    /// <param name="options">Properties, watermark; a number only where another one than that of batch commits is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<CommitOutcome> OverwriteAsync(
        IReadOnlyList<CommitMessage> messages, OverwriteTarget target, CommitOptions options, CancellationToken cancellationToken)
    {
        var partitions = target.PartitionsOf(messages);
        if (partitions is null)
        {
            return new CommitOutcome([], true);
        }

        var committable = new Committable(options.Identifier ?? long.MaxValue, messages)
        {
            Watermark = options.Watermark,
            Properties = options.Properties.Count == 0 ? null : options.Properties,
        };
        return new CommitOutcome(
            await _ignoringEmpty.OverwriteAsync(committable, partitions, cancellationToken).ConfigureAwait(false), true);
    }

    /// <summary>Commits what was prepared before and is not committed yet.</summary>
    /// <returns>How many of them.</returns>
    /// <exception cref="FileMissingException">A file of what is to be committed is gone.</exception>
    /// <exception cref="CommitConflictException">It is in the table already; the snapshots that tell so have expired.</exception>
    public async ValueTask<int> RecoverAsync(IReadOnlyList<RecoveredCommit> commits, CancellationToken cancellationToken)
    {
        var ordered = commits.OrderBy(commit => commit.Identifier).ToList();
        var open = await _ignoringEmpty.FilterCommittedAsync(
            [.. ordered.Select(commit => new Committable(commit.Identifier, commit.Prepared.Messages))], cancellationToken)
            .ConfigureAwait(false);
        var left = ordered.Skip(ordered.Count - open.Count).ToList();
        foreach (var message in left.SelectMany(commit => commit.Prepared.Messages))
        {
            await CheckFilesAsync(message, cancellationToken).ConfigureAwait(false);
        }

        foreach (var commit in left)
        {
            var checking = new FileStoreCommit(_store, CommitUser)
            {
                IgnoreEmptyCommit = !commit.Options.AllowEmpty && !_store.Options.ForceCreateSnapshot,
                CheckAppendConflicts = true,
            };
            await CommitAsync(checking, commit.Prepared.Messages, commit.Identifier, commit.Options, cancellationToken)
                .ConfigureAwait(false);
        }

        return left.Count;
    }

    /// <summary>Removes the files of work that will not be committed.</summary>
    public ValueTask AbortAsync(IReadOnlyList<CommitMessage> messages) => _ignoringEmpty.AbortAsync(messages);

    private async ValueTask CheckFilesAsync(CommitMessage message, CancellationToken cancellationToken)
    {
        var files = message.NewFiles.Concat(message.ChangelogFiles).Concat(message.CompactAfter).Concat(message.CompactChangelog);
        foreach (var path in files.SelectMany(file => _store.DataPaths.AllFiles(message.Partition, message.Bucket, file))
            .Concat(message.NewIndexFiles.Concat(message.CompactNewIndexFiles).Select(_store.IndexPath)))
        {
            if (!await _store.Environment.FileIO.ExistsAsync(path, cancellationToken).ConfigureAwait(false))
            {
                throw new FileMissingException(path);
            }
        }
    }

    private async ValueTask<bool> CommitCompactionAsync(
        Committable committable,
        IReadOnlyList<CommitMessage> messages,
        CommitOptions options,
        bool areFilesOwn,
        List<Snapshot> snapshots,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<CommitMessage> compactions =
        [
            .. messages.Where(message => message.HasCompact)
                .Select(message => message.CompactPart()),
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
        catch (CommitConflictException conflict) when (!options.RequireCompaction)
        {
            LogLostCompaction(_logger, conflict.Message);
            if (areFilesOwn)
            {
                await _ignoringEmpty.AbortAsync(compactions).ConfigureAwait(false);
            }

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

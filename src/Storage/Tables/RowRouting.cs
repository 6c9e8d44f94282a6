using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// How a writer finds the buckets of rows: the router of its schema, and what outlives a change of schema, as the indexes of
/// keys are. For one thread at a time.
/// </summary>
internal sealed class RowRouting : IAsyncDisposable
{
    /// <summary>How often a commit is made while partitions are removed each time.</summary>
    private const int MaxCommits = 10;

    private readonly Table _table;
    private readonly HashBucketAssigner? _assigner;
    private readonly CrossPartitionAssigner? _crossing;
    private readonly bool _isOverwrite;

    /// <summary>Begins to route rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isOverwrite">True when the table's rows are replaced, so that their keys are of no interest.</param>
    public RowRouting(Table table, bool isOverwrite)
    {
        _table = table;
        _isOverwrite = isOverwrite;
        switch (BucketModes.Of(table.Schema, table.Options))
        {
            case BucketMode.Dynamic:
                _assigner = new HashBucketAssigner(table.Store, DynamicBucketOptions.From(table.Options), isOverwrite);
                break;
            case BucketMode.CrossPartition:
                _crossing = new CrossPartitionAssigner(table.Environment, table.Schema, table.Options);
                break;
        }

        Router = new BucketRouter(table.Schema, table.Options, _assigner, _crossing);
    }

    /// <summary>Where the rows of the last batch go.</summary>
    public BucketRouter Router { get; private set; }

    /// <summary>The memory that what is known of keys takes from that of write buffers.</summary>
    public long SizeBytes => _crossing?.SizeBytes ?? 0;

    /// <summary>True where each bucket has an index of its keys in the table.</summary>
    public bool HasKeyIndex => _assigner is not null;

    /// <summary>Goes on with another schema.</summary>
    public void Use(TableSchema schema, TableOptions options)
    {
        _crossing?.Use(schema, options);
        Router = new BucketRouter(schema, options, _assigner, _crossing);
    }

    /// <summary>Finds the targets of rows and opens their buckets.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="open">Opens a bucket.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows that the targets speak of.</returns>
    public async ValueTask<ColumnBatch> RouteAsync(
        ColumnBatch batch, Func<BucketId, CancellationToken, ValueTask<IBucketWriter>> open, CancellationToken cancellationToken)
    {
        if (_crossing is { IsOpen: false })
        {
            if (!_isOverwrite)
            {
                await new CrossPartitionBootstrap(_table, _crossing).RunAsync(cancellationToken).ConfigureAwait(false);
            }

            _crossing.EndOpen();
        }

        var routed = await Router.RouteAsync(batch, cancellationToken).ConfigureAwait(false);

        // A bucket that cannot be written refuses the batch before a row of it is in another one.
        for (var target = 0; routed.RowCount > 0 && target < Router.TargetCount; target++)
        {
            if (Router.RowsOf(target).Length > 0)
            {
                await open(Router.BucketOf(target), cancellationToken).ConfigureAwait(false);
            }
        }

        return routed;
    }

    /// <summary>Writes the index files that a commit needs.</summary>
    /// <param name="number">The commit's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<HashIndexChange>> PrepareCommitAsync(
        long number, CancellationToken cancellationToken) =>
        _assigner is null ? [] : await _assigner.PrepareCommitAsync(number, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Commits what was prepared. Where others removed partitions with their indexes since then, as an expiry does, the commit brings
    /// the indexes that its rows need.
    /// </summary>
    /// <param name="prepared">What was prepared.</param>
    /// <param name="commit">Commits messages.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<CommitOutcome> CommitAsync(
        PreparedCommit prepared,
        Func<IReadOnlyList<CommitMessage>, ValueTask<CommitOutcome>> commit,
        CancellationToken cancellationToken)
    {
        var messages = prepared.Messages;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await commit(messages).ConfigureAwait(false);
            }
            catch (CommitConflictException conflict) when (
                conflict is { IsOfKeys: true, IsUnpublished: true } && _assigner is not null && attempt < MaxCommits)
            {
                messages = await _assigner.RenewAsync(messages, prepared.Number, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A commit was made.</summary>
    /// <param name="number">What it was prepared under.</param>
    public void EndCommit(long number) => _assigner?.EndCommit(number);

    /// <summary>Partitions have lost all their rows.</summary>
    public void Forget(IReadOnlyList<BinaryRowBytes> partitions) => _assigner?.Forget(partitions);

    /// <summary>Removes files that will not be committed, and local ones.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_assigner is not null)
        {
            await _assigner.AbortAsync().ConfigureAwait(false);
        }

        if (_crossing is not null)
        {
            await _crossing.DisposeAsync().ConfigureAwait(false);
        }
    }
}

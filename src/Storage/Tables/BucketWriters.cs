using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Append;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Makes the writers of a table's buckets: merge trees where there is a primary key, plain files where there is none. Made anew
/// for each schema. Immutable; safe for several threads.
/// </summary>
internal sealed class BucketWriters
{
    private readonly KeyValueWriteContext? _keyValue;
    private readonly AppendWriteContext? _append;
    private readonly bool _isPostponed;

    /// <summary>Reads the options.</summary>
    /// <param name="environment">Files, clock, random names.</param>
    /// <param name="schema">The schema that rows are written with.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="commitUser">Who commits.</param>
    public BucketWriters(StorageEnvironment environment, TableSchema schema, TableOptions options, string commitUser)
    {
        Options = options;
        Memory = MemoryBudget.Of(options);
        _isPostponed = BucketModes.Of(schema, options) == BucketMode.Postponed;
        if (_isPostponed)
        {
            options = PostponeWriter.OptionsOf(schema, options, commitUser, environment.Ids);
        }

        if (schema.PrimaryKeys.Count == 0)
        {
            _append = new AppendWriteContext(environment, schema, options);
        }
        else
        {
            _keyValue = new KeyValueWriteContext(environment, schema, options);
        }
    }

    /// <summary>The table's options.</summary>
    public TableOptions Options { get; }

    /// <summary>What may be kept in memory.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>
    /// True when a commit waits for compactions, unless its caller says otherwise: options <c>commit.force-compact</c> and, where
    /// compactions look rows up, <c>lookup-wait</c>.
    /// </summary>
    public bool WaitsForCompaction =>
        Options.GetBoolean("commit.force-compact", false)
        || (LookupStrategy.Of(Options).NeedsLookup && Options.GetBoolean("lookup-wait", true));

    /// <summary>
    /// After how many commits a job that follows them compacts in full: option <c>full-compaction.delta-commits</c>, 1 with changelog
    /// producer full-compaction, else null for never.
    /// </summary>
    public int? DeltaCommits
    {
        get
        {
            if (_append is not null || Options.GetBoolean("write-only", false))
            {
                return null;
            }

            var isProducer = Options.GetName("changelog-producer", "none") == "full-compaction";
            return Options.GetInt32("full-compaction.delta-commits") is { } commits
                ? Math.Max(1, commits)
                : isProducer ? 1 : null;
        }
    }

    /// <summary>False when writers go on from nothing that the table holds, so that its files need not be known.</summary>
    public bool NeedsLiveFiles => !_isPostponed && _append is null or { IsUnaware: false };

    /// <summary>Begins to write a bucket.</summary>
    /// <param name="bucket">Where its files are.</param>
    /// <param name="totalBuckets">The table's buckets.</param>
    /// <param name="liveFiles">The bucket's live files.</param>
    /// <param name="indexFiles">The bucket's index files.</param>
    /// <param name="lookups">The lookup files of all buckets.</param>
    /// <param name="spills">The rows of all buckets that write buffers have no room for.</param>
    /// <param name="scheduler">Runs the compactions of all buckets.</param>
    public IBucketWriter Create(
        BucketFiles bucket,
        int totalBuckets,
        IReadOnlyList<DataFileMeta> liveFiles,
        IReadOnlyList<IndexManifestEntry> indexFiles,
        Lazy<LookupStore> lookups,
        SpillStore spills,
        CompactionScheduler scheduler) =>
        _isPostponed ? new PostponeWriter(_keyValue!, bucket)
        : _append is null
            ? new MergeTreeWriter(_keyValue!, bucket, totalBuckets, liveFiles, indexFiles, lookups, spills, scheduler)
            : new AppendWriter(_append, bucket, totalBuckets, liveFiles, indexFiles, scheduler);

    /// <summary>Lets a writer go on with the schema of this object; its rows must have been flushed.</summary>
    public void Use(IBucketWriter writer)
    {
        switch (writer)
        {
            case AppendWriter append:
                append.UseContext(_append!);
                break;
            case PostponeWriter postponed:
                postponed.UseContext(_keyValue!);
                break;
            default:
                ((MergeTreeWriter)writer).UseContext(_keyValue!);
                break;
        }
    }
}

using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Chooses how a bucket's compactions merge, and keeps what they know from one to the next. One compaction at a time.
/// </summary>
internal sealed class BucketRewriters
{
    private readonly BucketFiles _bucket;
    private readonly BucketDeletions? _deletions;
    private readonly BucketLookup _lookup;

    /// <summary>Continues a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where its files are.</param>
    /// <param name="vectors">The file of its deletion vectors that the table has, null for none.</param>
    /// <param name="lookups">The lookup files of all buckets.</param>
    public BucketRewriters(
        KeyValueWriteContext context, BucketFiles bucket, IndexManifestEntry? vectors, Lazy<LookupStore> lookups)
    {
        _bucket = bucket;
        _lookup = new BucketLookup(bucket, lookups);
        if (LookupStrategy.Of(context.Options).HasDeletionVectors)
        {
            var is64Bit = context.Options.GetBoolean("deletion-vectors.bitmap64", false);
            _deletions = new BucketDeletions(context.Environment.FileIO, bucket, context.IndexNames, is64Bit, vectors);
        }
    }

    /// <summary>True for a file of which rows are deleted, which a rewrite leaves out.</summary>
    /// <param name="file">A live file of the bucket.</param>
    public bool HasDeletedRows(DataFileMeta file) => _deletions?.Has(file.FileName) == true;

    /// <summary>What carries out the next compaction.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="levels">The bucket's tree as the compaction finds it.</param>
    public ICompactRewriter Open(KeyValueWriteContext context, Levels levels)
    {
        if (context.Options.GetName("changelog-producer", "none") == "full-compaction")
        {
            return new ChangelogRewriter(context, _bucket, levels, lookup: null, deletions: null);
        }

        return LookupStrategy.Of(context.Options).NeedsLookup
            ? new ChangelogRewriter(context, _bucket, levels, _lookup, _deletions)
            : new MergeRewriter(context, _bucket);
    }
}

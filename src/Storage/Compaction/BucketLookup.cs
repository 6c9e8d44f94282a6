using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// The lookup files that a bucket's compactions look keys up in: from one to the next those of files that stay are kept. One
/// compaction at a time.
/// </summary>
/// <param name="bucket">Where the files are.</param>
/// <param name="store">The lookup files of all buckets.</param>
internal sealed class BucketLookup(BucketFiles bucket, Lazy<LookupStore> store)
{
    private KeyValueWriteContext? _context;
    private LookupLevels? _levels;

    /// <summary>Opens the bucket; deleted rows are found too.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="levels">The bucket's tree.</param>
    public async ValueTask<LookupLevels> OpenAsync(KeyValueWriteContext context, Levels levels)
    {
        _levels = _levels is null || _context != context
            ? new LookupLevels(
                store.Value, context.Schema, bucket.Readers, bucket.Directory, levels, HigherLevelRows.NeedsRows(context))
            : await _levels.UpdateAsync(levels, deletions: null).ConfigureAwait(false);
        _context = context;
        return _levels;
    }
}

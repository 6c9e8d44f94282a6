using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Merges files and nothing besides.</summary>
/// <param name="context">Schema and options.</param>
/// <param name="bucket">Where the files are.</param>
internal sealed class MergeRewriter(KeyValueWriteContext context, BucketFiles bucket) : ICompactRewriter
{
    /// <inheritdoc/>
    public async ValueTask<CompactResult> RewriteAsync(
        int outputLevel,
        bool dropDelete,
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        CancellationToken cancellationToken)
    {
        var reader = new SectionReader(
            sections,
            context.CompactionPlan,
            bucket.Readers.ForRewrite(),
            bucket.PartitionValues,
            keepRetracts: !dropDelete);
        await using var disposeReader = reader.ConfigureAwait(false);
        var writer = new KeyValueFileWriter(
            context, new KeyValueFileTarget(bucket.Directory, false, outputLevel, FileSource.Compact));
        await using var disposeWriter = writer.ConfigureAwait(false);
        var space = context.WriteMemory.RentSpace();
        await RewritePipeline.RunAsync(reader, writer, space, cancellationToken).ConfigureAwait(false);
        context.WriteMemory.ReturnSpace(space);
        var written = await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
        return new CompactResult([.. sections.SelectMany(section => section).SelectMany(run => run.Files)], written);
    }

    /// <inheritdoc/>
    public ValueTask<CompactResult> UpgradeAsync(int outputLevel, DataFileMeta file, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new CompactResult([file], [file with { Level = outputLevel }]));

    /// <inheritdoc/>
    public ValueTask<IndexManifestEntry?> FinishAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IndexManifestEntry?>(null);

    /// <inheritdoc/>
    public void Abandon()
    {
    }
}

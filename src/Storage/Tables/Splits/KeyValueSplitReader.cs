using System.Runtime.CompilerServices;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Reads the splits of a table with a primary key: files that may hold the same key are merged, those that cannot are read
/// as they are (docs/format.md#merge-read). For one thread at a time.
/// </summary>
internal sealed class KeyValueSplitReader : ISplitReader
{
    private readonly SplitReadRequest _request;
    private readonly KeyValueReadPlan _plan;
    private readonly MergeEngine _engine;
    private readonly ColumnBatch _batch;

    /// <summary>Opens no file yet.</summary>
    public KeyValueSplitReader(SplitReadRequest request)
    {
        _request = request;
        _plan = new KeyValueReadPlan(request.Schema, request.Options, request.Columns);
        _engine = MergeEngine.Create(request.Options);
        _batch = new ColumnBatch(_plan.OutputType, request.WithKinds);
    }

    /// <inheritdoc/>
    public RowType OutputType => _plan.OutputType;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> ReadAsync(
        Split split, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = _request.Table.BucketOf(split.Bucket);
        var readers = split.IsStreaming ? files.Readers : files.Readers.WithDeletions(split.Deletions);
        var reader = new SectionReader(
            SectionsOf(split), _plan, readers, _engine, files.PartitionValues, keepRetracts: _request.WithKinds);
        await using var disposeReader = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(_batch, cancellationToken).ConfigureAwait(false))
        {
            yield return _batch;
        }
    }

    // A section of one run is read without comparing keys.
    private IReadOnlyList<IReadOnlyList<SortedRun>> SectionsOf(Split split) =>
        split.IsStreaming || split.IsRawConvertible
            ? [.. split.Files.Select(file => (IReadOnlyList<SortedRun>)[new SortedRun([file])])]
            : IntervalPartition.Split(split.Files, _plan.Schema.TrimmedPrimaryKeyType);
}

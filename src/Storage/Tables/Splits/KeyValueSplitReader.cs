using System.Runtime.CompilerServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Reads the splits of a table with a primary key: files that may hold the same key are merged, those that cannot are read
/// as they are (docs/format.md#merge-read). For one thread at a time.
/// </summary>
internal sealed class KeyValueSplitReader : ISplitReader
{
    private readonly SplitReadRequest _request;
    private readonly KeyValueReadPlan _plan;
    private readonly FileIndexFilter? _filter;
    private readonly ColumnBatch _batch;

    /// <summary>Opens no file yet.</summary>
    public KeyValueSplitReader(SplitReadRequest request)
    {
        _request = request;
        _plan = new KeyValueReadPlan(request.Schema, request.Options, request.Columns);
        _filter = FileIndexFilter.TryCreate(request.Predicate, request.Schema, request.Options);
        _batch = new ColumnBatch(_plan.OutputType, request.WithKinds);
    }

    /// <inheritdoc/>
    public RowType OutputType => _plan.OutputType;

    /// <inheritdoc/>
    public IAsyncEnumerable<ColumnBatch> ReadAsync(Split split, CancellationToken cancellationToken) =>
        (split.BeforeFiles, split.IsStreaming) switch
        {
            (null, _) => ReadFilesAsync(split, cancellationToken),
            (_, true) => ReadOverwriteAsync(split, cancellationToken),
            _ => ReadDifferenceAsync(split, cancellationToken),
        };

    private static void Reverse(FixedVector<RowKind> kinds)
    {
        for (var row = 0; row < kinds.Length; row++)
        {
            kinds.Replace(row, kinds.Values[row] switch
            {
                RowKind.Insert => RowKind.Delete,
                RowKind.UpdateBefore => RowKind.UpdateAfter,
                RowKind.UpdateAfter => RowKind.UpdateBefore,
                _ => RowKind.Insert,
            });
        }
    }

    private static void MakeInserts(FixedVector<RowKind> kinds)
    {
        for (var row = 0; row < kinds.Length; row++)
        {
            kinds.Replace(row, RowKind.Insert);
        }
    }

    private async IAsyncEnumerable<ColumnBatch> ReadFilesAsync(
        Split split, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Rows that wait in the postpone bucket are in the order of their arrival.
        var isUnmerged = split.IsStreaming || split.Bucket.Bucket == DataFilePaths.PostponeBucket;
        var isRaw = !isUnmerged && split.IsRawConvertible && !_request.KeepRetracts;
        var sections = isUnmerged || isRaw ? EachAlone(split.Files) : Overlapping(split.Files);
        var deletions = split.IsStreaming ? null : split.Deletions;
        var reader = OpenSections(split, sections, deletions, _plan, isUnmerged || _request.KeepRetracts, _filter);
        await using var disposeReader = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(_batch, cancellationToken).ConfigureAwait(false))
        {
            if (isRaw && _batch.Kinds is not null)
            {
                // As in Paimon, rows that are read without a merge have lost the kind they were written with.
                MakeInserts(_batch.Kinds);
            }

            yield return _batch;
        }
    }

    private async IAsyncEnumerable<ColumnBatch> ReadOverwriteAsync(
        Split split, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = OpenSections(split, Overlapping(split.BeforeFiles!), null, _plan, keepRetracts: false);
        await using (before.ConfigureAwait(false))
        {
            while (await before.ReadAsync(_batch, cancellationToken).ConfigureAwait(false))
            {
                if (_batch.Kinds is not null)
                {
                    Reverse(_batch.Kinds);
                }

                yield return _batch;
            }
        }

        var after = OpenSections(split, Overlapping(split.Files), null, _plan, keepRetracts: false);
        await using var disposeAfter = after.ConfigureAwait(false);
        while (await after.ReadAsync(_batch, cancellationToken).ConfigureAwait(false))
        {
            yield return _batch;
        }
    }

    private async IAsyncEnumerable<ColumnBatch> ReadDifferenceAsync(
        Split split, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whole rows are compared, whichever columns are wanted.
        var plan = new KeyValueReadPlan(
            _request.Schema, _request.Options, [.. Enumerable.Range(0, _request.Schema.Fields.Count)]);
        var before = OpenSections(split, Overlapping(split.BeforeFiles!), split.BeforeDeletions, plan, _request.KeepRetracts);
        await using var disposeBefore = before.ConfigureAwait(false);
        var after = OpenSections(split, Overlapping(split.Files), split.Deletions, plan, _request.KeepRetracts);
        await using var disposeAfter = after.ConfigureAwait(false);
        var difference = new StateDifference(_request, before, after);
        while (await difference.ReadAsync(_batch, cancellationToken).ConfigureAwait(false))
        {
            yield return _batch;
        }
    }

    private SectionReader OpenSections(
        Split split,
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        IReadOnlyDictionary<string, DeletionFile>? deletions,
        KeyValueReadPlan plan,
        bool keepRetracts,
        FileIndexFilter? filter = null)
    {
        var files = _request.Table.BucketOf(split.Bucket);
        var readers = deletions is null ? files.Readers : files.Readers.WithDeletions(deletions);
        return new SectionReader(sections, plan, readers, files.PartitionValues, keepRetracts, filter);
    }

    // A section of one run is read without comparing keys.
    private static IReadOnlyList<IReadOnlyList<SortedRun>> EachAlone(IReadOnlyList<DataFileMeta> files) =>
        [.. files.Select(file => (IReadOnlyList<SortedRun>)[new SortedRun([file])])];

    private IReadOnlyList<IReadOnlyList<SortedRun>> Overlapping(IReadOnlyList<DataFileMeta> files) =>
        IntervalPartition.Split(files, _plan.Schema.TrimmedPrimaryKeyType);
}

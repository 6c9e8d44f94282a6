using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Append;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Reads the splits of a table without a primary key: file by file, rows as they were written; with
/// <c>data-evolution.enabled</c> files of the same rows side by side (docs/format.md#append-tables). For one thread at a time.
/// </summary>
internal sealed class AppendSplitReader : ISplitReader
{
    private const long WindowBytes = 32L << 20;

    private readonly SplitReadRequest _request;
    private readonly AppendReadPlan _plan;
    private readonly bool _isEvolving;
    private readonly FileIndexFilter? _filter;
    private readonly ColumnBatch _batch;
    private readonly ColumnVector[] _fileColumns;
    private readonly ReadWindow _window = new(WindowBytes);

    /// <summary>Opens no file yet.</summary>
    public AppendSplitReader(SplitReadRequest request)
    {
        _request = request;
        _plan = new AppendReadPlan(request.Schema, request.Columns);
        _isEvolving = request.Options.GetBoolean("data-evolution.enabled", false);
        _filter = FileIndexFilter.TryCreate(request.Predicate, request.Schema, request.Options);
        _batch = new ColumnBatch(_plan.OutputType, request.WithKinds);
        _fileColumns = [.. _plan.FileColumns.Select(column => _batch.Columns[column])];
    }

    /// <inheritdoc/>
    public RowType OutputType => _plan.OutputType;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> ReadAsync(
        Split split, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bucket = _request.Table.BucketOf(split.Bucket);
        var readers = split.IsStreaming ? bucket.Readers : bucket.Readers.WithDeletions(split.Deletions);
        foreach (var group in GroupsOf(split))
        {
            if (group.Count > 1 && group.Any(file => split.Deletions.ContainsKey(file.FileName)))
            {
                PaimonException.ThrowUnsupported("Deletion vectors of tables with data-evolution.enabled are not supported.");
            }

            var reader = await FileGroupReader.TryOpenAsync(group, _plan.FileType, readers, _filter, cancellationToken)
                .ConfigureAwait(false);
            if (reader is null)
            {
                continue;
            }

            await using var disposeReader = reader.ConfigureAwait(false);
            _window.BeginFile(reader.EstimateRowBytes());
            while (await ReadAsync(reader, bucket.PartitionValues, cancellationToken).ConfigureAwait(false))
            {
                yield return _batch;
            }
        }
    }

    private IEnumerable<IReadOnlyList<DataFileMeta>> GroupsOf(Split split) =>
        _isEvolving
            ? RowIdGroups.Of(split.Files)
            : split.Files.OrderBy(file => file.MinSequenceNumber).Select(file => (IReadOnlyList<DataFileMeta>)[file]);

    private async ValueTask<bool> ReadAsync(
        FileGroupReader reader, ColumnVector[] partition, CancellationToken cancellationToken)
    {
        _batch.Clear();
        var rows = await reader.ReadAsync(_fileColumns, _window.Rows, cancellationToken).ConfigureAwait(false);
        if (rows == 0)
        {
            return false;
        }

        var bytes = 0L;
        foreach (var column in _fileColumns)
        {
            bytes += column.SizeBytes;
        }

        _window.Observe(rows, bytes / rows);
        for (var column = 0; column < _batch.Columns.Count; column++)
        {
            if (_plan.PartitionOf(column) is >= 0 and var key)
            {
                BinaryRows.AppendRepeated(_batch.Columns[column], partition[key], rows);
            }
        }

        _batch.Kinds?.AppendUninitialized(rows).Clear();
        _batch.EndRows(rows);
        return true;
    }
}

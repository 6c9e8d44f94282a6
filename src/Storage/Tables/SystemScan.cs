using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables.SystemTables;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A read of a system table. The methods that narrow it change the scan and return it, to be chained. For one thread at a time.
/// </summary>
public sealed class SystemScan : IRowScan
{
    private readonly ISystemSource _source;
    private readonly RowSelection _selection = new();
    private int[] _columns;
    private Predicate? _predicate;
    private long _limit = long.MaxValue;

    internal SystemScan(ISystemSource source)
    {
        _source = source;
        _columns = [.. Enumerable.Range(0, source.RowType.Fields.Count)];
    }

    /// <summary>Reads some columns only.</summary>
    /// <param name="columns">Their names, in the order wanted.</param>
    /// <exception cref="PaimonException">Invalid: there is no such column.</exception>
    public SystemScan Project(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var type = _source.RowType;
        foreach (var column in columns.Where(column => type.IndexOf(column) < 0))
        {
            PaimonException.ThrowInvalid(
                $"There is no column '{column}'; the columns are {string.Join(", ", type.Fields.Select(field => field.Name))}.");
        }

        _columns = [.. columns.Select(type.IndexOf)];
        return this;
    }

    /// <summary>Reads the rows that meet a condition.</summary>
    /// <param name="predicate">The condition; its columns need not be among those projected. Null for all rows.</param>
    public SystemScan Filter(Predicate? predicate)
    {
        _predicate = predicate;
        return this;
    }

    /// <summary>Ends after some rows.</summary>
    /// <param name="rows">At most so many rows.</param>
    public SystemScan Limit(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _limit = rows;
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<RowType> ResultTypeAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_source.RowType.Project(_columns));

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> ReadBatchesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var left = _limit;
        if (left == 0)
        {
            yield break;
        }

        var result = new ColumnBatch(_source.RowType.Project(_columns));
        await foreach (var batch in _source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            result.Clear();
            Select(batch, left, result);
            if (result.RowCount > 0)
            {
                left -= result.RowCount;
                yield return result;
            }

            if (left == 0)
            {
                yield break;
            }
        }
    }

    private void Select(ColumnBatch batch, long limit, ColumnBatch result)
    {
        var count = batch.RowCount;
        int[]? rows = null;
        if (_predicate is not null)
        {
            _predicate.Evaluate(batch, _selection);
            count = _selection.Count;
            rows = new int[Math.Max(count, 1)];
            _selection.CopyRowsTo(rows);
        }

        count = (int)Math.Min(count, limit);
        for (var i = 0; i < _columns.Length; i++)
        {
            if (rows is null)
            {
                result.Columns[i].AppendRange(batch.Columns[_columns[i]], 0, count);
            }
            else
            {
                result.Columns[i].AppendGather(batch.Columns[_columns[i]], rows.AsSpan(0, count));
            }
        }

        result.EndRows(count);
    }
}

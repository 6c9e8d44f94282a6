using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Reads the sections of a bucket one after another: a section of one run is copied through without comparing keys, others are
/// merged. Within a section rows come in key order. For one thread at a time.
/// </summary>
internal sealed class SectionReader : IAsyncDisposable
{
    private readonly IReadOnlyList<IReadOnlyList<SortedRun>> _sections;
    private readonly KeyValueReadPlan _plan;
    private readonly KeyValueFileReaderFactory _files;
    private readonly bool _keepRetracts;
    private readonly FileIndexFilter? _filter;
    private readonly ColumnVector[] _partition;
    private readonly FixedVector<RowKind> _kinds = new(KeyValueLayout.KindField.Type);
    private readonly FixedVector<long> _sequences = new(KeyValueLayout.SequenceField.Type);
    private readonly ColumnVector[] _scratchColumns;
    private readonly ColumnVector[] _directColumns;
    private readonly int[] _directIndexes;
    private readonly ReadWindow _window;
    private MergeReader? _merge;
    private KeyValueFileReader? _file;
    private DataFileMeta? _fileMeta;
    private int _section = -1;
    private int _nextFile;
    private int[] _rows = [];

    /// <summary>Opens no file yet.</summary>
    /// <param name="sections">The sections, in key order.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="partition">One row of the partition columns.</param>
    /// <param name="keepRetracts">True to give keys whose newest row is a retraction, for compactions.</param>
    /// <param name="filter">Finds the rows wanted in files that need no merge; null for all.</param>
    public SectionReader(
        IReadOnlyList<IReadOnlyList<SortedRun>> sections,
        KeyValueReadPlan plan,
        KeyValueFileReaderFactory files,
        ColumnVector[] partition,
        bool keepRetracts,
        FileIndexFilter? filter = null)
    {
        _sections = sections;
        _plan = plan;
        _files = files;
        _partition = partition;
        _keepRetracts = keepRetracts;
        _filter = filter;
        _window = new ReadWindow(Math.Min(32L << 20, plan.Memory.WindowBytes));
        _scratchColumns = [.. plan.DirectType.Fields.Select(field => ColumnVector.Create(field.Type))];
        _directColumns = new ColumnVector[_scratchColumns.Length];
        _directIndexes =
            [.. Enumerable.Range(0, plan.OutputType.Fields.Count).Where(i => plan.Sources[i].Source != ColumnSource.Partition)];
    }

    /// <summary>Reads rows that are merged already, of all kinds.</summary>
    /// <param name="merge">Merges; taken over.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">The bucket's files, none of which is read.</param>
    /// <param name="partition">One row of the partition columns.</param>
    public SectionReader(MergeReader merge, KeyValueReadPlan plan, KeyValueFileReaderFactory files, ColumnVector[] partition)
        : this([], plan, files, partition, keepRetracts: true) => _merge = merge;

    /// <summary>Fills a batch with the next rows.</summary>
    /// <param name="target">Cleared first. With kinds and sequence numbers where retractions are kept.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when everything is read.</returns>
    public async ValueTask<bool> ReadAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        target.Clear();
        while (true)
        {
            int? rows = null;
            if (_merge is not null)
            {
                rows = await _merge.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            }
            else if (_file is not null)
            {
                rows = await ReadDirectAsync(target, cancellationToken).ConfigureAwait(false);
            }

            if (rows is null)
            {
                if (!await OpenNextAsync(cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }
            }
            else if (rows > 0)
            {
                AppendPartition(target, rows.Value);
                target.EndRows(rows.Value);
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask<bool> OpenNextAsync(CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        while (true)
        {
            while (_section >= 0 && _sections[_section] is [var only] && _nextFile < only.Files.Count)
            {
                _fileMeta = only.Files[_nextFile++];
                _file = await _files.TryOpenAsync(_fileMeta, _filter, cancellationToken).ConfigureAwait(false);
                if (_file is not null)
                {
                    _window.BeginFile(_file.EstimateRowBytes(_plan.DirectType.Fields));
                    return true;
                }
            }

            _nextFile = 0;
            if (++_section >= _sections.Count)
            {
                return false;
            }

            if (_sections[_section] is { Count: > 1 } runs)
            {
                var merged = await MergeRuns.OpenAsync(runs, _plan, _files, cancellationToken).ConfigureAwait(false);
                _merge = new MergeReader(merged, _plan, _keepRetracts);
                return true;
            }
        }
    }

    // One run: one pass over the file, straight into the batch unless rows have to be left out.
    private async ValueTask<int?> ReadDirectAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        var mayHaveRetracts = !_keepRetracts && _fileMeta!.DeleteRowCount != 0;
        var columns = mayHaveRetracts ? _scratchColumns : _directColumns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (mayHaveRetracts)
            {
                columns[i].Clear();
            }
            else
            {
                columns[i] = target.Columns[_directIndexes[i]];
            }
        }

        _kinds.Clear();
        _sequences.Clear();
        var rows = await _file!.ReadAsync(
            _plan.DirectType,
            columns,
            mayHaveRetracts && target.Sequences is not null ? _sequences : target.Sequences,
            mayHaveRetracts ? _kinds : target.Kinds,
            _window.Rows,
            cancellationToken).ConfigureAwait(false);
        _file.ThrowIfLost();
        if (rows == 0)
        {
            return null;
        }

        var bytes = 0L;
        foreach (var column in columns)
        {
            bytes += column.SizeBytes;
        }

        _window.Observe(rows, bytes / rows);
        return mayHaveRetracts ? AppendAdds(columns, rows, target) : rows;
    }

    private int AppendAdds(ColumnVector[] columns, int rows, ColumnBatch target)
    {
        if (_rows.Length < rows)
        {
            _rows = new int[rows];
        }

        var count = 0;
        var kinds = _kinds.Values;
        for (var row = 0; row < rows; row++)
        {
            if (kinds[row].IsAdd())
            {
                _rows[count++] = row;
            }
        }

        for (var i = 0; i < columns.Length; i++)
        {
            target.Columns[_directIndexes[i]].AppendGather(columns[i], _rows.AsSpan(0, count));
        }

        target.Kinds?.AppendGather(_kinds, _rows.AsSpan(0, count));
        target.Sequences?.AppendGather(_sequences, _rows.AsSpan(0, count));
        return count;
    }

    private void AppendPartition(ColumnBatch target, int rows)
    {
        for (var i = 0; i < _plan.OutputType.Fields.Count; i++)
        {
            var (source, index) = _plan.Sources[i];
            if (source == ColumnSource.Partition)
            {
                BinaryRows.AppendRepeated(target.Columns[i], _partition[index], rows);
            }
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_merge is not null)
        {
            await _merge.DisposeAsync().ConfigureAwait(false);
            _merge = null;
        }

        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
            _file = null;
        }
    }
}

using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Rows with the partitions and buckets that they go to: those of a batch, or others where rows move between partitions.
/// Reusable; one thread.
/// </summary>
internal sealed class RoutedRows
{
    private ColumnBatch? _source;
    private ColumnBatch? _changed;
    private bool _isChanged;
    private int _count;
    private int[] _rows = [];
    private int[] _partitions = [];
    private int[] _buckets = [];
    private RowKind[] _kinds = [];
    private int[] _localOf = [];

    /// <summary>The rows.</summary>
    public ColumnBatch Batch => _isChanged ? _changed! : _source!;

    /// <summary>The number of each row's partition.</summary>
    public ReadOnlySpan<int> Partitions => _partitions.AsSpan(0, _count);

    /// <summary>The bucket of each row.</summary>
    public ReadOnlySpan<int> Buckets => _buckets.AsSpan(0, _count);

    /// <summary>Begins with a batch.</summary>
    public void Begin(ColumnBatch source)
    {
        _source = source;
        _isChanged = false;
        _count = 0;

        // A row that moves is two.
        if (_rows.Length < 2 * source.RowCount)
        {
            var length = 2 * source.RowCount;
            (_rows, _partitions, _buckets, _kinds) = (new int[length], new int[length], new int[length], new RowKind[length]);
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row of the batch.</param>
    /// <param name="partition">The number of its partition.</param>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="isChanged">True where kind or partition are not those of the batch.</param>
    public void Add(int row, int partition, int bucket, RowKind kind, bool isChanged = false)
    {
        _rows[_count] = row;
        _partitions[_count] = partition;
        _buckets[_count] = bucket;
        _kinds[_count] = kind;
        _count++;
        _isChanged |= isChanged;
    }

    /// <summary>Leaves a row of the batch out.</summary>
    public void Drop() => _isChanged = true;

    /// <summary>Makes the rows, where they are not those of the batch, and gives their partitions numbers of their own.</summary>
    /// <param name="schema">The rows' columns.</param>
    /// <param name="all">The partitions by the numbers that rows were added with.</param>
    /// <param name="values">A row of values for each of them.</param>
    /// <param name="partitions">Takes the partitions of the rows.</param>
    public void End(
        TableSchema schema, List<BinaryRowBytes> all, ColumnVector[] values, List<BinaryRowBytes> partitions)
    {
        if (_isChanged)
        {
            MakeRows(schema, values);
        }

        if (_localOf.Length < all.Count)
        {
            _localOf = new int[Math.Max(all.Count, 2 * _localOf.Length)];
        }

        // One more than each number, so that zeros need no other value.
        partitions.Clear();
        foreach (ref var partition in _partitions.AsSpan(0, _count))
        {
            ref var local = ref _localOf[partition];
            if (local == 0)
            {
                partitions.Add(all[partition]);
                local = partitions.Count;
            }

            partition = local - 1;
        }

        Array.Clear(_localOf);
    }

    private void MakeRows(TableSchema schema, ColumnVector[] values)
    {
        if (_changed is null || !ReferenceEquals(_changed.RowType, schema.RowType))
        {
            _changed = new ColumnBatch(schema.RowType, withKinds: true);
        }

        _changed.Clear();
        var keys = schema.IndexesOf(schema.PartitionKeys);
        for (var i = 0; i < _changed.Columns.Count; i++)
        {
            if (Array.IndexOf(keys, i) is >= 0 and var key)
            {
                _changed.Columns[i].AppendGather(values[key], Partitions);
            }
            else
            {
                _changed.Columns[i].AppendGather(_source!.Columns[i], _rows.AsSpan(0, _count));
            }
        }

        _changed.Kinds!.AppendValues(_kinds.AsSpan(0, _count));
        _changed.EndRows(_count);
    }
}

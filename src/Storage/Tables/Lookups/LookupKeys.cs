using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>The keys of one call, and where they are to be looked for. Reusable; one thread at a time.</summary>
internal sealed class LookupKeys
{
    private readonly LookupShape _shape;
    private readonly ColumnVector[] _own;
    private readonly BucketFunction? _function;
    private readonly BinaryRowWriter _partitionWriter;
    private readonly ColumnVector[] _trimmed;
    private readonly ColumnVector[] _partition;
    private readonly ColumnVector[] _bucket;
    private LookupState? _lastState;
    private BinaryRowBytes? _lastPartition;
    private LookupPartition? _lastFound;
    private LookupMerge? _merge;

    /// <summary>Makes room for keys.</summary>
    /// <param name="shape">The table.</param>
    public LookupKeys(LookupShape shape)
    {
        _shape = shape;
        _own = BinaryRows.CreateColumns(shape.KeyType);
        _function = shape.CreateBucketFunction();
        _partitionWriter = new BinaryRowWriter(shape.KeyPartitionType);
        _trimmed = new ColumnVector[shape.TrimmedKeyIndexes.Length];
        _partition = new ColumnVector[shape.PartitionKeyIndexes.Length];
        _bucket = new ColumnVector[shape.BucketKeyIndexes.Length];
        Encoded = shape.Plan.KeyEncoder.CreateKeys();
        Use(_own);
    }

    /// <summary>The keys, encoded.</summary>
    public EncodedKeys Encoded { get; }

    /// <summary>The columns of the keys without those of the partition.</summary>
    public ReadOnlySpan<ColumnVector> Trimmed => _trimmed;

    /// <summary>What merges the versions of keys, where the newest is not the result.</summary>
    public LookupMerge Merge => _merge ??= new LookupMerge(_shape);

    /// <summary>Takes one key.</summary>
    /// <param name="values">A value for each column of the primary key, in its order.</param>
    /// <returns>False when a value is NULL, which no key has.</returns>
    /// <exception cref="PaimonException">Invalid: too few or many values, or one does not suit its column.</exception>
    public bool TrySet(ReadOnlySpan<object?> values)
    {
        var fields = _shape.KeyType.Fields;
        if (values.Length != fields.Count)
        {
            PaimonException.ThrowInvalid(
                $"The key of {_shape.Table.Path} is ({string.Join(", ", fields.Select(field => field.Name))}): "
                + $"values expected: {fields.Count}, given: {values.Length}.");
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is null or DBNull)
            {
                return false;
            }

            _own[i].Clear();
            try
            {
                ValueAppender.Append(_own[i], values[i]);
            }
            catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
            {
                throw new PaimonException(e.Kind, $"Column '{fields[i].Name}': {e.Message}", e);
            }
        }

        Use(_own);
        Encode(1);
        return true;
    }

    /// <summary>Takes keys; the batch must not change as long as they are used.</summary>
    /// <param name="keys">The columns of the primary key, in its order.</param>
    public void Set(ColumnBatch keys)
    {
        if (keys.Columns.Count != _own.Length)
        {
            PaimonException.ThrowInvalid($"The batch has {keys.Columns.Count} columns; the key of {_shape.Table.Path} has {_own.Length}.");
        }

        for (var i = 0; i < _own.Length; i++)
        {
            var type = _shape.KeyType.Fields[i].Type;
            if (keys.Columns[i].GetType() != _own[i].GetType() || keys.Columns[i].Type.Root != type.Root)
            {
                PaimonException.ThrowInvalid(
                    $"Key column '{_shape.KeyType.Fields[i].Name}' is {type}; the batch has {keys.Columns[i].Type}.");
            }
        }

        Use(keys.Columns);
        Encode(keys.RowCount);
    }

    /// <summary>Lets go of the columns that were taken.</summary>
    public void Release() => Use(_own);

    /// <summary>The buckets that may have a key.</summary>
    /// <param name="state">The table's state.</param>
    /// <param name="key">The key.</param>
    public LookupBucket[] BucketsOf(LookupState state, int key)
    {
        if (!_shape.IsPartitionInKey && _partition.Length == 0)
        {
            return state.All;
        }

        var partition = PartitionOf(state, key);
        if (partition is null)
        {
            return [];
        }

        if (partition.TotalBuckets == 0)
        {
            return partition.All;
        }

        Span<int> bucket = [0];
        _function!.Assign(_bucket, key, partition.TotalBuckets, bucket);
        return partition.Of(bucket[0]);
    }

    private LookupPartition? PartitionOf(LookupState state, int key)
    {
        if (_partition.Length == 0)
        {
            if (_lastState != state)
            {
                _lastFound = state.Partition(BinaryRowBytes.Empty);
                _lastState = state;
            }

            return _lastFound;
        }

        var row = _partitionWriter.Write(_partition, key);
        if (_lastState != state || _lastPartition is null || !row.SequenceEqual(_lastPartition.Row))
        {
            _lastPartition = BinaryRowBytes.FromRow(_partition.Length, row);
            _lastFound = state.Partition(_lastPartition);
            _lastState = state;
        }

        return _lastFound;
    }

    private void Use(IReadOnlyList<ColumnVector> columns)
    {
        Pick(columns, _shape.TrimmedKeyIndexes, _trimmed);
        Pick(columns, _shape.PartitionKeyIndexes, _partition);
        Pick(columns, _shape.BucketKeyIndexes, _bucket);

        static void Pick(IReadOnlyList<ColumnVector> from, int[] indexes, ColumnVector[] to)
        {
            for (var i = 0; i < indexes.Length; i++)
            {
                to[i] = from[indexes[i]];
            }
        }
    }

    private void Encode(int count)
    {
        Encoded.Clear();
        _shape.Plan.KeyEncoder.Encode(_trimmed, 0, count, Encoded);
    }
}

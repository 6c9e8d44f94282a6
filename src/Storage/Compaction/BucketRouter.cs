using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Splits a batch by partition and bucket: partition and bucket of every row are found column-wise, then a counting sort gives
/// each target the list of its rows, in the batch's order. Reuses its buffers; one thread.
/// </summary>
internal sealed class BucketRouter
{
    private const int Dropped = -1;

    private readonly BucketMode _mode;
    private readonly int[] _partitionIndexes;
    private readonly int[] _keyIndexes;
    private readonly BucketFunction? _function;
    private readonly RowHasher? _hasher;
    private readonly HashBucketAssigner? _assigner;
    private readonly CrossPartitionAssigner? _crossing;
    private readonly BinaryRowWriter _partitionWriter;
    private readonly bool _acceptsRetracts;
    private readonly MergeEngine? _engine;
    private readonly bool _ignoreDelete;
    private readonly bool _ignoreUpdateBefore;
    private readonly Dictionary<BinaryRowBytes, int> _partitionNumbers = [];
    private readonly List<BinaryRowBytes> _partitions = [];
    private int _firstBucket;
    private int _bucketCount;

    /// <summary>The number of each row's partition, then of its target.</summary>
    private int[] _targets = [];
    private int[] _buckets = [];
    private int[] _rows = [];
    private int[] _ends = [];

    /// <summary>Makes a router.</summary>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="assigner">What assigns the rows of a table with dynamic buckets; null for other tables.</param>
    /// <param name="crossing">The same where keys move between partitions.</param>
    public BucketRouter(
        TableSchema schema,
        TableOptions options,
        HashBucketAssigner? assigner = null,
        CrossPartitionAssigner? crossing = null)
    {
        TotalBuckets = options.GetInt32("bucket", BucketModes.DynamicBucket);
        _mode = BucketModes.Of(schema, options);
        _acceptsRetracts = schema.PrimaryKeys.Count > 0;
        _engine = _acceptsRetracts ? MergeEngine.Create(schema, options) : null;
        _partitionIndexes = schema.IndexesOf(schema.PartitionKeys);
        _keyIndexes = [];
        switch (_mode)
        {
            case BucketMode.Fixed:
                _keyIndexes = schema.IndexesOf(schema.BucketKeys);
                _function = BucketFunction.Create(
                    options.GetEnum("bucket-function.type", BucketFunctionType.Default), schema.BucketKeyType);
                break;
            case BucketMode.Dynamic:
                _keyIndexes = schema.IndexesOf(schema.TrimmedPrimaryKeys);
                _hasher = new RowHasher(schema.TrimmedPrimaryKeyType);
                _assigner = assigner ?? throw new ArgumentNullException(nameof(assigner));
                break;
            case BucketMode.CrossPartition:
                _crossing = crossing ?? throw new ArgumentNullException(nameof(crossing));
                break;
        }

        _partitionWriter = new BinaryRowWriter(schema.PartitionType);
        _ignoreDelete = MergeEngine.IgnoresDelete(options);
        _ignoreUpdateBefore = options.GetBoolean("ignore-update-before", false);
    }

    /// <summary>The table's buckets as manifests say them: -1 for dynamic buckets and tables without, -2 for rows to come.</summary>
    public int TotalBuckets { get; }

    /// <summary>The number of targets of the batch routed last, empty ones included.</summary>
    public int TargetCount => _partitions.Count * _bucketCount;

    /// <summary>Finds the targets of all rows.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="cancellationToken">Gives up waiting for what is to be known of the rows.</param>
    /// <returns>The rows that the targets speak of: others than the batch's where rows move between partitions.</returns>
    /// <exception cref="PaimonException">Invalid: a retraction in a table without primary key.</exception>
    public async ValueTask<ColumnBatch> RouteAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        CheckRetracts(batch);
        MakeRoom(batch.RowCount);
        NumberPartitions(batch, _targets.AsSpan(0, batch.RowCount));
        if (_crossing is not null)
        {
            var routed = await _crossing
                .RouteAsync(batch, _partitions, _targets.AsMemory(0, batch.RowCount), cancellationToken).ConfigureAwait(false);
            batch = routed.Batch;
            MakeRoom(batch.RowCount);
            routed.Partitions.CopyTo(_targets);
            routed.Buckets.CopyTo(_buckets);
        }

        DropIgnored(batch, _targets.AsSpan(0, batch.RowCount));
        if (_assigner is not null)
        {
            await _assigner.OpenAsync(_partitions, cancellationToken).ConfigureAwait(false);
        }

        var targets = _targets.AsSpan(0, batch.RowCount);
        AssignBuckets(batch, targets, _buckets.AsSpan(0, batch.RowCount));
        Combine(targets, _buckets.AsSpan(0, batch.RowCount));
        Sort(targets);
        return batch;
    }

    /// <summary>The bucket of a target.</summary>
    /// <param name="target">0 to <see cref="TargetCount"/> - 1.</param>
    public BucketId BucketOf(int target) => new(_partitions[target / _bucketCount], _firstBucket + (target % _bucketCount));

    /// <summary>The rows of a target, ascending.</summary>
    /// <param name="target">0 to <see cref="TargetCount"/> - 1.</param>
    public ReadOnlySpan<int> RowsOf(int target)
    {
        var start = target == 0 ? 0 : _ends[target - 1];
        return _rows.AsSpan(start, _ends[target] - start);
    }

    private void MakeRoom(int count)
    {
        if (_targets.Length < count)
        {
            _targets = new int[count];
            _buckets = new int[count];
            _rows = new int[count];
        }
    }

    private static ColumnVector[] Columns(ColumnBatch batch, int[] indexes) =>
        [.. indexes.Select(index => batch.Columns[index])];

    private void NumberPartitions(ColumnBatch batch, Span<int> numbers)
    {
        _partitions.Clear();
        _partitionNumbers.Clear();
        if (_partitionIndexes.Length == 0)
        {
            _partitions.Add(BinaryRowBytes.Empty);
            numbers.Clear();
            return;
        }

        var columns = Columns(batch, _partitionIndexes);
        var last = -1;
        for (var row = 0; row < numbers.Length; row++)
        {
            var bytes = _partitionWriter.Write(columns, row);
            if (last < 0 || !bytes.SequenceEqual(_partitions[last].Row))
            {
                last = NumberOf(BinaryRowBytes.FromRow(columns.Length, bytes));
            }

            numbers[row] = last;
        }
    }

    private int NumberOf(BinaryRowBytes partition)
    {
        if (!_partitionNumbers.TryGetValue(partition, out var number))
        {
            number = _partitions.Count;
            _partitions.Add(partition);
            _partitionNumbers.Add(partition, number);
        }

        return number;
    }

    private void AssignBuckets(ColumnBatch batch, ReadOnlySpan<int> partitions, Span<int> buckets)
    {
        switch (_mode)
        {
            case BucketMode.Fixed:
                _function!.Assign(Columns(batch, _keyIndexes), 0, TotalBuckets, buckets);
                (_firstBucket, _bucketCount) = (0, TotalBuckets);
                break;
            case BucketMode.Dynamic:
                _hasher!.Hash(Columns(batch, _keyIndexes), 0, buckets);
                _assigner!.Assign(_partitions, partitions, buckets);
                (_firstBucket, _bucketCount) = (0, 1 + MaxBucket(partitions, buckets));
                break;
            case BucketMode.CrossPartition:
                (_firstBucket, _bucketCount) = (0, 1 + MaxBucket(partitions, buckets));
                break;
            default:
                // Without a primary key -1 stands for one place for all rows, which is called bucket 0.
                _firstBucket = _mode == BucketMode.Postponed ? DataFilePaths.PostponeBucket : 0;
                _bucketCount = 1;
                buckets.Fill(_firstBucket);
                break;
        }
    }

    private static int MaxBucket(ReadOnlySpan<int> partitions, ReadOnlySpan<int> buckets)
    {
        var max = 0;
        for (var row = 0; row < buckets.Length; row++)
        {
            if (partitions[row] != Dropped)
            {
                max = Math.Max(max, buckets[row]);
            }
        }

        return max;
    }

    private void Combine(Span<int> targets, ReadOnlySpan<int> buckets)
    {
        for (var row = 0; row < targets.Length; row++)
        {
            if (targets[row] != Dropped)
            {
                targets[row] = checked((targets[row] * _bucketCount) + buckets[row] - _firstBucket);
            }
        }
    }

    private void DropIgnored(ColumnBatch batch, Span<int> targets)
    {
        if (batch.Kinds is null || !(_ignoreDelete || _ignoreUpdateBefore))
        {
            return;
        }

        var kinds = batch.Kinds.Values;
        for (var row = 0; row < kinds.Length; row++)
        {
            if (IsIgnored(kinds[row]))
            {
                targets[row] = Dropped;
            }
        }
    }

    private bool IsIgnored(RowKind kind) => kind switch
    {
        RowKind.UpdateBefore => _ignoreDelete || _ignoreUpdateBefore,
        RowKind.Delete => _ignoreDelete,
        _ => false,
    };

    // Before anything is remembered of the rows: what is refused was never there.
    private void CheckRetracts(ColumnBatch batch)
    {
        if (batch.Kinds is null || _engine is { MayRefuseRetracts: false })
        {
            return;
        }

        var kinds = batch.Kinds.Values;
        for (var row = 0; row < kinds.Length; row++)
        {
            if (!kinds[row].IsRetract() || IsIgnored(kinds[row]))
            {
                continue;
            }

            _engine?.CheckRetract(batch.Columns, row, kinds[row]);
            if (!_acceptsRetracts)
            {
                PaimonException.ThrowInvalid(
                    $"A table without a primary key takes no {kinds[row].ToShortText()} row; set 'ignore-delete' to leave them out.");
            }
        }
    }

    private void Sort(ReadOnlySpan<int> targets)
    {
        if (_ends.Length < TargetCount + 1)
        {
            _ends = new int[TargetCount + 1];
        }

        // Counts are kept one place up, so that after placing the rows each place holds the end of its own target.
        Array.Clear(_ends, 0, TargetCount + 1);
        foreach (var target in targets)
        {
            if (target != Dropped)
            {
                _ends[target + 1]++;
            }
        }

        for (var target = 1; target <= TargetCount; target++)
        {
            _ends[target] += _ends[target - 1];
        }

        for (var row = 0; row < targets.Length; row++)
        {
            if (targets[row] != Dropped)
            {
                _rows[_ends[targets[row]]++] = row;
            }
        }
    }
}

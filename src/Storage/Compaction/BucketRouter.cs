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
/// Splits a batch by partition and bucket: the target of every row is computed column-wise, then a counting sort gives each
/// target the list of its rows, in the batch's order. Reuses its buffers; one thread.
/// </summary>
internal sealed class BucketRouter
{
    private const int Dropped = -1;

    private readonly int[] _partitionIndexes;
    private readonly int[] _bucketIndexes;
    private readonly BucketFunction _function;
    private readonly BinaryRowWriter _partitionWriter;
    private readonly bool _acceptsRetracts;
    private readonly bool _ignoreDelete;
    private readonly bool _ignoreUpdateBefore;
    private readonly Dictionary<BinaryRowBytes, int> _partitionNumbers = [];
    private readonly List<BinaryRowBytes> _partitions = [];
    private int[] _targets = [];
    private int[] _rows = [];
    private int[] _ends = [];

    /// <summary>Makes a router.</summary>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="options">The table's options.</param>
    public BucketRouter(TableSchema schema, TableOptions options)
    {
        TotalBuckets = options.GetInt32("bucket", -1);
        _acceptsRetracts = schema.PrimaryKeys.Count > 0;
        if (TotalBuckets < 1 && (_acceptsRetracts || TotalBuckets != -1))
        {
            PaimonException.ThrowUnsupported($"Writing to a table with bucket = {TotalBuckets} is not supported; 1 or more is.");
        }

        // Without a primary key -1 stands for one place for all rows, which is called bucket 0.
        BucketCount = Math.Max(1, TotalBuckets);

        _partitionIndexes = schema.IndexesOf(schema.PartitionKeys);
        _bucketIndexes = schema.IndexesOf(schema.BucketKeys);
        _function = BucketFunction.Create(
            options.GetEnum("bucket-function.type", BucketFunctionType.Default), schema.BucketKeyType);
        _partitionWriter = new BinaryRowWriter(schema.PartitionType);
        _ignoreDelete = MergeEngine.IgnoresDelete(options);
        _ignoreUpdateBefore = options.GetBoolean("ignore-update-before", false);
    }

    /// <summary>The table's buckets as manifests say them: -1 for a table without.</summary>
    public int TotalBuckets { get; }

    /// <summary>The buckets that rows go to.</summary>
    public int BucketCount { get; }

    /// <summary>The number of targets of the batch routed last, empty ones included.</summary>
    public int TargetCount => _partitions.Count * BucketCount;

    /// <summary>Finds the targets of all rows.</summary>
    /// <param name="batch">The rows.</param>
    /// <exception cref="PaimonException">Invalid: a retraction in a table without primary key.</exception>
    public void Route(ColumnBatch batch)
    {
        var count = batch.RowCount;
        if (_targets.Length < count)
        {
            _targets = new int[count];
            _rows = new int[count];
        }

        var targets = _targets.AsSpan(0, count);
        _function.Assign([.. _bucketIndexes.Select(index => batch.Columns[index])], 0, BucketCount, targets);
        _partitions.Clear();
        _partitionNumbers.Clear();
        if (_partitionIndexes.Length == 0)
        {
            _partitions.Add(BinaryRowBytes.Empty);
        }
        else
        {
            AddPartitions(batch, targets);
        }

        DropIgnored(batch, targets);
        CheckRetracts(batch, targets);
        Sort(targets);
    }

    /// <summary>The bucket of a target.</summary>
    /// <param name="target">0 to <see cref="TargetCount"/> - 1.</param>
    public BucketId BucketOf(int target) => new(_partitions[target / BucketCount], target % BucketCount);

    /// <summary>The rows of a target, ascending.</summary>
    /// <param name="target">0 to <see cref="TargetCount"/> - 1.</param>
    public ReadOnlySpan<int> RowsOf(int target)
    {
        var start = target == 0 ? 0 : _ends[target - 1];
        return _rows.AsSpan(start, _ends[target] - start);
    }

    private void AddPartitions(ColumnBatch batch, Span<int> targets)
    {
        var columns = _partitionIndexes.Select(index => batch.Columns[index]).ToArray();
        var last = -1;
        for (var row = 0; row < targets.Length; row++)
        {
            var bytes = _partitionWriter.Write(columns, row);
            if (last < 0 || !bytes.SequenceEqual(_partitions[last].Row))
            {
                last = NumberOf(BinaryRowBytes.FromRow(columns.Length, bytes));
            }

            targets[row] += last * BucketCount;
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

    private void DropIgnored(ColumnBatch batch, Span<int> targets)
    {
        if (batch.Kinds is null || !(_ignoreDelete || _ignoreUpdateBefore))
        {
            return;
        }

        var kinds = batch.Kinds.Values;
        for (var row = 0; row < kinds.Length; row++)
        {
            if (kinds[row] == RowKind.UpdateBefore || (_ignoreDelete && kinds[row] == RowKind.Delete))
            {
                targets[row] = Dropped;
            }
        }
    }

    private void CheckRetracts(ColumnBatch batch, ReadOnlySpan<int> targets)
    {
        if (_acceptsRetracts || batch.Kinds is null)
        {
            return;
        }

        var kinds = batch.Kinds.Values;
        for (var row = 0; row < kinds.Length; row++)
        {
            if (targets[row] != Dropped && kinds[row].IsRetract())
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

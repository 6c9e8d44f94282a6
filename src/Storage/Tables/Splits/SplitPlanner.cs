using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Turns snapshots into splits. Files are ruled out by partition, by bucket (from key equalities) and by key range; by the
/// statistics of other columns only where no other run overlaps, as a file ruled out could hold the newest version of a key
/// whose older versions would then show (docs/format.md#merge-read). One thread.
/// </summary>
internal sealed class SplitPlanner
{
    private readonly Table _table;
    private readonly TableSchema _schema;
    private readonly TableOptions _options;
    private readonly Predicate? _predicate;
    private readonly Predicate? _partitionPredicate;
    private readonly Predicate? _keyPredicate;
    private readonly ColumnVector[]? _bucketKeys;

    private readonly bool _hasDeletionVectors;
    private readonly Dictionary<int, HashSet<int>> _bucketsByTotal = [];
    private readonly RowSelection _selection = new();

    /// <summary>Prepares a scan.</summary>
    public SplitPlanner(Table table, TableSchema schema, TableOptions options, Predicate? predicate)
    {
        _table = table;
        _schema = schema;
        _options = options;
        _predicate = predicate;
        _partitionPredicate = schema.PartitionKeys.Count == 0 ? null : predicate?.Project(schema.PartitionKeys);
        _hasDeletionVectors = options.GetBoolean("deletion-vectors.enabled", false);
        _keyPredicate = predicate?.Project(schema.TrimmedPrimaryKeys);
        if (predicate is not null && schema.BucketKeys.Count > 0 && predicate.TryGetKeys(schema.BucketKeyType, out var keys))
        {
            _bucketKeys = keys;
        }
    }

    /// <summary>True to merge rows of level 0 in where deletion vectors hide them.</summary>
    public bool AllLevels { get; init; }

    /// <summary>The files ruled out.</summary>
    public int PrunedFiles { get; private set; }

    /// <summary>The splits of all live files of a snapshot, to be merged: one for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanStateAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var filter = Filter() with { MinLevel = NeedsNoMerge ? 1 : null };
        var entries = await _table.Store.Scan.LiveAsync(snapshot, filter, cancellationToken).ConfigureAwait(false);
        var deletions = _hasDeletionVectors
            ? await _table.Store.DeletionFilesAsync(snapshot, cancellationToken).ConfigureAwait(false)
            : null;
        var splits = new List<Split>();
        foreach (var bucket in entries.GroupBy(entry => new BucketId(entry.Partition, entry.Bucket)))
        {
            var files = new List<DataFileMeta>();
            foreach (var entry in bucket)
            {
                if (_keyPredicate is null || _keyPredicate.MayMatch(KeyBounds(entry.File)))
                {
                    files.Add(entry.File);
                }
                else
                {
                    PrunedFiles++;
                }
            }

            // Of rows whose columns are in several files no file alone can be ruled out.
            if (_predicate is not null && !_options.GetBoolean("data-evolution.enabled", false))
            {
                files = await PruneByValuesAsync(files, cancellationToken).ConfigureAwait(false);
            }

            if (files.Count > 0)
            {
                var split = NewSplit(snapshot, bucket.Key, bucket.First().TotalBuckets, files);
                splits.Add(deletions is null ? split : split with
                {
                    Deletions = deletions.OfBucket(bucket.Key.Partition, bucket.Key.Bucket),
                    IsRawConvertible = NeedsNoMerge,
                });
            }
        }

        return splits;
    }

    /// <summary>The splits of what a snapshot itself added, to be given as they are: one for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanDeltaAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        PlanChanges(snapshot, await _table.Store.Scan.DeltaAsync(snapshot, ChangesFilter(), cancellationToken).ConfigureAwait(false));

    /// <summary>The splits of the changelog files of a snapshot, to be given as they are: one for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanChangelogAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        PlanChanges(snapshot, await _table.Store.Scan.ChangelogAsync(snapshot, ChangesFilter(), cancellationToken).ConfigureAwait(false));

    private static List<Split> PlanChanges(Snapshot snapshot, List<ManifestEntry> entries) =>
    [
        .. entries.Where(entry => entry.Kind == FileKind.Add)
            .GroupBy(entry => new BucketId(entry.Partition, entry.Bucket))
            .Select(bucket => NewSplit(
                snapshot,
                bucket.Key,
                bucket.First().TotalBuckets,
                [.. bucket.Select(entry => entry.File).OrderBy(file => file.MinSequenceNumber)]) with { IsStreaming = true }),
    ];

    private static Split NewSplit(Snapshot snapshot, BucketId bucket, int totalBuckets, IReadOnlyList<DataFileMeta> files) =>
        new() { SnapshotId = snapshot.Id, Bucket = bucket, TotalBuckets = totalBuckets, Files = files };

    // Under deletion vectors rows of level 0 are not visible, and of the other versions of a key all but one are deleted.
    private bool NeedsNoMerge => _hasDeletionVectors && _schema.PrimaryKeys.Count > 0 && !AllLevels;

    // Changes are told of rows, too, that wait in the postpone bucket.
    private ScanFilter ChangesFilter() =>
        Filter() with { Buckets = (bucket, total) => bucket < 0 || MayMatchBucket(bucket, total) };

    private ScanFilter Filter() => new() { Partition = MayMatchPartition, Buckets = MayMatchBucket };

    private static ColumnVector[] ReadRow(RowType type, BinaryRowBytes row)
    {
        var columns = BinaryRows.CreateColumns(type);
        new BinaryRowReader(type).ReadSerialized(row.Serialized, columns);
        return columns;
    }

    private bool MayMatchPartition(BinaryRowBytes partition)
    {
        if (_partitionPredicate is null)
        {
            return true;
        }

        var batch = new ColumnBatch(_schema.PartitionType, ReadRow(_schema.PartitionType, partition), 1);
        _partitionPredicate.Evaluate(batch, _selection);
        return _selection.Count > 0;
    }

    // Rows that wait in the postpone bucket are not visible.
    private bool MayMatchBucket(int bucket, int totalBuckets)
    {
        if (_bucketKeys is null || bucket < 0 || totalBuckets < 1)
        {
            return bucket >= 0;
        }

        if (!_bucketsByTotal.TryGetValue(totalBuckets, out var buckets))
        {
            var assigned = new int[_bucketKeys[0].Length];
            BucketFunction
                .Create(_options.GetEnum("bucket-function.type", BucketFunctionType.Default), _schema.BucketKeyType)
                .Assign(_bucketKeys, 0, totalBuckets, assigned);
            buckets = [.. assigned];
            _bucketsByTotal.Add(totalBuckets, buckets);
        }

        return buckets.Contains(bucket);
    }

    private Func<string, ColumnBounds?> KeyBounds(DataFileMeta file)
    {
        var type = _schema.TrimmedPrimaryKeyType;
        var stats = file.KeyStats;
        if (stats.MinValues.Arity != type.Fields.Count)
        {
            return _ => null;
        }

        var min = ReadRow(type, stats.MinValues);
        var max = ReadRow(type, stats.MaxValues);
        return name => type.IndexOf(name) is >= 0 and var i
            ? new ColumnBounds(min[i], max[i], 0, stats.NullCounts[i], file.RowCount)
            : null;
    }

    private async ValueTask<List<DataFileMeta>> PruneByValuesAsync(List<DataFileMeta> files, CancellationToken cancellationToken)
    {
        var kept = new List<DataFileMeta>();
        var sections = _schema.PrimaryKeys.Count > 0 && !NeedsNoMerge
            ? IntervalPartition.Split(files, _schema.TrimmedPrimaryKeyType)
            : [.. files.Select(file => (IReadOnlyList<SortedRun>)[new SortedRun([file])])];
        foreach (var section in sections)
        {
            foreach (var file in section.SelectMany(run => run.Files))
            {
                if (section.Count > 1 || await MayMatchValuesAsync(file, cancellationToken).ConfigureAwait(false))
                {
                    kept.Add(file);
                }
                else
                {
                    PrunedFiles++;
                }
            }
        }

        return kept;
    }

    private async ValueTask<bool> MayMatchValuesAsync(DataFileMeta file, CancellationToken cancellationToken)
    {
        var fileSchema = await _table.Store.Schemas.ReadAsync(file.SchemaId, cancellationToken).ConfigureAwait(false);
        return _predicate!.MayMatch(ValueBounds(file, fileSchema));
    }

    private Func<string, ColumnBounds?> ValueBounds(DataFileMeta file, TableSchema fileSchema)
    {
        var type = file.ValueStatsColumns is { } names
            ? fileSchema.RowType.Project(fileSchema.IndexesOf(names))
            : fileSchema.RowType;
        var stats = file.ValueStats;
        if (stats.MinValues.Arity != type.Fields.Count || stats.NullCounts.Count != type.Fields.Count)
        {
            return _ => null;
        }

        var min = ReadRow(type, stats.MinValues);
        var max = ReadRow(type, stats.MaxValues);
        return name =>
        {
            var field = _schema.Fields[_schema.RowType.IndexOf(name)];
            var i = type.IndexOfId(field.Id);
            return i >= 0 && type.Fields[i].Type.EqualsIgnoringNullability(field.Type)
                ? new ColumnBounds(min[i], max[i], 0, stats.NullCounts[i], file.RowCount)
                : null;
        };
    }
}

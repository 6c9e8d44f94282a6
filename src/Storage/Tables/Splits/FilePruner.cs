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
/// Rules files out for a condition: by partition, by bucket (from key equalities) and by key range; by the statistics of other
/// columns only where no other run overlaps, as a file ruled out could hold the newest version of a key whose older versions
/// would then show (docs/format.md#merge-read). One thread.
/// </summary>
internal sealed class FilePruner
{
    private readonly SchemaManager _schemas;
    private readonly TableSchema _schema;
    private readonly TableOptions _options;
    private readonly Predicate? _predicate;
    private readonly Predicate? _partitionPredicate;
    private readonly Predicate? _keyPredicate;
    private readonly ColumnVector[]? _bucketKeys;
    private readonly FileIndexFilter? _indexFilter;
    private readonly bool _hasSplitRows;
    private readonly Dictionary<int, HashSet<int>> _bucketsByTotal = [];
    private readonly RowSelection _selection = new();

    /// <summary>Takes the condition apart.</summary>
    /// <param name="schemas">The schemas that files were written with.</param>
    /// <param name="schema">The schema that the condition speaks of.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="predicate">The condition; null rules nothing out.</param>
    public FilePruner(SchemaManager schemas, TableSchema schema, TableOptions options, Predicate? predicate)
    {
        _schemas = schemas;
        _schema = schema;
        _options = options;
        _predicate = predicate;
        _partitionPredicate = schema.PartitionKeys.Count == 0 ? null : predicate?.Project(schema.PartitionKeys);
        _keyPredicate = schema.PrimaryKeys.Count == 0 ? null : predicate?.Project(schema.TrimmedPrimaryKeys);

        _indexFilter = FileIndexFilter.TryCreate(predicate, schema, options);

        // Of rows whose columns are in several files no file alone can be ruled out.
        _hasSplitRows = options.GetBoolean("data-evolution.enabled", false);
        if (predicate is not null && schema.BucketKeys.Count > 0 && predicate.TryGetKeys(schema.BucketKeyType, out var keys))
        {
            _bucketKeys = keys;
        }
    }

    /// <summary>True where a file may hold other versions of the keys of another.</summary>
    public bool HasOverlaps { get; init; }

    /// <summary>The files ruled out.</summary>
    public int PrunedFiles { get; private set; }

    /// <summary>False when no partition of a manifest can be wanted.</summary>
    public bool MayMatchPartitions(ManifestFileMeta manifest)
    {
        var type = _schema.PartitionType;
        var stats = manifest.PartitionStats;
        if (_partitionPredicate is null
            || stats.MinValues.Arity != type.Fields.Count
            || stats.NullCounts.Count != type.Fields.Count)
        {
            return true;
        }

        var min = ReadRow(type, stats.MinValues);
        var max = ReadRow(type, stats.MaxValues);
        var rows = manifest.AddedFileCount + manifest.DeletedFileCount;
        return _partitionPredicate.MayMatch(name => type.IndexOf(name) is >= 0 and var i
            ? new ColumnBounds(min[i], max[i], 0, stats.NullCounts[i], rows)
            : null);
    }

    /// <summary>True when a partition is wanted.</summary>
    public bool MayMatchPartition(BinaryRowBytes partition)
    {
        if (_partitionPredicate is null)
        {
            return true;
        }

        var batch = new ColumnBatch(_schema.PartitionType, ReadRow(_schema.PartitionType, partition), 1);
        _partitionPredicate.Evaluate(batch, _selection);
        return _selection.Count > 0;
    }

    /// <summary>True when a bucket may hold wanted keys.</summary>
    public bool MayMatchBucket(int bucket, int totalBuckets)
    {
        if (_bucketKeys is null || bucket < 0 || totalBuckets < 1)
        {
            return true;
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

    /// <summary>The files of a bucket of a state that may hold wanted rows, so that a merge of them loses none.</summary>
    public async ValueTask<IReadOnlyList<DataFileMeta>> PruneStateAsync(
        IReadOnlyList<DataFileMeta> files, CancellationToken cancellationToken) =>
        _predicate is null || _hasSplitRows
            ? PruneByKeys(files)
            : await PruneByValuesAsync(PruneByKeys(files), cancellationToken).ConfigureAwait(false);

    /// <summary>The files whose key range may hold wanted rows: right for changes and comparisons too.</summary>
    public IReadOnlyList<DataFileMeta> PruneByKeys(IReadOnlyList<DataFileMeta> files)
    {
        if (_keyPredicate is null)
        {
            return files;
        }

        DataFileMeta[] kept = [.. files.Where(file => _keyPredicate.MayMatch(KeyBounds(file)))];
        PrunedFiles += files.Count - kept.Length;
        return kept;
    }

    private static ColumnVector[] ReadRow(RowType type, BinaryRowBytes row)
    {
        var columns = BinaryRows.CreateColumns(type);
        new BinaryRowReader(type).ReadSerialized(row.Serialized, columns);
        return columns;
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

    private async ValueTask<List<DataFileMeta>> PruneByValuesAsync(IReadOnlyList<DataFileMeta> files, CancellationToken cancellationToken)
    {
        var kept = new List<DataFileMeta>();
        foreach (var section in SectionsOf(files))
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

    private IEnumerable<IReadOnlyList<SortedRun>> SectionsOf(IReadOnlyList<DataFileMeta> files) =>
        !HasOverlaps
            ? files.Select(file => (IReadOnlyList<SortedRun>)[new SortedRun([file])])
            : IntervalPartition.Split(files, _schema.TrimmedPrimaryKeyType);

    private async ValueTask<bool> MayMatchValuesAsync(DataFileMeta file, CancellationToken cancellationToken)
    {
        var fileSchema = await _schemas.ReadAsync(file.SchemaId, cancellationToken).ConfigureAwait(false);
        return _predicate!.MayMatch(EvolvedBounds.Of(file, fileSchema, _schema))
            && !(_indexFilter?.TestEmbedded(file, fileSchema).IsNone ?? false);
    }
}

using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Assigns the rows of a table whose primary key lacks a partition column: an index of all keys tells the partition that a key
/// lives in, and what the merge engine wants decides what becomes of a row that names another one
/// (docs/format.md#bucket-modes). The index is filled from the table when the writer begins, and only one writer at a time may
/// write the table. One thread.
/// </summary>
internal sealed class CrossPartitionAssigner : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly long _targetRows;
    private readonly long? _tickMillis;
    private readonly DateTimeOffset _start;
    private readonly KeyEncoder _encoder;
    private readonly EncodedKeys _keys;
    private readonly KeyIndex _index;
    private readonly Dictionary<BinaryRowBytes, int> _numbers = [];
    private readonly List<BinaryRowBytes> _partitions = [];
    private readonly List<PartitionCounts> _counts = [];

    /// <summary>The values of each partition, a row for each.</summary>
    private readonly ColumnVector[] _partitionValues;
    private readonly RoutedRows _routed = new();
    private TableSchema _schema;
    private MoveRule _rule;

    /// <summary>Makes an assigner that knows no key.</summary>
    /// <param name="environment">Clock, local files.</param>
    /// <param name="schema">The schema of the rows.</param>
    /// <param name="options">The table's options.</param>
    public CrossPartitionAssigner(StorageEnvironment environment, TableSchema schema, TableOptions options)
    {
        _time = environment.TimeProvider;
        _schema = schema;
        _rule = RuleOf(options);
        _targetRows = DynamicBucketOptions.From(options).TargetRows;
        TimeToLive = options.GetDuration("cross-partition-upsert.index-ttl");
        _tickMillis = TimeToLive is { } ttl ? Math.Max(1, (long)ttl.TotalMilliseconds / 256) : null;
        _start = _time.GetUtcNow();
        _encoder = new KeyEncoder(schema.PrimaryKeyType);
        _keys = _encoder.CreateKeys();
        _index = new KeyIndex(
            environment, LookupOptions.Of(options), _encoder, MemoryBudget.Of(options).WriteBufferBytes / 4);
        _partitionValues = BinaryRows.CreateColumns(schema.PartitionType);
    }

    /// <summary>Option <c>cross-partition-upsert.index-ttl</c>: a key that was written longer ago is forgotten.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>True when the index has the keys of the table.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The memory in use.</summary>
    public long SizeBytes => _index.SizeBytes;

    /// <summary>Adds keys that the table has.</summary>
    /// <param name="bucket">The bucket that they are in.</param>
    /// <param name="keys">The columns of the primary key, in its order.</param>
    /// <param name="count">The number of keys.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask AddExistingAsync(
        BucketId bucket, ColumnVector[] keys, int count, CancellationToken cancellationToken)
    {
        _keys.Clear();
        _encoder.Encode(keys, 0, count, _keys);
        await _index.OpenAsync(_keys, cancellationToken).ConfigureAwait(false);
        var partition = NumberOf(bucket.Partition);
        var place = new KeyPlace(partition, bucket.Bucket, Tick());
        for (var key = 0; key < count; key++)
        {
            Put(key, place);
        }

        _counts[partition].Add(bucket.Bucket, count);
    }

    /// <summary>All keys of the table have been added.</summary>
    public void EndOpen() => IsOpen = true;

    /// <summary>Goes on with another schema or other options of it.</summary>
    public void Use(TableSchema schema, TableOptions options)
    {
        _schema = schema;
        _rule = RuleOf(options);
    }

    /// <summary>Assigns rows.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="partitions">Their partitions; replaced by those that they go to.</param>
    /// <param name="partitionOf">The number of each row's partition among them.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing was assigned then.</param>
    /// <returns>The rows to write, valid until the next call, with their places.</returns>
    public async ValueTask<RoutedRows> RouteAsync(
        ColumnBatch batch,
        List<BinaryRowBytes> partitions,
        ReadOnlyMemory<int> partitionOf,
        CancellationToken cancellationToken)
    {
        _keys.Clear();
        _encoder.Encode(
            [.. _schema.IndexesOf(_schema.PrimaryKeys).Select(index => batch.Columns[index])], 0, batch.RowCount, _keys);
        await _index.OpenAsync(_keys, cancellationToken).ConfigureAwait(false);
        var numbers = new int[partitions.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = NumberOf(partitions[i]);
        }

        _routed.Begin(batch);
        var tick = Tick();
        for (var row = 0; row < batch.RowCount; row++)
        {
            Assign(row, numbers[partitionOf.Span[row]], batch.KindOf(row), tick);
        }

        _routed.End(_schema, _partitions, _partitionValues, partitions);
        return _routed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _index.DisposeAsync();

    private static MoveRule RuleOf(TableOptions options) => options.GetName("merge-engine", "deduplicate") switch
    {
        "first-row" => MoveRule.DropRow,
        "partial-update" or "aggregation" => MoveRule.KeepPartition,
        _ => MoveRule.MoveRow,
    };

    private void Assign(int row, int partition, RowKind kind, int tick)
    {
        var entry = _index.Find(_keys, row, out var place);
        if (entry < 0 || IsExpired(place, tick))
        {
            AssignNew(row, partition, kind, tick);
        }
        else if (place.Partition == partition)
        {
            _routed.Add(row, partition, place.Bucket, kind);
        }
        else if (_rule == MoveRule.KeepPartition)
        {
            // As in Paimon the row is given on as an insert; there a retraction is, too, which would bring a deleted row back.
            _routed.Add(row, place.Partition, place.Bucket, kind.IsAdd() ? RowKind.Insert : kind, isChanged: true);
        }
        else if (_rule == MoveRule.MoveRow)
        {
            _routed.Add(row, place.Partition, place.Bucket, RowKind.Delete, isChanged: true);
            _counts[place.Partition].Remove(place.Bucket);
            AssignNew(row, partition, kind, tick);
        }
        else
        {
            _routed.Drop();
        }
    }

    private void AssignNew(int row, int partition, RowKind kind, int tick)
    {
        var bucket = _counts[partition].Assign(_targetRows);
        Put(row, new KeyPlace(partition, bucket, tick));
        _routed.Add(row, partition, bucket, kind);
    }

    private void Put(int key, KeyPlace place)
    {
        var entry = _index.Find(_keys, key, out _);
        if (entry < 0)
        {
            _index.Add(_keys, key, place);
        }
        else
        {
            _index.Move(entry, place);
        }
    }

    private bool IsExpired(KeyPlace place, int tick) =>
        _tickMillis is { } millis && (tick - place.Tick) * millis > TimeToLive!.Value.TotalMilliseconds;

    private int Tick() => _tickMillis is { } millis
        ? (int)Math.Clamp((_time.GetUtcNow() - _start).TotalMilliseconds / millis, 0, KeyPlace.PartitionLimit - 1)
        : 0;

    private int NumberOf(BinaryRowBytes partition)
    {
        if (!_numbers.TryGetValue(partition, out var number))
        {
            number = _partitions.Count;
            if (number == KeyPlace.PartitionLimit)
            {
                PaimonException.ThrowInvalid(
                    $"The table has more than {number} partitions; so many are not supported where keys move between them.");
            }

            var values = BinaryRows.Read(_schema.PartitionType, partition);
            for (var i = 0; i < values.Length; i++)
            {
                _partitionValues[i].AppendRange(values[i], 0, 1);
            }

            _partitions.Add(partition);
            _counts.Add(new PartitionCounts());
            _numbers.Add(partition, number);
        }

        return number;
    }
}

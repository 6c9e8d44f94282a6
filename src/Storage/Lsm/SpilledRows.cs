using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The rows of a bucket that have left its write buffer for the local disk: runs of one row a key, what the merge engine made of
/// the rows that were in the buffer together, each run in a file of its own and older than the next one. One thread.
/// </summary>
internal sealed class SpilledRows : IAsyncDisposable
{
    /// <summary>More are not read side by side: with so many the rows go to level 0.</summary>
    private const int MaxRuns = 64;

    /// <summary>Each file holds a descriptor of the process.</summary>
    private const int MaxFiles = 1024;

    private const long MinBlockBytes = 16L << 10;
    private const long MaxBlockBytes = 256L << 10;

    private readonly KeyValueReadPlan _plan;
    private readonly SpillStore _store;
    private readonly long _blockBytes;
    private readonly int[] _keyIndexes;
    private readonly int[] _valueIndexes;
    private readonly List<SpilledRun> _runs = [];

    /// <summary>Begins without rows.</summary>
    /// <param name="plan">How compactions read: all columns.</param>
    /// <param name="store">The files of the writer.</param>
    public SpilledRows(KeyValueReadPlan plan, SpillStore store)
    {
        _plan = plan;
        _store = store;
        _blockBytes = Math.Clamp(plan.Memory.WindowBytes / MaxRuns, MinBlockBytes, MaxBlockBytes);
        _keyIndexes = [.. plan.KeyType.Fields.Select(field => plan.OutputType.IndexOf(field.Name))];
        _valueIndexes = [.. plan.ValueType.Fields.Select(field => plan.OutputType.IndexOf(field.Name))];
    }

    /// <summary>True without rows.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>True when the options and limits allow for another run.</summary>
    public bool HasRoom =>
        _store.Options.IsWriteBufferSpillable
        && _runs.Count < MaxRuns
        && _store.FileCount < MaxFiles
        && _store.DiskBytes < _store.Options.MaxDiskBytes;

    /// <summary>Writes the rows of a buffer, which keeps them; they are part of this object when <see cref="Add"/> is called.</summary>
    /// <param name="buffer">The buffer, sorted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Unavailable: the local disk is full or fails.</exception>
    public async ValueTask<SpilledRun> WriteAsync(WriteBuffer buffer, CancellationToken cancellationToken)
    {
        var file = await _store.CreateAsync(cancellationToken).ConfigureAwait(false);
        var block = _plan.RentWindow();
        try
        {
            var writer = new SpilledRunWriter(file);
            await buffer.WriteMergedAsync(
                (rows, token) => WriteAsync(rows, writer, block, token), cancellationToken).ConfigureAwait(false);
            await file.SealAsync(cancellationToken).ConfigureAwait(false);
            return writer.Finish() with { HoldsKeysOnce = true };
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _plan.ReturnWindow(block);
        }
    }

    /// <summary>Adds a run, the youngest one.</summary>
    public void Add(SpilledRun run) => _runs.Add(run);

    /// <summary>Reads all rows, merged to one for each key, retractions too.</summary>
    /// <param name="bucket">The bucket.</param>
    public SectionReader Open(BucketFiles bucket) => new(
        new MergeReader(MergeRuns.Of(_runs, _plan), _plan, keepRetracts: true), _plan, bucket.Readers, bucket.PartitionValues);

    /// <summary>Removes all rows.</summary>
    public async ValueTask ClearAsync()
    {
        foreach (var run in _runs)
        {
            await run.File.DisposeAsync().ConfigureAwait(false);
        }

        _runs.Clear();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ClearAsync();

    private async ValueTask WriteAsync(
        ColumnBatch batch, SpilledRunWriter writer, RunWindow block, CancellationToken cancellationToken)
    {
        var rows = block.ToSpill();
        var step = (int)Math.Clamp(_blockBytes / 4 * batch.RowCount / Math.Max(1, batch.SizeBytes), 1, batch.RowCount);
        for (var start = 0; start < batch.RowCount;)
        {
            block.Clear();
            while (start < batch.RowCount && block.SizeBytes < _blockBytes)
            {
                var count = Math.Min(step, batch.RowCount - start);
                Append(batch, _keyIndexes, start, count, rows.KeyColumns);
                Append(batch, _valueIndexes, start, count, rows.ValueColumns);
                rows.Kinds.AppendRange(batch.Kinds!, start, count);
                rows.Sequences.AppendRange(batch.Sequences!, start, count);
                start += count;
            }

            await writer.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Append(ColumnBatch batch, int[] indexes, int start, int count, ColumnVector[] target)
    {
        for (var i = 0; i < indexes.Length; i++)
        {
            target[i].AppendRange(batch.Columns[indexes[i]], start, count);
        }
    }
}

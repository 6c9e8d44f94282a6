using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Reads the keys of a table's newest snapshot for the index of a writer that moves rows between partitions: those of rows that
/// are to be seen, level 0 included, several buckets at a time (option <c>cross-partition-upsert.bootstrap-parallelism</c>).
/// </summary>
/// <param name="table">The table.</param>
/// <param name="assigner">Takes the keys.</param>
internal sealed class CrossPartitionBootstrap(Table table, CrossPartitionAssigner assigner)
{
    private const int DefaultParallelism = 10;

    /// <summary>Reads all keys.</summary>
    /// <param name="cancellationToken">Gives up; the writer is then of no use.</param>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var snapshot = await table.Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            return;
        }

        var planner = new BatchPlanner(table)
        {
            Startup = new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = snapshot.Id },
            SchemaId = table.Schema.Id,
            AllLevels = true,
        };
        var plans = await planner.PlanAsync(cancellationToken).ConfigureAwait(false);
        using var gate = new SemaphoreSlim(1, 1);
        var most = table.Options.GetInt32("cross-partition-upsert.bootstrap-parallelism", DefaultParallelism);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Clamp(most, 1, MemoryBudget.Of(table.Options).ParallelTasks),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            plans[0].Splits.Where(IsKnown),
            parallel,
            (split, token) => ReadAsync(split, gate, token)).ConfigureAwait(false);
    }

    private async ValueTask ReadAsync(Split split, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        var keys = table.Schema.IndexesOf(table.Schema.PrimaryKeys);
        var reader = new SplitReadRequest(table, table.Schema, table.Options, keys).CreateReader();
        await foreach (var batch in reader.ReadAsync(split, cancellationToken).ConfigureAwait(false))
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await assigner.AddExistingAsync(split.Bucket, [.. batch.Columns], batch.RowCount, cancellationToken)
                    .ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    // Keys that were all written before the time that they are kept for are not known.
    private bool IsKnown(Split split)
    {
        if (assigner.TimeToLive is not { } ttl)
        {
            return true;
        }

        var now = (table.Environment.TimeProvider.GetLocalNow().DateTime - DateTime.UnixEpoch).TotalMilliseconds;
        return split.Files.Any(file => now <= file.CreationTimeMillis + ttl.TotalMilliseconds);
    }
}

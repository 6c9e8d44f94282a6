using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>
/// The keys that a table object is asked for: the first by a scan, as making lookup files would read whole data files, and the
/// others by a lookup that is opened then. Safe for several threads.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore whose wait handle nobody asks for has nothing to dispose.")]
internal sealed class KeyReads
{
    /// <summary>How often a key is looked for in snapshots that expire before it is found.</summary>
    private const int MaxAttempts = 20;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile TableLookup? _lookup;
    private int _calls;

    /// <summary>Finds a row in the newest snapshot.</summary>
    /// <param name="table">The table, the same in every call.</param>
    /// <param name="key">The values of the primary key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<Row?> GetAsync(Table table, object?[] key, CancellationToken cancellationToken)
    {
        TableFeatures.CheckReadable(table.Schema, table.Options);
        if ((Interlocked.Increment(ref _calls) == 1 && HasExactEquality(table.Schema.PrimaryKeyType))
            || !string.IsNullOrWhiteSpace(table.Options.GetString("scan.fallback-branch")))
        {
            return await ScanAsync(table, key, cancellationToken).ConfigureAwait(false);
        }

        var lookup = _lookup ?? await OpenAsync(table, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await lookup.RefreshAsync(cancellationToken).ConfigureAwait(false);
                return await lookup.GetAsync(key, cancellationToken).ConfigureAwait(false);
            }
            catch (FileMissingException) when (attempt < MaxAttempts)
            {
                // The snapshot has expired in between; the newest one never does.
                if (await table.Store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) == lookup.SnapshotId)
                {
                    throw;
                }
            }
        }
    }

    // NaN is a key like another, but equals nothing.
    private static bool HasExactEquality(RowType keyType) =>
        keyType.Fields.All(field => field.Type.Root is not (TypeRoot.Float or TypeRoot.Double));

    private static async ValueTask<Row?> ScanAsync(Table table, object?[] values, CancellationToken cancellationToken)
    {
        var shape = new LookupShape(table, table.Schema, columns: null);
        var key = new LookupKeys(shape);
        if (!key.TrySet(values))
        {
            return null;
        }

        var fields = shape.KeyType.Fields;
        var conditions = fields
            .Select((field, i) => Predicate.Leaf(table.Schema.RowType, field.Name, PredicateOperator.Equal, values[i]))
            .ToArray();
        await foreach (var batch in table.NewScan().Filter(Predicate.And(conditions)).ReadBatchesAsync(cancellationToken)
            .ConfigureAwait(false))
        {
            var row = new ColumnBatch(batch.RowType);
            row.AppendRange(batch, 0, 1);
            return new Row(row, 0);
        }

        return null;
    }

    private async ValueTask<TableLookup> OpenAsync(Table table, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _lookup ??= await table.OpenLookupAsync(null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }
}

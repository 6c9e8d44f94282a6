using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Looks keys up by reading the runs of higher levels beside them, from the smallest key to the largest: no more than each file
/// whose range holds a key once, and values only where a key is found. One thread.
/// </summary>
/// <param name="context">Schema and options.</param>
/// <param name="bucket">Where the files are.</param>
/// <param name="levels">The bucket's tree.</param>
internal sealed class RunLookup(KeyValueWriteContext context, BucketFiles bucket, Levels levels) : IBeforeImageLookup
{
    /// <inheritdoc/>
    public async ValueTask LookupAsync(
        EncodedKeys keys, int startLevel, BeforeImages found, CancellationToken cancellationToken)
    {
        found.Clear();
        var places = new Place?[keys.Count];
        var parts = new List<ColumnBatch>();
        foreach (var run in levels.Runs.Where(run => run.Level >= startLevel))
        {
            await LookupAsync(run.Run, keys, places, parts, found, cancellationToken).ConfigureAwait(false);
        }

        for (var key = 0; key < places.Length; key++)
        {
            if (places[key] is { } place)
            {
                found.Rows.AppendRange(parts[place.Part], place.Row, 1);
                found.Add(key, place.File, place.Position);
            }
        }
    }

    private async ValueTask LookupAsync(
        SortedRun run,
        EncodedKeys keys,
        Place?[] places,
        List<ColumnBatch> parts,
        BeforeImages found,
        CancellationToken cancellationToken)
    {
        var plan = context.CompactionPlan;
        var wanted = new List<DataFileMeta>();
        var ranges = new KeyRanges([.. run.Files], context.KeyType);
        for (var i = 0; i < run.Files.Count; i++)
        {
            var first = keys.LowerBound(0, ranges.Min, i);
            if (first < keys.Count && keys.Compare(first, ranges.Max, i) <= 0)
            {
                wanted.Add(run.Files[i]);
            }
        }

        if (wanted.Count == 0)
        {
            return;
        }

        var cursor = new RunCursor(new SortedRun(wanted), plan, bucket.Readers, 2);
        await using var disposeCursor = cursor.ConfigureAwait(false);
        var hits = new List<int>();
        var key = 0;
        while (true)
        {
            cursor.Position = cursor.Count;
            await cursor.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (cursor.Count == 0)
            {
                return;
            }

            hits.Clear();
            for (var row = 0; key < keys.Count; key++)
            {
                row = cursor.Keys.LowerBound(row, keys, key);
                if (row == cursor.Count)
                {
                    break;
                }

                if (places[key] is null && cursor.Keys.Compare(row, keys, key) == 0)
                {
                    places[key] = new Place(parts.Count, hits.Count, cursor.File.FileName, cursor.PositionOf(row));
                    hits.Add(row);
                }
            }

            if (hits.Count > 0)
            {
                parts.Add(await GatherAsync(cursor, hits, found, cancellationToken).ConfigureAwait(false));
            }

            if (cursor.IsLastWindow || key == keys.Count)
            {
                return;
            }
        }
    }

    private async ValueTask<ColumnBatch> GatherAsync(
        RunCursor cursor, List<int> rows, BeforeImages found, CancellationToken cancellationToken)
    {
        var plan = context.CompactionPlan;
        var batch = new ColumnBatch(found.Rows.RowType, withKinds: true, withSequences: true);
        int[] chosen = [.. rows];
        if (batch.Columns.Count > 0)
        {
            await cursor.LoadValuesAsync(cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < batch.Columns.Count; i++)
        {
            var (source, index) = plan.Sources[i];
            if (source == ColumnSource.Partition)
            {
                BinaryRows.AppendRepeated(batch.Columns[i], bucket.PartitionValues[index], chosen.Length);
            }
            else
            {
                var columns = source == ColumnSource.Key ? cursor.KeyColumns : cursor.ValueColumns;
                batch.Columns[i].AppendGather(columns[index], chosen);
            }
        }

        batch.Kinds!.AppendGather(cursor.Kinds, chosen);
        batch.Sequences!.AppendGather(cursor.Sequences, chosen);
        batch.EndRows(chosen.Length);
        return batch;
    }

    private readonly record struct Place(int Part, int Row, string File, long Position);
}

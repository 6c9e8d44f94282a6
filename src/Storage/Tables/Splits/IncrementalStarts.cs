using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Finds the two ends of an incremental batch: snapshots, tags or times (docs/format.md#scan-options).</summary>
internal static class IncrementalStarts
{
    /// <summary>Finds them.</summary>
    /// <exception cref="PaimonException">Invalid: an end is not there, or the ends are in the wrong order.</exception>
    public static ValueTask<BatchStart> FindAsync(
        FileStore store, TableOptions options, StartupOptions startup, CancellationToken cancellationToken)
    {
        var isChangelog = startup.IncrementalMode == IncrementalMode.Changelog
            || (startup.IncrementalMode == IncrementalMode.Auto && options.GetName("changelog-producer", "none") != "none");
        if (startup.Between is { } between)
        {
            return BetweenAsync(store, startup, StartupOptions.ParseBetween(between), isChangelog, cancellationToken);
        }

        return startup.BetweenTimestamps is { } times
            ? BetweenTimesAsync(store, startup, times, isChangelog, cancellationToken)
            : AutoTags.DifferenceAsync(store, options, startup.ToAutoTag!, cancellationToken);
    }

    /// <summary>The difference of two states.</summary>
    /// <exception cref="PaimonException">Invalid: the table was given another number of buckets in between.</exception>
    public static async ValueTask<BatchStart> DifferenceAsync(
        FileStore store, Snapshot before, Snapshot after, CancellationToken cancellationToken)
    {
        if (before.SchemaId != after.SchemaId)
        {
            var bucketsBefore = await BucketsAsync(store, before.SchemaId, cancellationToken).ConfigureAwait(false);
            var bucketsAfter = await BucketsAsync(store, after.SchemaId, cancellationToken).ConfigureAwait(false);
            if (bucketsBefore != bucketsAfter)
            {
                PaimonException.ThrowInvalid(
                    $"{store.Paths.Root} had {bucketsBefore} buckets at snapshot {before.Id} and {bucketsAfter} at snapshot "
                    + $"{after.Id}: states of different numbers of buckets cannot be compared.");
            }
        }

        return new BatchStart.Difference(before, after);
    }

    private static async ValueTask<int> BucketsAsync(FileStore store, long schemaId, CancellationToken cancellationToken) =>
        new TableOptions((await store.Schemas.ReadAsync(schemaId, cancellationToken).ConfigureAwait(false)).Options)
            .GetInt32("bucket", -1);

    private static async ValueTask<BatchStart> BetweenAsync(
        FileStore store, StartupOptions startup, (string Start, string End) ends, bool isChangelog, CancellationToken cancellationToken)
    {
        if (await store.Tags.TryReadAsync(ends.Start, cancellationToken).ConfigureAwait(false) is { } startTag
            && await store.Tags.TryReadAsync(ends.End, cancellationToken).ConfigureAwait(false) is { } endTag)
        {
            return await BetweenTagsAsync(store, startup, startTag.Snapshot, endTag.Snapshot, isChangelog, cancellationToken).ConfigureAwait(false);
        }

        if (!long.TryParse(ends.Start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start)
            || !long.TryParse(ends.End, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var end))
        {
            throw TableOptions.Error(
                "incremental-between", $"{ends.Start},{ends.End}", "two tags that are there, or the ids of two snapshots");
        }

        if (end < start)
        {
            PaimonException.ThrowInvalid($"Option 'incremental-between' ends with snapshot {end}, before its start {start}.");
        }

        if (start == end || await store.Snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            return new BatchStart.Nothing();
        }

        return startup.IncrementalMode == IncrementalMode.Diff
            ? await DifferenceAsync(
                store,
                await BatchStarts.OfIdAsync(store, start, cancellationToken).ConfigureAwait(false),
                await BatchStarts.OfIdAsync(store, end, cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false)
            : await ChangesAsync(store, start, end, isChangelog, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<BatchStart> BetweenTagsAsync(
        FileStore store, StartupOptions startup, Snapshot start, Snapshot end, bool isChangelog, CancellationToken cancellationToken)
    {
        if (startup.IsTagToSnapshot)
        {
            return startup.IncrementalMode == IncrementalMode.Diff
                ? throw new PaimonException(
                    ErrorKind.Invalid,
                    "Options 'incremental-between-tag-to-snapshot' = 'true' and 'incremental-between-scan-mode' = 'diff' contradict.")
                : await ChangesAsync(store, start.Id, end.Id, isChangelog, cancellationToken).ConfigureAwait(false);
        }

        if (end.Id < start.Id)
        {
            PaimonException.ThrowInvalid(
                $"Option 'incremental-between' ends with a tag of snapshot {end.Id}, before that of its start, {start.Id}.");
        }

        return end.Id == start.Id
            ? new BatchStart.Nothing()
            : await DifferenceAsync(store, start, end, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<BatchStart> ChangesAsync(
        FileStore store, long start, long end, bool isChangelog, CancellationToken cancellationToken)
    {
        var earliest = await store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        if (start < earliest - 1 || end > latest)
        {
            PaimonException.ThrowInvalid(
                $"The changes after snapshot {start} through {end} of {store.Paths.Root} are not all there: its snapshots are "
                + $"{earliest} to {latest}.");
        }

        return new BatchStart.Changes(start, end, isChangelog);
    }

    private static async ValueTask<BatchStart> BetweenTimesAsync(
        FileStore store, StartupOptions startup, string text, bool isChangelog, CancellationToken cancellationToken)
    {
        var snapshots = store.Snapshots;
        var (startTime, endTime) = StartupOptions.ParseTimes(text, store.Environment.TimeProvider.LocalTimeZone);
        if (await snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false) is not { } earliest
            || await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false) is not { } latest)
        {
            return new BatchStart.Nothing();
        }

        if (endTime < startTime)
        {
            throw TableOptions.Error("incremental-between-timestamp", text, "an end that is not before the start");
        }

        if (startTime == endTime || startTime > latest.TimeMillis || endTime < earliest.TimeMillis)
        {
            return new BatchStart.Nothing();
        }

        var start = await snapshots.EarlierOrEqualTimeAsync(startTime, cancellationToken).ConfigureAwait(false);
        var end = await snapshots.EarlierOrEqualTimeAsync(endTime, cancellationToken).ConfigureAwait(false) ?? latest;
        return startup.IncrementalMode == IncrementalMode.Diff
            ? await DifferenceAsync(store, start ?? earliest, end, cancellationToken).ConfigureAwait(false)
            : new BatchStart.Changes(start?.Id ?? earliest.Id - 1, end.Id, isChangelog);
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// The tags that are made automatically, told by their names, which are the times of their periods
/// (docs/format.md#scan-options).
/// </summary>
internal static class AutoTags
{
    /// <summary>What happened between the automatic tag before one and that one; nothing where either is not there.</summary>
    /// <exception cref="PaimonException">Invalid: the name is not one of an automatic tag.</exception>
    public static async ValueTask<BatchStart> DifferenceAsync(
        FileStore store, TableOptions options, string endTag, CancellationToken cancellationToken)
    {
        var period = TagPeriod.From(options);
        if (!period.TryParse(endTag, out var endTime))
        {
            throw TableOptions.Error("incremental-to-auto-tag", endTag, $"the name of an automatic tag, such as {period.NameOf(DateTime.UnixEpoch)}");
        }

        if (await store.Tags.TryReadAsync(endTag, cancellationToken).ConfigureAwait(false) is not { } end)
        {
            return new BatchStart.Nothing();
        }

        (Snapshot? Snapshot, DateTime Time) previous = default;
        foreach (var tag in await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (period.TryParse(tag.Name, out var time)
                && time < endTime
                && (previous.Snapshot is null || time > previous.Time))
            {
                previous = (tag.Snapshot, time);
            }
        }

        return previous.Snapshot is null
            ? new BatchStart.Nothing()
            : await IncrementalStarts.DifferenceAsync(store, previous.Snapshot, end.Snapshot, cancellationToken).ConfigureAwait(false);
    }
}

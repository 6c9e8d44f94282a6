using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Tags that are made by themselves (<c>tag.automatic-creation</c>): the first snapshot of a new period is tagged with the name
/// of the period that ended, by its commit time or its watermark. One run at a time.
/// </summary>
internal sealed class TagAutoCreation
{
    private readonly FileStore _store;
    private readonly TagPeriod _period;
    private readonly TimeZoneInfo _zone;
    private readonly bool _isByWatermark;
    private readonly bool _completes;
    private readonly TimeSpan _delay;
    private readonly TimeSpan? _timeRetained;
    private readonly int? _maxTags;
    private readonly long _earliestMillis;
    private readonly long _latestMillis;
    private long? _nextSnapshot;
    private DateTime? _nextTag;

    private TagAutoCreation(FileStore store, TableOptions options, bool isByWatermark)
    {
        _store = store;
        _period = TagPeriod.From(options);
        _isByWatermark = isByWatermark;
        _zone = ZoneOf(options, isByWatermark ? "sink.watermark-time-zone" : "sink.process-time-zone")
            ?? (isByWatermark ? TimeZoneInfo.Utc : store.Environment.TimeProvider.LocalTimeZone);
        _completes = options.GetBoolean("tag.automatic-completion", false);
        _delay = options.GetDuration("tag.creation-delay", TimeSpan.Zero);
        _timeRetained = options.GetDuration("tag.default-time-retained");
        _maxTags = options.GetInt32("tag.num-retained-max");

        // A time of these is still one after all that is added and taken away here: the zone, the delay, two periods.
        var margin = (long)(TimeSpan.FromDays(1).TotalMilliseconds
            + _delay.TotalMilliseconds + (2 * _period.Length.TotalMilliseconds));
        _earliestMillis = DateTimeOffset.MinValue.ToUnixTimeMilliseconds() + margin;
        _latestMillis = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - margin;
    }

    /// <summary>Reads the table's options.</summary>
    /// <returns>Null where no tags are made while rows are written.</returns>
    /// <exception cref="PaimonException">Invalid: an option's value makes no sense.</exception>
    public static TagAutoCreation? Create(FileStore store)
    {
        var options = new TableOptions(store.Schema.Options);
        return options.GetName("tag.automatic-creation", "none") switch
        {
            "none" or "batch" => null,
            "process-time" => new TagAutoCreation(store, options, isByWatermark: false),
            "watermark" => new TagAutoCreation(store, options, isByWatermark: true),
            var text => throw TableOptions.Error(
                "tag.automatic-creation", text!, "none, process-time, watermark or batch"),
        };
    }

    /// <summary>
    /// Refuses a name of an automatic tag for a snapshot that has such a tag: of one snapshot Paimon takes one only, and its writers
    /// would not begin any more.
    /// </summary>
    /// <param name="store">The table.</param>
    /// <param name="name">The name of the tag to be.</param>
    /// <param name="snapshot">Its snapshot.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: there is another one.</exception>
    public static async ValueTask CheckAsync(
        FileStore store, string name, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (Create(store) is { } tags
            && tags._period.IsNameLike(name)
            && await tags.FindOtherAsync(name, snapshot, cancellationToken).ConfigureAwait(false) is { } other)
        {
            PaimonException.ThrowInvalid(
                $"{store.Paths.BranchRoot}: snapshot {snapshot.Id} has the automatic tag '{other.Name}' already; '{name}' would be"
                + " another one. Give the tag a name that is no time of 'tag.automatic-creation'.");
        }
    }

    /// <summary>Looks at the snapshots since the last tag and makes the tags that are due.</summary>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var next = _nextSnapshot ?? await FirstAsync(cancellationToken).ConfigureAwait(false);
        var earliest = await _store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        for (next = Math.Max(next, earliest ?? next); ; next++)
        {
            if (await _store.Snapshots.TryReadAsync(next, cancellationToken).ConfigureAwait(false) is not { } snapshot)
            {
                _nextSnapshot = next;
                return;
            }

            await LookAtAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<long> FirstAsync(CancellationToken cancellationToken)
    {
        var last = (await AutoTagsAsync(cancellationToken).ConfigureAwait(false)).LastOrDefault();
        if (last is null)
        {
            return await _store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false) ?? Snapshot.FirstId;
        }

        if (_period.TryParse(last.Name, out var begin))
        {
            // A tag of somebody's for the end of time: no period comes after it.
            _nextTag = MillisOf(begin) > _latestMillis ? DateTime.MaxValue : begin + _period.Length;
        }

        return last.Snapshot.Id + 1;
    }

    private async ValueTask LookAtAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (TimeOf(snapshot) is not { } time || (_nextTag is { } due && time - _delay - _period.Length < due))
        {
            return;
        }

        // Somebody gave it such a tag by hand: the next snapshot gets the one that is due.
        if (await FindOtherAsync(name: null, snapshot, cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        var begin = _completes && _nextTag is not null ? _nextTag.Value : _period.LastBefore(time);
        var tag = new Tag(_period.NameOf(begin), snapshot);
        if (_timeRetained is not null)
        {
            tag = tag with { CreatedAt = _store.Environment.TimeProvider.GetLocalNow().DateTime, TimeRetained = _timeRetained };
        }

        await _store.Tags.TryCreateAsync(tag, cancellationToken).ConfigureAwait(false);
        _nextTag = begin + _period.Length;
        if (_maxTags is { } max)
        {
            var tags = await AutoTagsAsync(cancellationToken).ConfigureAwait(false);
            foreach (var old in tags.Take(tags.Count - max))
            {
                await new TagDeletion(_store).DeleteAsync(old.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<Tag?> FindOtherAsync(string? name, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var tags = await _store.Tags.ListAsync(cancellationToken).ConfigureAwait(false);
        return tags.FirstOrDefault(tag => tag.Snapshot.Id == snapshot.Id && tag.Name != name && _period.IsNameLike(tag.Name));
    }

    private async ValueTask<List<Tag>> AutoTagsAsync(CancellationToken cancellationToken)
    {
        var tags = await _store.Tags.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. tags.Where(tag => _period.TryParse(tag.Name, out _))];
    }

    /// <summary>
    /// The time that decides about tags; null for none, and for one that no calendar has: the watermark of an input that has
    /// ended is the largest number.
    /// </summary>
    private DateTime? TimeOf(Snapshot snapshot)
    {
        var millis = _isByWatermark ? snapshot.Watermark : snapshot.TimeMillis;
        return millis is not { } known || known < _earliestMillis || known > _latestMillis
            ? null
            : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(known), _zone).DateTime;
    }

    private static long MillisOf(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The time zone that an option names; null where it is not set.</summary>
    /// <exception cref="PaimonException">Invalid: it names none.</exception>
    internal static TimeZoneInfo? ZoneOf(TableOptions options, string key)
    {
        if (options.GetString(key) is not { Length: > 0 } name)
        {
            return null;
        }

        return TimeZoneName.TryFind(name, out var zone)
            ? zone
            : throw TableOptions.Error(key, name, "the name of a time zone, or an offset such as GMT-08:00");
    }
}

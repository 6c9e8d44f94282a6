using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Plans a stream snapshot by snapshot, as Paimon does: first the state that the start asks for, if any, then what each
/// snapshot adds or its changelog (docs/format.md#streams). Reads metadata only. For one thread at a time.
/// </summary>
internal sealed class StreamScanner
{
    private readonly Table _table;
    private readonly FileStore _store;
    private readonly TableOptions _options;
    private readonly StartupOptions _startup;
    private readonly Predicate? _predicate;
    private readonly string _producer;
    private readonly bool _isDecoupled;
    private readonly long? _boundedWatermark;
    private readonly TimeSpan? _delay;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="table">The table, whose newest schema the stream is read with.</param>
    /// <param name="startup">Where to begin.</param>
    /// <param name="predicate">Rules files out; null for none.</param>
    public StreamScanner(Table table, StartupOptions startup, Predicate? predicate)
    {
        _table = table;
        _store = table.Store;
        _options = table.Options;
        _startup = startup;
        _predicate = predicate;
        _producer = _options.GetName("changelog-producer", "none");
        _isDecoupled = SnapshotRetention.From(_options).AreChangelogsKeptLonger;
        _boundedWatermark = _options.GetInt64("scan.bounded.watermark");
        _delay = _options.GetDuration("streaming.read.snapshot.delay");
    }

    /// <summary>The snapshot that is planned next; null before anything is known.</summary>
    public long? NextSnapshot { get; private set; }

    /// <summary>True when the stream has come to the watermark that ends it.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True when what was planned last is a state, not changes.</summary>
    public bool IsState { get; private set; }

    private bool OnlyRealBuckets =>
        _producer != "none" && _options.GetInt32("bucket", -1) == DataFilePaths.PostponeBucket;

    /// <summary>Goes on with a snapshot's changes, as a consumer or a restart does.</summary>
    /// <param name="nextSnapshot">The snapshot.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask RestoreAsync(long nextSnapshot, CancellationToken cancellationToken)
    {
        var earliest = await EarliestAsync(cancellationToken).ConfigureAwait(false);
        NextSnapshot = Math.Max(nextSnapshot, earliest ?? nextSnapshot);
    }

    /// <summary>Plans on until there is something to read.</summary>
    /// <param name="through">The last snapshot that may be planned; null for no limit.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>null when there is nothing (more) to read for now, or for good where <see cref="IsEnded"/>.</returns>
    /// <exception cref="PaimonException">Invalid: the next snapshot has expired, or the start is none of a stream.</exception>
    public async ValueTask<ScanPlan?> PlanNextAsync(long? through, CancellationToken cancellationToken)
    {
        if (NextSnapshot is null)
        {
            var (snapshot, createdSince) = await FindStartAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is not null && !(snapshot.Id > through))
            {
                return await PlanStateAsync(snapshot, createdSince, cancellationToken).ConfigureAwait(false);
            }
        }

        while (!IsEnded && NextSnapshot is { } next && !(next > through))
        {
            var snapshot = await NextAsync(next, cancellationToken).ConfigureAwait(false);
            IsEnded = snapshot is not null && IsBeyondBound(snapshot);
            if (snapshot is null || IsEnded || IsTooYoung(snapshot))
            {
                return null;
            }

            var splits = await PlanChangesAsync(snapshot, cancellationToken).ConfigureAwait(false);
            NextSnapshot = next + 1;
            if (splits.Count > 0)
            {
                IsState = false;
                return new ScanPlan(_table, snapshot.Id, _table.Schema, splits, PrunedFiles: 0);
            }
        }

        return null;
    }

    private static PaimonException NoStream(string what) =>
        new(ErrorKind.Invalid, $"A stream cannot begin with {what}; a batch read can.");

    // Where there is a state to begin with it is given back; else the next snapshot is set, if there is one.
    private async ValueTask<(Snapshot? State, long? CreatedSinceMillis)> FindStartAsync(CancellationToken cancellationToken)
    {
        var snapshots = _store.Snapshots;
        switch (_startup.Mode)
        {
            case StartupMode.Latest:
                NextSnapshot = (await snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) ?? 0) + 1;
                return default;
            case StartupMode.CompactedFull:
                return (await BatchStarts.CompactedAsync(snapshots, _options, cancellationToken).ConfigureAwait(false), null);
            case StartupMode.FromTimestamp:
                NextSnapshot = await snapshots.EarlierThanTimeAsync(
                    _startup.TimestampMillis!.Value, _isDecoupled, cancellationToken).ConfigureAwait(false) + 1;
                return default;
            case StartupMode.FromFileCreationTime:
                return (await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false), _startup.CreationTimeMillis);
            case StartupMode.FromCreationTimestamp:
                return await FindCreatedSinceAsync(_startup.CreationTimeMillis!.Value, cancellationToken).ConfigureAwait(false);
            case StartupMode.FromSnapshot when _startup.SnapshotId is { } id:
                if (await EarliestAsync(cancellationToken).ConfigureAwait(false) is { } earliest)
                {
                    NextSnapshot = Math.Max(id, earliest);
                }

                return default;
            case StartupMode.FromSnapshot:
                throw NoStream("a tag, a watermark or a version");
            case StartupMode.FromSnapshotFull:
                var oldest = await snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
                return oldest is null
                    ? default
                    : (await BatchStarts.NamedAsync(
                        _store, _startup with { SnapshotId = Math.Max(_startup.SnapshotId!.Value, oldest.Value) }, cancellationToken)
                        .ConfigureAwait(false), null);
            case StartupMode.Incremental:
                throw NoStream("incremental-between");
            default:
                return (await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false), null);
        }
    }

    private async ValueTask<(Snapshot? State, long? CreatedSinceMillis)> FindCreatedSinceAsync(
        long timeMillis, CancellationToken cancellationToken)
    {
        var before = await _store.Snapshots.EarlierThanTimeAsync(timeMillis, _isDecoupled, cancellationToken).ConfigureAwait(false);
        var earliest = await EarliestAsync(cancellationToken).ConfigureAwait(false);
        var latest = await _store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        if (before >= earliest && before < latest)
        {
            NextSnapshot = before + 1;
            return default;
        }

        return (await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false), timeMillis);
    }

    private async ValueTask<ScanPlan> PlanStateAsync(Snapshot snapshot, long? createdSince, CancellationToken cancellationToken)
    {
        // What is not compacted yet comes with the changelog of its compaction.
        var highestLevel = _options.GetInt32("num-levels") - 1 ?? _options.GetInt32("num-sorted-run.compaction-trigger", 5);
        var planner = NewPlanner(new FileSelection
        {
            MinLevel = _producer switch { "lookup" => 1, "full-compaction" => highestLevel, _ => 0 },
            CreatedSinceMillis = createdSince,
            OnlyRealBuckets = OnlyRealBuckets,
        });
        var splits = await planner.PlanStateAsync(snapshot, cancellationToken).ConfigureAwait(false);
        NextSnapshot = snapshot.Id + 1;
        IsEnded = IsBeyondBound(snapshot);
        IsState = true;
        return new ScanPlan(_table, snapshot.Id, _table.Schema, splits, planner.PrunedFiles);
    }

    private async ValueTask<IReadOnlyList<Split>> PlanChangesAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var planner = NewPlanner(new FileSelection { OnlyRealBuckets = OnlyRealBuckets });
        var hasKey = _table.Schema.PrimaryKeys.Count > 0;
        var readsOverwrite = snapshot.CommitKind == CommitKind.Overwrite
            && _options.GetBoolean(hasKey ? "streaming-read-overwrite" : "streaming-read-append-overwrite", false);
        if (readsOverwrite)
        {
            return hasKey
                ? await planner.PlanOverwriteAsync(snapshot, cancellationToken).ConfigureAwait(false)
                : await planner.PlanDeltaAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        if (_producer == "none")
        {
            return snapshot.CommitKind == CommitKind.Append
                ? await planner.PlanDeltaAsync(snapshot, cancellationToken).ConfigureAwait(false)
                : [];
        }

        if (snapshot.Version == 1)
        {
            PaimonException.ThrowUnsupported(
                $"{_table.Path}: snapshot {snapshot.Id} is of version 1, which names changelog files beside its data files; "
                + "reading those is not supported. Read the rows of the snapshot instead.");
        }

        return await planner.PlanChangelogAsync(snapshot, cancellationToken).ConfigureAwait(false);
    }

    private SplitPlanner NewPlanner(FileSelection selection) =>
        new(_store, _table.Schema, _options, _predicate, selection);

    private bool IsBeyondBound(Snapshot snapshot) => snapshot.Watermark > _boundedWatermark;

    private bool IsTooYoung(Snapshot snapshot) =>
        _delay is { } delay
        && snapshot.TimeMillis > (_store.Environment.TimeProvider.GetUtcNow() - delay).ToUnixTimeMilliseconds();

    private ValueTask<long?> EarliestAsync(CancellationToken cancellationToken) => _isDecoupled
        ? _store.Snapshots.EarliestChangesIdAsync(cancellationToken)
        : _store.Snapshots.EarliestIdAsync(cancellationToken);

    // The snapshot, or the changelog that outlives it; null when it is not committed yet.
    private async ValueTask<Snapshot?> NextAsync(long id, CancellationToken cancellationToken)
    {
        var found = await TryReadAsync(id, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            return found;
        }

        var earliest = await EarliestAsync(cancellationToken).ConfigureAwait(false);
        var latest = await _store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        if (earliest > id)
        {
            PaimonException.ThrowInvalid(
                $"Snapshot {id} of {_table.Path} has expired; the oldest one is {earliest}. Start again from "
                + "the newest state, keep snapshots or changelogs for longer, or read with a consumer, which keeps what it has not read.");
        }

        if (latest is null ? id > Snapshot.FirstId : id > latest + 1)
        {
            PaimonException.ThrowInvalid(
                $"Snapshot {id} of {_table.Path} is to be read next, but "
                + (latest is null ? "the table has no snapshot" : $"its newest one is {latest}")
                + ": it was rolled back or made anew. Start again from the newest state.");
        }

        // Committed since the first look, or truly gone.
        return id <= latest
            ? await TryReadAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new FileMissingException(_store.Paths.Snapshot(id))
            : null;
    }

    private async ValueTask<Snapshot?> TryReadAsync(long id, CancellationToken cancellationToken) =>
        await _store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false)
        ?? (_isDecoupled ? await _store.Snapshots.TryReadChangelogAsync(id, cancellationToken).ConfigureAwait(false) : null);
}

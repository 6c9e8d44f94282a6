using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The changes of a table, snapshot by snapshot. With <c>changelog-producer</c> none these are the rows as they were written
/// (no -U); with another producer the changelog that was recorded. For one thread at a time.
/// </summary>
public sealed class ChangelogStream
{
    private readonly Table _table;
    private readonly ChangelogStreamOptions _options;
    private readonly ISplitReader _stateReader;
    private readonly ISplitReader _changeReader;
    private bool _isStarted;
    private bool _readsStateFirst;

    internal ChangelogStream(Table table, ChangelogStreamOptions options)
    {
        _table = table;
        _options = options;
        var columns = options.Columns is null
            ? [.. Enumerable.Range(0, table.Schema.Fields.Count)]
            : table.Schema.IndexesOf(options.Columns);
        var request = new SplitReadRequest(table, table.Schema, table.Options, columns);
        _stateReader = request.CreateReader();
        _changeReader = (request with { WithKinds = true }).CreateReader();
    }

    /// <summary>The next snapshot to be read: everything before it has been given out whole.</summary>
    public long NextSnapshot { get; private set; } = Snapshot.FirstId;

    /// <summary>Reads changes until the end of a bounded stream, else until cancelled.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="PaimonException">Invalid: a snapshot that is to be read has expired.</exception>
    public async IAsyncEnumerable<ChangelogBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_isStarted)
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            _isStarted = true;
        }

        var end = _options.ToSnapshot;
        if (_options.Bounded)
        {
            var latest = await _table.Store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) ?? 0;
            end = Math.Min(end ?? latest, latest);
        }

        while (end is null || NextSnapshot <= end)
        {
            var snapshot = await WaitForNextAsync(cancellationToken).ConfigureAwait(false);
            var reader = _readsStateFirst ? _stateReader : _changeReader;
            foreach (var split in await PlanAsync(snapshot, cancellationToken).ConfigureAwait(false))
            {
                await foreach (var batch in reader.ReadAsync(split, cancellationToken).ConfigureAwait(false))
                {
                    yield return new ChangelogBatch(snapshot.Id, batch);
                }
            }

            _readsStateFirst = false;
            NextSnapshot = snapshot.Id + 1;
        }
    }

    /// <summary>Records <see cref="NextSnapshot"/> as the progress of the stream's consumer.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: the stream has no consumer.</exception>
    public ValueTask CommitProgressAsync(CancellationToken cancellationToken = default)
    {
        if (_options.ConsumerId is null)
        {
            PaimonException.ThrowInvalid($"The stream has no consumer: give {nameof(ChangelogStreamOptions.ConsumerId)}.");
        }

        return _table.Store.Consumers.RecordAsync(_options.ConsumerId, NextSnapshot, cancellationToken);
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        var store = _table.Store;
        var progress = _options.ConsumerId is null
            ? null
            : await store.Consumers.NextSnapshotAsync(_options.ConsumerId, cancellationToken).ConfigureAwait(false);
        if (progress is not null || _options.FromSnapshot is not null)
        {
            NextSnapshot = progress ?? _options.FromSnapshot!.Value;
            return;
        }

        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        if (latest is not null)
        {
            NextSnapshot = _options.OnlyNewChanges ? latest.Value + 1 : latest.Value;
            _readsStateFirst = !_options.OnlyNewChanges;
        }
    }

    private async ValueTask<Snapshot> WaitForNextAsync(CancellationToken cancellationToken)
    {
        var snapshots = _table.Store.Snapshots;
        while (true)
        {
            if ((await snapshots.TryReadAsync(NextSnapshot, cancellationToken).ConfigureAwait(false)
                ?? await snapshots.TryReadChangelogAsync(NextSnapshot, cancellationToken).ConfigureAwait(false)) is { } snapshot)
            {
                return snapshot;
            }

            // As in Paimon, a start before the oldest snapshot is a start at the oldest one; a gap later is an error.
            if (await snapshots.EarliestChangesIdAsync(cancellationToken).ConfigureAwait(false) is { } earliest && earliest > NextSnapshot)
            {
                if (NextSnapshot != (_options.FromSnapshot ?? Snapshot.FirstId))
                {
                    PaimonException.ThrowInvalid(
                        $"Snapshot {NextSnapshot} of {_table.Path} has expired; the oldest one is {earliest}. Start again from "
                        + "the newest state, or keep snapshots for longer.");
                }

                NextSnapshot = earliest;
                continue;
            }

            if (await snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) > NextSnapshot
                && !await snapshots.ExistsAsync(NextSnapshot, cancellationToken).ConfigureAwait(false))
            {
                throw new FileMissingException(_table.Store.Paths.Snapshot(NextSnapshot));
            }

            await Task.Delay(_options.PollInterval, _table.Environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<Split>> PlanAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var planner = new SplitPlanner(_table, _table.Schema, _table.Options, predicate: null);
        if (_readsStateFirst)
        {
            return await planner.PlanStateAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        if (snapshot.CommitKind == CommitKind.Overwrite)
        {
            return [];
        }

        if (_table.Options.GetString("changelog-producer", "none") == "none")
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
}

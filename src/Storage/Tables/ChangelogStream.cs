using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
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
    private readonly StreamScanner _scanner;
    private readonly ISplitReader _reader;
    private readonly ScanColumns _rows;
    private readonly string? _consumerId;
    private bool _isStarted;
    private bool _isInState;

    internal ChangelogStream(Table table, ChangelogStreamOptions options)
    {
        _table = table;
        _options = options;
        var columns = options.Columns is null
            ? [.. Enumerable.Range(0, table.Schema.Fields.Count)]
            : table.Schema.IndexesOf(options.Columns);
        _rows = new ScanColumns(table.Schema, columns, options.Filter, withKinds: true);
        _reader = new SplitReadRequest(table, table.Schema, table.Options, _rows.Indexes)
        {
            Predicate = options.Filter,
            WithKinds = true,
        }.CreateReader();
        _consumerId = options.ConsumerId ?? table.Options.GetString("consumer-id");
        _scanner = new StreamScanner(table, StartOf(table, options), options.Filter);
    }

    /// <summary>
    /// The next snapshot to be read: everything before it has been given out whole, but for a state that the stream began with
    /// and that is still being read.
    /// </summary>
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

        while (true)
        {
            if (await _scanner.PlanNextAsync(end, cancellationToken).ConfigureAwait(false) is { } plan)
            {
                NextSnapshot = plan.SnapshotId!.Value;
                _isInState = _scanner.IsState;
                foreach (var split in plan.Splits)
                {
                    var partition = _table.PartitionText(split.Bucket);
                    await foreach (var batch in _reader.ReadAsync(split, cancellationToken).ConfigureAwait(false))
                    {
                        var rows = _rows.Apply(batch, long.MaxValue);
                        if (rows.RowCount > 0)
                        {
                            yield return new ChangelogBatch(plan.SnapshotId.Value, rows)
                            {
                                Partition = partition,
                                Bucket = split.Bucket.Bucket,
                            };
                        }
                    }
                }

                _isInState = false;
                NextSnapshot = _scanner.NextSnapshot!.Value;
                continue;
            }

            NextSnapshot = _scanner.NextSnapshot ?? NextSnapshot;
            if (_scanner.IsEnded || (_scanner.NextSnapshot is null ? _options.Bounded : _scanner.NextSnapshot > end))
            {
                yield break;
            }

            await Task.Delay(_options.PollInterval, _table.Environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Records <see cref="NextSnapshot"/> as the progress of the stream's consumer; nothing before it is known where the stream
    /// begins, and while a state that it began with is being read, as it could not be gone on with.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: the stream has no consumer.</exception>
    public ValueTask CommitProgressAsync(CancellationToken cancellationToken = default)
    {
        if (_consumerId is null)
        {
            PaimonException.ThrowInvalid($"The stream has no consumer: give {nameof(ChangelogStreamOptions.ConsumerId)}.");
        }

        return _isInState || _scanner.NextSnapshot is null
            ? ValueTask.CompletedTask
            : _table.Store.Consumers.RecordAsync(_consumerId, NextSnapshot, cancellationToken);
    }

    private static StartupOptions StartOf(Table table, ChangelogStreamOptions options) =>
        options switch
        {
            { FromSnapshot: { } id } => new StartupOptions { Mode = StartupMode.FromSnapshot, SnapshotId = id },
            { OnlyNewChanges: true } => new StartupOptions { Mode = StartupMode.Latest },
            _ => StartupOptions.From(table.Options, table.Environment.TimeProvider.LocalTimeZone),
        };

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_consumerId is not null
            && !_table.Options.GetBoolean("consumer.ignore-progress", false)
            && await _table.Store.Consumers.NextSnapshotAsync(_consumerId, cancellationToken).ConfigureAwait(false) is { } next)
        {
            await _scanner.RestoreAsync(next, cancellationToken).ConfigureAwait(false);
            NextSnapshot = _scanner.NextSnapshot!.Value;
        }
    }
}

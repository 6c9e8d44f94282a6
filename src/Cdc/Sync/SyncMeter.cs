namespace PaimonSharp.Cdc.Sync;

/// <summary>Counts what a sync does and tells listeners about once a second. For one thread at a time.</summary>
internal sealed class SyncMeter(TimeProvider timeProvider, Action<SyncStatus> report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private SyncPhase _phase;
    private string _table = "";
    private long _phaseRows;
    private long _phaseTransactions;
    private long _reportedRows;
    private long _reportedAt = timeProvider.GetTimestamp();
    private long _streamingFrom;

    public long SnapshotRows { get; private set; }

    public long ChangedRows { get; private set; }

    public long Transactions { get; private set; }

    public TimeSpan StreamingTime { get; private set; }

    /// <summary>Enters a phase, or another table of it, and says so at once.</summary>
    public void Enter(SyncPhase phase, string table = "", string position = "")
    {
        EndStreaming();
        (_phase, _table) = (phase, table);
        (_phaseRows, _phaseTransactions, _reportedRows) = (0, 0, 0);
        _streamingFrom = timeProvider.GetTimestamp();
        Report(0, position, null);
    }

    public void AddRows(long rows)
    {
        _phaseRows += rows;
        if (_phase == SyncPhase.Snapshot)
        {
            SnapshotRows += rows;
        }
        else
        {
            ChangedRows += rows;
        }
    }

    public void AddTransaction()
    {
        _phaseTransactions++;
        Transactions++;
    }

    /// <summary>True when listeners are to be told.</summary>
    public bool IsDue() => timeProvider.GetElapsedTime(_reportedAt) >= Interval;

    public void Report(long commits, string position, TimeSpan? lag)
    {
        var elapsed = timeProvider.GetElapsedTime(_reportedAt).TotalSeconds;
        report(new SyncStatus
        {
            Phase = _phase,
            Table = _table,
            Rows = _phaseRows,
            RowsPerSecond = elapsed <= 0 ? 0 : (_phaseRows - _reportedRows) / elapsed,
            Transactions = _phaseTransactions,
            Commits = commits,
            Lag = lag,
            Position = position,
        });
        (_reportedRows, _reportedAt) = (_phaseRows, timeProvider.GetTimestamp());
    }

    /// <summary>Adds the time of the phase that ends to <see cref="StreamingTime"/>.</summary>
    public void EndStreaming()
    {
        if (_phase == SyncPhase.Streaming)
        {
            StreamingTime += timeProvider.GetElapsedTime(_streamingFrom);
            _streamingFrom = timeProvider.GetTimestamp();
        }
    }
}

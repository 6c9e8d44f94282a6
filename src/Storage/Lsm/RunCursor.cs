using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// A sorted run read forward in windows of rows: the keys of a window first, its other columns only when a row of it has been
/// chosen. All rows of a key are in one window. For one thread at a time.
/// </summary>
/// <param name="plan">The columns.</param>
internal abstract class RunCursor(KeyValueReadPlan plan) : IAsyncDisposable
{
    private bool _isDisposed;

    /// <summary>The window's columns that are read with the keys.</summary>
    public ColumnVector[] KeyColumns => Window.KeyColumns;

    /// <summary>The window's other columns, empty until <see cref="LoadValuesAsync"/>.</summary>
    public ColumnVector[] ValueColumns => Window.ValueColumns;

    /// <summary>The kinds of the window's rows.</summary>
    public FixedVector<RowKind> Kinds => Window.Kinds;

    /// <summary>The sequence numbers of the window's rows.</summary>
    public FixedVector<long> Sequences => Window.Sequences;

    /// <summary>The keys of the window's rows.</summary>
    public EncodedKeys Keys => Window.Keys;

    /// <summary>The values of the table's sequence fields, in their order, where it has some.</summary>
    public SequenceKeys? UserSequences => Window.UserSequences;

    /// <summary>The level of the file that the window's rows are of; 0 before the first window.</summary>
    public abstract int Level { get; }

    /// <summary>No row of the run has a smaller sequence number.</summary>
    public abstract long MinSequence { get; }

    /// <summary>No row of the run has a larger sequence number.</summary>
    public abstract long MaxSequence { get; }

    /// <summary>True when the run has one row of each of its keys.</summary>
    public virtual bool HoldsKeysOnce => true;

    /// <summary>The first row of the window that has not been merged.</summary>
    public int Position { get; set; }

    /// <summary>The rows of the window.</summary>
    public int Count { get; protected set; }

    /// <summary>The bytes of the columns of the window, as far as they are read.</summary>
    public long WindowBytes => Window.SizeBytes;

    /// <summary>True when this window is the run's last one.</summary>
    public bool IsLastWindow { get; protected set; }

    /// <summary>True when all rows have been merged.</summary>
    public bool IsAtEnd => IsLastWindow && Position == Count;

    /// <summary>The rows of the window of which a value was lost; null or empty for none.</summary>
    public abstract HashSet<int>? LostRows { get; }

    /// <summary>What is to be said where one of <see cref="LostRows"/> is needed.</summary>
    public abstract string Loss { get; }

    /// <summary>Refuses a row of the window of which a value was lost.</summary>
    /// <param name="row">A row that stays.</param>
    public void CheckLost(int row)
    {
        if (LostRows is { } lost && lost.Contains(row))
        {
            PaimonException.ThrowInvalid(Loss);
        }
    }

    /// <summary>True when <see cref="CheckLost"/> has something to check.</summary>
    public bool HasLostRows => LostRows is { Count: > 0 };

    /// <summary>Loads the keys of the next window when all rows of this one have been merged.</summary>
    public abstract ValueTask LoadAsync(CancellationToken cancellationToken);

    /// <summary>Reads the other columns of the window; nothing happens the second time.</summary>
    public abstract ValueTask LoadValuesAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await CloseAsync().ConfigureAwait(false);
            plan.ReturnWindow(Window);
        }
    }

    /// <summary>The vectors of the window.</summary>
    protected internal RunWindow Window { get; } = plan.RentWindow();

    /// <summary>The columns.</summary>
    protected KeyValueReadPlan Plan => plan;

    /// <summary>Closes what is read from.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Removes the rows of the window and keeps the buffers.</summary>
    protected void Clear()
    {
        Window.Clear();
        Position = 0;
        Count = 0;
    }

    /// <summary>Encodes the keys of rows that were appended to the window.</summary>
    /// <param name="start">The first of them.</param>
    protected void EncodeKeys(int start)
    {
        plan.KeyEncoder.Encode(KeyColumns.AsSpan(0, plan.KeyCount), start, Count - start, Keys);
        UserSequences?.Encode(KeyColumns.AsSpan(plan.KeyCount, plan.SequenceCount), start, Count - start);
    }
}

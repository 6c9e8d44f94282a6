using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// A sorted run read forward in windows of rows that are bounded in bytes: the keys of a window first, its other columns only
/// when a row of it has been chosen. For one thread at a time.
/// </summary>
internal sealed class RunCursor : IAsyncDisposable
{
    private readonly SortedRun _run;
    private readonly KeyValueReadPlan _plan;
    private readonly KeyValueFileReaderFactory _files;
    private readonly ReadWindow _window;
    private readonly RunWindow _rows;
    private readonly ColumnVector[] _encodedColumns;
    private readonly int _readAheadBytes;
    private KeyValueFileReader? _reader;
    private int _nextFile;
    private bool _hasValues;
    private bool _isDisposed;
    private long _keyRowBytes;
    private long _valueRowBytes;
    private HashSet<int>? _lostRows;

    /// <summary>Opens no file yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="runCount">The runs that are read side by side, and share what the budget has for them.</param>
    public RunCursor(SortedRun run, KeyValueReadPlan plan, KeyValueFileReaderFactory files, int runCount)
    {
        _run = run;
        _plan = plan;
        _files = files;
        _window = new ReadWindow(plan.Memory.WindowBytes / Math.Max(2, runCount));
        _readAheadBytes = plan.Memory.ReadAheadBytes(runCount);
        _rows = plan.RentWindow();
        _encodedColumns = KeyColumns[..plan.KeyCount];
        MinSequence = run.Files.Min(file => file.MinSequenceNumber);
        MaxSequence = run.Files.Max(file => file.MaxSequenceNumber);
    }

    /// <summary>No row of the run has a smaller sequence number.</summary>
    public long MinSequence { get; }

    /// <summary>No row of the run has a larger sequence number.</summary>
    public long MaxSequence { get; }

    /// <summary>The window's columns that are read with the keys.</summary>
    public ColumnVector[] KeyColumns => _rows.KeyColumns;

    /// <summary>The window's other columns, empty until <see cref="LoadValuesAsync"/>.</summary>
    public ColumnVector[] ValueColumns => _rows.ValueColumns;

    /// <summary>The kinds of the window's rows.</summary>
    public FixedVector<RowKind> Kinds => _rows.Kinds;

    /// <summary>The sequence numbers of the window's rows.</summary>
    public FixedVector<long> Sequences => _rows.Sequences;

    /// <summary>The keys of the window's rows.</summary>
    public EncodedKeys Keys => _rows.Keys;

    /// <summary>The values of the table's sequence fields, in their order, where it has some.</summary>
    public SequenceKeys? UserSequences => _rows.UserSequences;

    /// <summary>True before the first window has been loaded.</summary>
    public bool IsUnread => _nextFile == 0;

    /// <summary>The file that holds the window's rows; none before the first window.</summary>
    public DataFileMeta File => _run.Files[_nextFile - 1];

    /// <summary>The first row of the window that has not been merged.</summary>
    public int Position { get; set; }

    /// <summary>The rows of the window.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the columns of the window, as far as they are read.</summary>
    public long WindowBytes => _rows.SizeBytes;

    /// <summary>True when this window is the run's last one.</summary>
    public bool IsLastWindow { get; private set; }

    /// <summary>True when all rows have been merged.</summary>
    public bool IsAtEnd => IsLastWindow && Position == Count;

    /// <summary>Refuses a row of the window of which a value was lost.</summary>
    /// <param name="row">A row that stays.</param>
    public void CheckLost(int row)
    {
        if (_lostRows is not null && _lostRows.Contains(row))
        {
            _reader!.ThrowLost();
        }
    }

    /// <summary>True when <see cref="CheckLost"/> has something to check.</summary>
    public bool HasLostRows => _lostRows is { Count: > 0 };

    /// <summary>Loads the keys of the next window when all rows of this one have been merged.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        while (Position == Count && !IsLastWindow)
        {
            if (_reader is null)
            {
                await OpenNextAsync(cancellationToken).ConfigureAwait(false);
            }

            Clear();
            Count = await _reader!.ReadAsync(
                _plan.KeyType, KeyColumns, Sequences, Kinds, _window.Rows, cancellationToken).ConfigureAwait(false);
            _reader.TakeLostRows(ref _lostRows);
            _keyRowBytes = RunWindow.SizeOf(KeyColumns) / Math.Max(1, Count);
            _window.Observe(Count, _keyRowBytes + _valueRowBytes);
            if (_reader.IsAtEnd && _nextFile == _run.Files.Count)
            {
                IsLastWindow = true;
            }

            if (Count == 0 && !IsLastWindow)
            {
                await CloseAsync().ConfigureAwait(false);
            }
            else
            {
                _plan.KeyEncoder.Encode(_encodedColumns, 0, Count, Keys);
                UserSequences?.Encode(KeyColumns.AsSpan(_plan.KeyCount, _plan.SequenceCount), 0, Count);
                CheckAscending();
            }
        }
    }

    /// <summary>Where a row of the window is in <see cref="File"/>, deleted rows counted.</summary>
    /// <param name="row">A row of the window.</param>
    public long PositionOf(int row) => _reader!.PositionOf(row, Count);

    /// <summary>Reads the other columns of the window; nothing happens the second time.</summary>
    public async ValueTask LoadValuesAsync(CancellationToken cancellationToken)
    {
        if (!_hasValues)
        {
            _hasValues = true;
            await _reader!.ReadValuesAsync(_plan.ValueType, ValueColumns, Count, cancellationToken).ConfigureAwait(false);
            _reader.TakeLostRows(ref _lostRows);
            _valueRowBytes = RunWindow.SizeOf(ValueColumns) / Math.Max(1, Count);
            _window.Observe(Count, _keyRowBytes + _valueRowBytes);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await CloseAsync().ConfigureAwait(false);
            _plan.ReturnWindow(_rows);
        }
    }

    private void Clear()
    {
        _rows.Clear();
        Position = 0;
        Count = 0;
        _hasValues = false;
        _lostRows?.Clear();
    }

    private async ValueTask OpenNextAsync(CancellationToken cancellationToken)
    {
        if (_nextFile < _run.Files.Count)
        {
            _reader = await _files.OpenAsync(_run.Files[_nextFile++], cancellationToken).ConfigureAwait(false);
            _reader.ReadAheadBytes = _readAheadBytes;
            _window.BeginFile(_reader.EstimateRowBytes(_plan.KeyType.Fields.Concat(_plan.ValueType.Fields)));
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
            _reader = null;
        }
    }

    [System.Diagnostics.Conditional("PAIMON_INVARIANTS"), System.Diagnostics.Conditional("DEBUG")]
    private void CheckAscending()
    {
        for (var row = 1; row < Count; row++)
        {
            if (Keys.Compare(row - 1, row) >= 0)
            {
                throw new Data.Errors.CorruptDataException($"The keys of a sorted run do not ascend at row {row}.", _reader?.Path);
            }
        }
    }
}

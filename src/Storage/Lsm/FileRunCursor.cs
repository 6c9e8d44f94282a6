namespace PaimonSharp.Storage.Lsm;

/// <summary>A sorted run of data files, read in windows that are bounded in bytes. For one thread at a time.</summary>
internal sealed class FileRunCursor : RunCursor
{
    private readonly SortedRun _run;
    private readonly KeyValueFileReaderFactory _files;
    private readonly ReadWindow _window;
    private readonly int _readAheadBytes;
    private KeyValueFileReader? _reader;
    private int _nextFile;
    private bool _hasValues;
    private long _keyRowBytes;
    private long _valueRowBytes;
    private HashSet<int>? _lostRows;

    /// <summary>Opens no file yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="runCount">The runs that are read side by side, and share what the budget has for them.</param>
    public FileRunCursor(SortedRun run, KeyValueReadPlan plan, KeyValueFileReaderFactory files, int runCount)
        : base(plan)
    {
        _run = run;
        _files = files;
        _window = new ReadWindow(plan.Memory.WindowBytes / Math.Max(2, runCount));
        _readAheadBytes = plan.Memory.ReadAheadBytes(runCount);
        MinSequence = run.Files.Min(file => file.MinSequenceNumber);
        MaxSequence = run.Files.Max(file => file.MaxSequenceNumber);
    }

    /// <inheritdoc/>
    public override long MinSequence { get; }

    /// <inheritdoc/>
    public override long MaxSequence { get; }

    /// <inheritdoc/>
    public override int Level => _nextFile == 0 ? 0 : _run.Files[_nextFile - 1].Level;

    /// <inheritdoc/>
    public override HashSet<int>? LostRows => _lostRows;

    /// <inheritdoc/>
    public override string Loss => _reader!.Loss;

    /// <inheritdoc/>
    public override async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        while (Position == Count && !IsLastWindow)
        {
            if (_reader is null)
            {
                await OpenNextAsync(cancellationToken).ConfigureAwait(false);
            }

            BeginWindow();
            Count = await _reader!.ReadAsync(
                Plan.KeyType, KeyColumns, Sequences, Kinds, _window.Rows, cancellationToken).ConfigureAwait(false);
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
                EncodeKeys(0);
                CheckAscending();
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask LoadValuesAsync(CancellationToken cancellationToken)
    {
        if (!_hasValues)
        {
            _hasValues = true;
            await _reader!.ReadValuesAsync(Plan.ValueType, ValueColumns, Count, cancellationToken).ConfigureAwait(false);
            _reader.TakeLostRows(ref _lostRows);
            _valueRowBytes = RunWindow.SizeOf(ValueColumns) / Math.Max(1, Count);
            _window.Observe(Count, _keyRowBytes + _valueRowBytes);
        }
    }

    private void BeginWindow()
    {
        Clear();
        _hasValues = false;
        _lostRows?.Clear();
    }

    private async ValueTask OpenNextAsync(CancellationToken cancellationToken)
    {
        if (_nextFile < _run.Files.Count)
        {
            _reader = await _files.OpenAsync(_run.Files[_nextFile++], cancellationToken).ConfigureAwait(false);
            _reader.ReadAheadBytes = _readAheadBytes;
            _window.BeginFile(_reader.EstimateRowBytes(Plan.KeyType.Fields.Concat(Plan.ValueType.Fields)));
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync()
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

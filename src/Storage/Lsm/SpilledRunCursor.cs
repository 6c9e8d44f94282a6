using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>A run of a spill file, read block by block. For one thread at a time.</summary>
internal sealed class SpilledRunCursor : RunCursor
{
    private readonly SpilledRun _run;
    private readonly SpillRows _rows;
    private int _nextBlock;
    private bool _hasValues;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="run">The run; its file is sealed.</param>
    /// <param name="plan">The columns, those that it was written with.</param>
    public SpilledRunCursor(SpilledRun run, KeyValueReadPlan plan)
        : base(plan)
    {
        _run = run;
        _rows = Window.ToSpill();
        IsLastWindow = run.Blocks.Count == 0;
    }

    /// <inheritdoc/>
    public override int Level => _run.Level;

    /// <inheritdoc/>
    public override long MinSequence => _run.MinSequence;

    /// <inheritdoc/>
    public override long MaxSequence => _run.MaxSequence;

    /// <inheritdoc/>
    public override bool HoldsKeysOnce => _run.HoldsKeysOnce;

    /// <inheritdoc/>
    public override HashSet<int> LostRows => _rows.LostRows;

    /// <inheritdoc/>
    public override string Loss => _run.Loss!;

    /// <inheritdoc/>
    public override async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (Position < Count || IsLastWindow)
        {
            return;
        }

        Clear();
        _hasValues = false;
        _rows.LostRows.Clear();
        var block = _run.Blocks[_nextBlock++];
        await ReadAsync(block.Keys, SpilledRunWriter.ReadKeys, block.RowCount, cancellationToken).ConfigureAwait(false);
        Count = block.RowCount;
        IsLastWindow = _nextBlock == _run.Blocks.Count;
        EncodeKeys(0);
        CheckAscending();
    }

    /// <inheritdoc/>
    public override async ValueTask LoadValuesAsync(CancellationToken cancellationToken)
    {
        if (!_hasValues && Count > 0)
        {
            _hasValues = true;
            var block = _run.Blocks[_nextBlock - 1];
            await ReadAsync(block.Values, SpilledRunWriter.ReadValues, Count, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;

    private async ValueTask ReadAsync(
        SpillSection section, BlockReader read, int rowCount, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(section.RawBytes);
        try
        {
            var raw = bytes.AsMemory(0, section.RawBytes);
            await _run.File.ReadAsync(section, raw, cancellationToken).ConfigureAwait(false);
            read(raw.Span, _rows, rowCount);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    [System.Diagnostics.Conditional("PAIMON_INVARIANTS"), System.Diagnostics.Conditional("DEBUG")]
    private void CheckAscending()
    {
        for (var row = 1; row < Count; row++)
        {
            if (Keys.Compare(row - 1, row) > 0)
            {
                throw new PaimonException(ErrorKind.Internal, $"The keys of a spilled run fall at row {row} of block {_nextBlock - 1}.");
            }
        }
    }

    private delegate void BlockReader(ReadOnlySpan<byte> source, SpillRows rows, int rowCount);
}

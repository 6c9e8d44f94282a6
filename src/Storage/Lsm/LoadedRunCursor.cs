using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// A small run, or a part of a larger one, whose rows are all in memory, of files of one level: one window that is the last. For
/// one thread at a time.
/// </summary>
/// <param name="plan">The columns.</param>
/// <param name="level">The level of the files.</param>
internal sealed class LoadedRunCursor(KeyValueReadPlan plan, int level) : RunCursor(plan)
{
    private HashSet<int>? _lostRows;
    private string? _loss;
    private long _minSequence = long.MaxValue;
    private long _maxSequence = long.MinValue;

    /// <inheritdoc/>
    public override long MinSequence => _minSequence;

    /// <inheritdoc/>
    public override long MaxSequence => _maxSequence;

    /// <inheritdoc/>
    public override int Level => level;

    /// <inheritdoc/>
    public override HashSet<int>? LostRows => _lostRows;

    /// <inheritdoc/>
    public override string Loss => _loss!;

    /// <summary>What the rows take, with their keys.</summary>
    public long SizeBytes => Window.SizeBytes + Keys.SizeBytes + (Count * (long)(sizeof(byte) + sizeof(long)));

    /// <summary>Adds the window of another cursor, whose keys are larger than those added before.</summary>
    /// <param name="source">The cursor, with its values loaded.</param>
    public void Append(RunCursor source)
    {
        var start = Count;
        Append(source.KeyColumns, KeyColumns, source.Count);
        Append(source.ValueColumns, ValueColumns, source.Count);
        Kinds.AppendRange(source.Kinds, 0, source.Count);
        Sequences.AppendRange(source.Sequences, 0, source.Count);
        if (source.HasLostRows)
        {
            (_lostRows ??= []).UnionWith(source.LostRows!.Select(row => start + row));
            _loss = source.Loss;
        }

        foreach (var sequence in source.Sequences.Values)
        {
            _minSequence = Math.Min(_minSequence, sequence);
            _maxSequence = Math.Max(_maxSequence, sequence);
        }

        Count += source.Count;
        IsLastWindow = true;
        EncodeKeys(start);
    }

    /// <inheritdoc/>
    public override ValueTask LoadAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask LoadValuesAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;

    private static void Append(ColumnVector[] source, ColumnVector[] target, int count)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i].AppendRange(source[i], 0, count);
        }
    }
}

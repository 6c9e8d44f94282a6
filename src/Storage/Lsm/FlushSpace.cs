using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// What a flush or a compaction needs besides the rows themselves: buffers that are large, needed shortly, and handed on to the
/// next one. For one task at a time.
/// </summary>
/// <param name="context">Schema and options.</param>
internal sealed class FlushSpace(KeyValueWriteContext context)
{
    private int[] _order = [];

    /// <summary>The keys of the rows.</summary>
    public EncodedKeys Keys { get; } = context.KeyEncoder.CreateKeys();

    /// <summary>The values of the sequence fields of the rows, null where the table has none.</summary>
    public SequenceKeys? SequenceKeys { get; } =
        context.SequenceOrder is null ? null : new SequenceKeys(context.SequenceOrder);

    /// <summary>The rows in order.</summary>
    public MergePlan Plan { get; } = new();

    /// <summary>What the rows of a key become.</summary>
    public BoundMerge Merge { get; } = context.Engine.Bind(context.Schema.RowType);

    /// <summary>Rows on their way to changelog files.</summary>
    public ColumnBatch AllBlock { get; } = new(context.Schema.RowType, withKinds: true, withSequences: true);

    /// <summary>Rows on their way to data files.</summary>
    public ColumnBatch MergedBlock { get; } = new(context.Schema.RowType, withKinds: true, withSequences: true);

    /// <summary>A second block of those, for who fills one while the other is written.</summary>
    public ColumnBatch NextBlock { get; } = new(context.Schema.RowType, withKinds: true, withSequences: true);

    /// <summary>Room to sort rows in.</summary>
    /// <param name="rows">How many rows.</param>
    public Span<int> Order(int rows)
    {
        if (_order.Length < rows)
        {
            _order = new int[rows];
        }

        return _order.AsSpan(0, rows);
    }

    /// <summary>Empties everything and keeps the buffers.</summary>
    public void Clear()
    {
        Keys.Clear();
        SequenceKeys?.Clear();
        Plan.Clear();
        AllBlock.Clear();
        MergedBlock.Clear();
        NextBlock.Clear();
    }
}

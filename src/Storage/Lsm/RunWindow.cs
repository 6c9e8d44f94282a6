using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The rows of a run that are in memory, column by column: what a <see cref="RunCursor"/> fills again and again.</summary>
internal sealed class RunWindow
{
    /// <summary>Makes an empty window.</summary>
    /// <param name="plan">The columns.</param>
    public RunWindow(KeyValueReadPlan plan)
    {
        KeyColumns = [.. plan.KeyType.Fields.Select(field => ColumnVector.Create(field.Type))];
        ValueColumns = [.. plan.ValueType.Fields.Select(field => ColumnVector.Create(field.Type))];
        Keys = plan.KeyEncoder.CreateKeys();
        UserSequences = plan.SequenceOrder is null ? null : new SequenceKeys(plan.SequenceOrder);
    }

    /// <summary>The columns that are read with the keys.</summary>
    public ColumnVector[] KeyColumns { get; }

    /// <summary>The other columns.</summary>
    public ColumnVector[] ValueColumns { get; }

    /// <summary>The kinds of the rows.</summary>
    public FixedVector<RowKind> Kinds { get; } = new(KeyValueLayout.KindField.Type);

    /// <summary>The sequence numbers of the rows.</summary>
    public FixedVector<long> Sequences { get; } = new(KeyValueLayout.SequenceField.Type);

    /// <summary>The keys of the rows.</summary>
    public EncodedKeys Keys { get; }

    /// <summary>The values of the table's sequence fields, in their order, where it has some.</summary>
    public SequenceKeys? UserSequences { get; }

    /// <summary>Bytes of the columns.</summary>
    public long SizeBytes => SizeOf(KeyColumns) + SizeOf(ValueColumns);

    /// <summary>Bytes of some columns.</summary>
    /// <param name="columns">The columns.</param>
    public static long SizeOf(ColumnVector[] columns)
    {
        var bytes = 0L;
        foreach (var column in columns)
        {
            bytes += column.SizeBytes;
        }

        return bytes;
    }

    /// <summary>The vectors without the keys' encodings, for rows that go to local files and come back.</summary>
    public SpillRows ToSpill() => new(KeyColumns, ValueColumns, Kinds, Sequences);

    /// <summary>Removes all rows and keeps the buffers.</summary>
    public void Clear()
    {
        foreach (var column in KeyColumns)
        {
            column.Clear();
        }

        foreach (var column in ValueColumns)
        {
            column.Clear();
        }

        Kinds.Clear();
        Sequences.Clear();
        Keys.Clear();
        UserSequences?.Clear();
    }
}

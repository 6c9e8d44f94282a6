using System.Collections.Concurrent;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Which columns a read of a primary-key table takes from its files and in which of the two passes: the keys (and sequence
/// fields) that bring versions together in order, then the values. Safe for several threads.
/// </summary>
internal sealed class KeyValueReadPlan
{
    private const int MaxFreeWindows = 16;

    private readonly ConcurrentBag<RunWindow> _freeWindows = [];
    private int _freeRuns;

    /// <summary>Plans a read.</summary>
    /// <param name="schema">The schema to read with.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="columns">The positions of the columns wanted among the schema's.</param>
    public KeyValueReadPlan(TableSchema schema, TableOptions options, ReadOnlySpan<int> columns)
    {
        Schema = schema;
        Memory = MemoryBudget.Of(options);
        _freeRuns = Memory.MaxFileRuns;
        Spill = SpillOptions.Of(options);
        Engine = MergeEngine.Create(schema, options);
        CountsLowestLevelOnly = LookupStrategy.Of(options).CountsLowestLevelOnly;
        OutputType = schema.RowType.Project(columns);
        MergeType = schema.RowType.Project([.. columns, .. Engine.RequiredColumns(columns)]);
        KeyCount = schema.TrimmedPrimaryKeys.Count;

        // Versions of a key do not differ in the columns of the primary key.
        var sequences = options.GetList("sequence.field").Where(name => !schema.PrimaryKeys.Contains(name)).ToList();
        KeyType = new RowType(
            [.. schema.TrimmedPrimaryKeyType.Fields, .. schema.IndexesOf(sequences).Select(i => schema.Fields[i])]);
        KeyEncoder = new KeyEncoder(schema.TrimmedPrimaryKeyType);
        if (sequences.Count > 0)
        {
            SequenceOrder = new SequenceOrder([.. KeyType.Fields.Skip(KeyCount)], options);
        }

        (Sources, ValueType) = Assign(schema);
        DirectType = new RowType(
            [.. OutputType.Fields.Where((_, i) => Sources[i].Source != ColumnSource.Partition)]);
    }

    /// <summary>The schema to read with.</summary>
    public TableSchema Schema { get; }

    /// <summary>What may be kept in memory.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>What is done where memory has no room.</summary>
    public SpillOptions Spill { get; }

    /// <summary>The columns of the result.</summary>
    public RowType OutputType { get; }

    /// <summary>The columns of the first pass: the trimmed primary key, then the sequence fields.</summary>
    public RowType KeyType { get; }

    /// <summary>True when of the rows of a key above level 0 only that of the lowest level counts.</summary>
    public bool CountsLowestLevelOnly { get; }

    /// <summary>What the versions of a key become.</summary>
    public MergeEngine Engine { get; }

    /// <summary>The columns of a merge: those of the result, then those that the merge engine needs beside them.</summary>
    public RowType MergeType { get; }

    /// <summary>The columns of <see cref="KeyType"/> that are the key.</summary>
    public int KeyCount { get; }

    /// <summary>The columns of <see cref="KeyType"/> that are sequence fields.</summary>
    public int SequenceCount => KeyType.Fields.Count - KeyCount;

    /// <summary>The columns of the second pass.</summary>
    public RowType ValueType { get; }

    /// <summary>The columns of a read of one run, where there is only one pass.</summary>
    public RowType DirectType { get; }

    /// <summary>For each column of <see cref="MergeType"/>, where it comes from and its position there.</summary>
    public IReadOnlyList<(ColumnSource Source, int Index)> Sources { get; }

    /// <summary>Encodes the trimmed primary key.</summary>
    public KeyEncoder KeyEncoder { get; }

    /// <summary>The order of the sequence fields, null where the table has none.</summary>
    public SequenceOrder? SequenceOrder { get; }

    /// <summary>Takes what the budget has for reading runs of data files side by side; to be given back by <see cref="ReturnRuns"/>.</summary>
    /// <param name="wanted">The runs that there are.</param>
    /// <returns>How many of them to read so: as many as other merges have left, but no fewer than every merge may.</returns>
    public int TakeRuns(int wanted)
    {
        while (true)
        {
            var free = Volatile.Read(ref _freeRuns);
            var taken = Math.Min(wanted, Math.Max(MemoryBudget.LeastFileRuns, free));
            if (Interlocked.CompareExchange(ref _freeRuns, free - taken, free) == free)
            {
                return taken;
            }
        }
    }

    /// <summary>Gives back what <see cref="TakeRuns"/> has taken.</summary>
    /// <param name="count">How many runs.</param>
    public void ReturnRuns(int count) => Interlocked.Add(ref _freeRuns, count);

    /// <summary>An empty window, one that another run has used where there is one.</summary>
    public RunWindow RentWindow() => _freeWindows.TryTake(out var window) ? window : new RunWindow(this);

    /// <summary>Gives a window back.</summary>
    public void ReturnWindow(RunWindow window)
    {
        if (_freeWindows.Count < MaxFreeWindows)
        {
            window.Clear();
            _freeWindows.Add(window);
        }
    }

    private ((ColumnSource Source, int Index)[] Sources, RowType ValueType) Assign(TableSchema schema)
    {
        var sources = new (ColumnSource, int)[MergeType.Fields.Count];
        var values = new List<DataField>();
        for (var i = 0; i < sources.Length; i++)
        {
            var field = MergeType.Fields[i];
            var key = KeyType.IndexOf(field.Name);
            var partition = schema.PartitionType.IndexOf(field.Name);
            if (partition >= 0)
            {
                sources[i] = (ColumnSource.Partition, partition);
            }
            else if (key >= 0)
            {
                sources[i] = (ColumnSource.Key, key);
            }
            else
            {
                sources[i] = (ColumnSource.Value, values.Count);
                values.Add(field);
            }
        }

        return (sources, new RowType(values));
    }
}

using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Option <c>memory-budget</c>: what one writer, or one scan, of a table may keep in memory, and its parts. Half of it is for the
/// rows of write buffers, as their buffers are and not as they are filled, with what sorting them needs; the other half for
/// flushes, compactions and merge reads, of which only as many run at a time as have room. Immutable.
/// </summary>
/// <param name="TotalBytes">The whole.</param>
internal sealed record MemoryBudget(long TotalBytes)
{
    /// <summary>The option's name.</summary>
    public const string Option = "memory-budget";

    /// <summary>The runs of data files that every merge may read side by side.</summary>
    public const int LeastFileRuns = 8;

    private const long DefaultBytes = 512L << 20;
    private const long SmallestBytes = 16L << 20;
    private const long DefaultWriteBufferBytes = 256L << 20;
    private const long SmallestTaskBytes = 64L << 20;
    private const long SmallestReadAheadBytes = 64L << 10;
    private const long FileRunBytes = 1L << 20;

    /// <summary>What a table's options say.</summary>
    /// <param name="options">The table's options.</param>
    public static MemoryBudget Of(TableOptions options) =>
        new(Math.Max(SmallestBytes, options.GetSize(Option, DefaultBytes)))
        {
            WriteBufferOption = options.GetSize("write-buffer-size", DefaultWriteBufferBytes),
        };

    /// <summary>Option <c>write-buffer-size</c>.</summary>
    public long WriteBufferOption { get; init; } = DefaultWriteBufferBytes;

    /// <summary>What all write buffers of a writer may take.</summary>
    public long WriteBufferBytes => Math.Min(WriteBufferOption, TotalBytes / 2);

    /// <summary>Flushes, or other work that somebody waits for, at a time.</summary>
    public int ParallelTasks => (int)Math.Clamp(TotalBytes / 2 / SmallestTaskBytes, 1, Environment.ProcessorCount);

    /// <summary>Compactions in the background at a time, beside that work.</summary>
    public int ParallelCompactions => ParallelTasks;

    /// <summary>What the decoded windows of all runs of a merge may take.</summary>
    public long WindowBytes => Math.Min(64L << 20, TaskBytes / 4);

    /// <summary>
    /// How many runs of data files all merges together read side by side, so long as each has <see cref="LeastFileRuns"/>: for each
    /// run, pages of its columns and what is read ahead. Most merges are of few runs, and what one of many needs lies idle then.
    /// </summary>
    public int MaxFileRuns => (int)Math.Clamp(TotalBytes / 2 / FileRunBytes, LeastFileRuns, int.MaxValue);

    /// <summary>What the rows of runs beyond those may take.</summary>
    public long SortBufferBytes => TaskBytes / 4;

    /// <summary>The rows of a batch between reading and writing.</summary>
    public long BatchBytes => Math.Min(16L << 20, TaskBytes / 8);

    /// <summary>A row group, before compression; its compressed pages wait in memory for its end.</summary>
    public long RowGroupBytes => TotalBytes / 8;

    private long TaskBytes => TotalBytes / 2 / (ParallelTasks + ParallelCompactions);

    /// <summary>What is read of a file at once.</summary>
    /// <param name="runs">The runs that are read side by side.</param>
    public int ReadAheadBytes(int runs) =>
        (int)Math.Clamp(TaskBytes / 4 / Math.Max(1, runs), SmallestReadAheadBytes, 8L << 20);
}

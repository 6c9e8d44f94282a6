using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Writes one bucket, as the kind of table wants it. One thread.</summary>
internal interface IBucketWriter
{
    /// <summary>Bytes that the writer keeps in memory.</summary>
    long BufferedBytes { get; }

    /// <summary>True when rows should be spilled before more are added.</summary>
    bool IsFull { get; }

    /// <summary>True when nothing was written since the last commit.</summary>
    bool IsIdle { get; }

    /// <summary>True when an idle writer should be forgotten, as the next one need not know what it knew.</summary>
    bool IsForgottenWhenIdle { get; }

    /// <summary>Adds a range of rows; they are copied.</summary>
    void Write(ColumnBatch batch, int start, int count);

    /// <summary>Adds single rows; they are copied.</summary>
    void Write(ColumnBatch batch, ReadOnlySpan<int> rows);

    /// <summary>Moves rows from memory to files: fewer bytes are kept after each call, none after some.</summary>
    /// <param name="cancellationToken">Gives up; no row is lost.</param>
    ValueTask SpillAsync(CancellationToken cancellationToken);

    /// <summary>Moves all rows to finished files.</summary>
    /// <param name="cancellationToken">Gives up; no row is lost.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Compacts as much as there is reason to; all rows must have been flushed.</summary>
    /// <param name="isFull">True to compact all files, also for less reason.</param>
    /// <param name="cancellationToken">Gives up; what was finished stays.</param>
    /// <returns>The number of compactions.</returns>
    ValueTask<int> CompactAsync(bool isFull, CancellationToken cancellationToken);

    /// <summary>Hands over what was done since the last commit; all rows must have been flushed.</summary>
    CommitMessage PrepareCommit();

    /// <summary>Removes files that will never be committed.</summary>
    ValueTask AbortAsync();
}

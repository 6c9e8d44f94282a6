using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Writes one bucket, as the kind of table wants it, and compacts it in the background. One thread.</summary>
internal interface IBucketWriter
{
    /// <summary>The bucket.</summary>
    BucketId Id { get; }

    /// <summary>Bytes that the writer keeps in memory.</summary>
    long BufferedBytes { get; }

    /// <summary>True when rows should be spilled before more are added.</summary>
    bool IsFull { get; }

    /// <summary>True when nothing was written since the last commit.</summary>
    bool IsIdle { get; }

    /// <summary>True while there is a compaction whose end somebody has to wait for, or to begin.</summary>
    bool IsCompacting { get; }

    /// <summary>True when an idle writer should be forgotten, as the next one need not know what it knew.</summary>
    bool IsForgottenWhenIdle { get; }

    /// <summary>Adds a range of rows; they are copied.</summary>
    void Write(ColumnBatch batch, int start, int count);

    /// <summary>Adds single rows; they are copied.</summary>
    void Write(ColumnBatch batch, ReadOnlySpan<int> rows);

    /// <summary>
    /// Moves rows from memory to files: fewer bytes are kept after each call, none after some. Where files are too many already,
    /// it waits for the compaction that makes them fewer.
    /// </summary>
    /// <param name="cancellationToken">Gives up; no row is lost.</param>
    ValueTask SpillAsync(CancellationToken cancellationToken);

    /// <summary>Moves all rows to finished files.</summary>
    /// <param name="cancellationToken">Gives up; no row is lost.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Takes what the running compaction did, and begins another if there is reason to; all rows must have been flushed.</summary>
    /// <param name="isFull">True to compact all files, also for less reason.</param>
    /// <param name="wait">True to wait for the end of the running one, which otherwise may go on, and none begins.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing is lost.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a full compaction by a writer that must not compact.</exception>
    ValueTask StartCompactionAsync(bool isFull, bool wait, CancellationToken cancellationToken);

    /// <summary>Takes what the running compaction did, before a commit.</summary>
    /// <param name="wait">True to wait for its end; it is waited for also when files are too many.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing is lost.</param>
    /// <exception cref="Exception">
    /// A compaction failed, this one or one before. Files and rows are as they were without it, and the writer can go on.
    /// </exception>
    ValueTask EndCompactionAsync(bool wait, CancellationToken cancellationToken);

    /// <summary>Hands over what was done since the last commit; all rows must have been flushed.</summary>
    CommitMessage PrepareCommit();

    /// <summary>
    /// Gives up the bucket to a writer that knows it better: stops what is running, removes what was compacted since the last commit,
    /// and hands over the rest; all rows must have been flushed.
    /// </summary>
    /// <returns>The files of the rows, for <see cref="Adopt"/>.</returns>
    ValueTask<CommitMessage> LeaveAsync();

    /// <summary>Goes on with files that the writer before this one flushed; they are among the live files that this one began with.</summary>
    /// <param name="flushed">What <see cref="LeaveAsync"/> handed over.</param>
    void Adopt(CommitMessage flushed);

    /// <summary>Stops what is running, and removes files that will never be committed.</summary>
    ValueTask AbortAsync();
}

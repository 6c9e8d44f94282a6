using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Writes rows into a table and commits them. Rows are buffered per bucket within <c>write-buffer-size</c> and become visible
/// and durable, all at once, with <see cref="CommitAsync"/>; what was not committed is dropped on dispose. For one thread at
/// a time. Several writers may write one table: their commits follow one another.
/// </summary>
public sealed class TableWriter : IAsyncDisposable
{
    internal TableWriter() => throw new NotImplementedException();

    /// <summary>Who commits.</summary>
    public string CommitUser { get; }

    /// <summary>The schema that rows are written with.</summary>
    public TableSchema Schema { get; }

    /// <summary>What was written until now.</summary>
    public WriteProgress Progress { get; }

    /// <summary>Adds rows; they are copied.</summary>
    /// <param name="batch">The columns of <see cref="Schema"/> in order; without kinds all rows are +I.</param>
    /// <param name="cancellationToken">Gives up waiting; the writer is then of no use any more.</param>
    public ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Adds or replaces one row.</summary>
    /// <param name="values">A value for each column, null for NULL; see docs/format.md#values for the CLR types.</param>
    public ValueTask UpsertAsync(params ReadOnlySpan<object?> values) => throw new NotImplementedException();

    /// <summary>Deletes one row.</summary>
    /// <param name="values">A value for each column, or for the primary key's columns only, in key order.</param>
    public ValueTask DeleteAsync(params ReadOnlySpan<object?> values) => throw new NotImplementedException();

    /// <summary>
    /// Goes on with a newer schema: rows written before keep the old one, rows after it have the new one; all are part of the
    /// next commit.
    /// </summary>
    /// <param name="schema">The newer schema, as <see cref="Catalog.AlterTableAsync"/> gave it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask ApplySchemaAsync(TableSchema schema, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes all rows durable and visible as one commit.</summary>
    /// <param name="options">Number, properties, watermark.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the commit happened is then to be read from the table.</param>
    /// <returns>The snapshots made: none, the rows' own, and one for a compaction that they led to.</returns>
    public ValueTask<IReadOnlyList<TableSnapshot>> CommitAsync(
        CommitOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The first half of a commit: makes all rows durable, visible to nobody.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What <see cref="CommitPreparedAsync"/> makes visible.</returns>
    public ValueTask<PreparedCommit> PrepareCommitAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The second half of a commit.</summary>
    /// <param name="prepared">What was prepared, in the order of preparation.</param>
    /// <param name="options">Number, properties, watermark.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the commit happened is then to be read from the table.</param>
    /// <returns>The snapshots made.</returns>
    public ValueTask<IReadOnlyList<TableSnapshot>> CommitPreparedAsync(
        PreparedCommit prepared, CommitOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

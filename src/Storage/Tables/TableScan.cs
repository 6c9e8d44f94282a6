using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A batch read. The methods that narrow it change the scan and return it, to be chained. For one thread at a time.
/// </summary>
public sealed class TableScan
{
    internal TableScan() => throw new NotImplementedException();

    /// <summary>Reads some columns only.</summary>
    /// <param name="columns">Their names, in the order wanted.</param>
    public TableScan Project(params IReadOnlyList<string> columns) => throw new NotImplementedException();

    /// <summary>Reads the state of a snapshot, with the snapshot's schema.</summary>
    /// <param name="snapshotId">The snapshot's id.</param>
    public TableScan AsOfSnapshot(long snapshotId) => throw new NotImplementedException();

    /// <summary>Reads the state of a tag, with the tag's schema.</summary>
    /// <param name="tag">The tag's name.</param>
    public TableScan AsOfTag(string tag) => throw new NotImplementedException();

    /// <summary>Reads with a schema other than the one the state would be read with.</summary>
    /// <param name="schemaId">The schema's id.</param>
    public TableScan WithSchema(long schemaId) => throw new NotImplementedException();

    /// <summary>Ends after some rows.</summary>
    /// <param name="rows">At most so many rows.</param>
    public TableScan Limit(long rows) => throw new NotImplementedException();

    /// <summary>Reads the rows, in no promised order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Batches that are valid until the next one is asked for.</returns>
    public IAsyncEnumerable<ColumnBatch> ReadBatchesAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Reads the rows one by one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Views that are valid until the next row is asked for.</returns>
    public IAsyncEnumerable<Row> ReadRowsAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}

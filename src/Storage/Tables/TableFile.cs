namespace PaimonSharp.Storage.Tables;

/// <summary>A live data file of a table.</summary>
public sealed record TableFile
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The partition as <c>key=value</c> texts joined by '/', empty for a table without partitions.</summary>
    public required string Partition { get; init; }

    /// <summary>The bucket.</summary>
    public required int Bucket { get; init; }

    /// <summary>The level in the bucket's LSM tree: 0 for fresh files.</summary>
    public required int Level { get; init; }

    /// <summary>The file's rows, deletes included.</summary>
    public required long RowCount { get; init; }

    /// <summary>The deletes among the rows, null where unknown.</summary>
    public required long? DeleteRowCount { get; init; }

    /// <summary>The file's size.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The smallest key as text.</summary>
    public required string MinKey { get; init; }

    /// <summary>The largest key as text.</summary>
    public required string MaxKey { get; init; }

    /// <summary>The smallest sequence number.</summary>
    public required long MinSequenceNumber { get; init; }

    /// <summary>The largest sequence number.</summary>
    public required long MaxSequenceNumber { get; init; }

    /// <summary>The schema that the file was written with.</summary>
    public required long SchemaId { get; init; }
}

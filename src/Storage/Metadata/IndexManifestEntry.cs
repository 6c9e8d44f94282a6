namespace PaimonSharp.Storage.Metadata;

/// <summary>A line of an index manifest: an index file of a bucket (docs/format.md#index-manifest). Immutable.</summary>
internal sealed record IndexManifestEntry
{
    /// <summary>The type of the hash index of dynamic buckets.</summary>
    public const string HashIndex = "HASH";

    /// <summary>The type of deletion vectors.</summary>
    public const string DeletionVectorsIndex = "DELETION_VECTORS";

    /// <summary>Added, or removed by this commit; a file holds only added ones.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>The partition.</summary>
    public required BinaryRowBytes Partition { get; init; }

    /// <summary>The bucket.</summary>
    public required int Bucket { get; init; }

    /// <summary>What the file is: <see cref="HashIndex"/>, <see cref="DeletionVectorsIndex"/> or another.</summary>
    public required string IndexType { get; init; }

    /// <summary>The file's name.</summary>
    public required string FileName { get; init; }

    /// <summary>Its size.</summary>
    public required long FileSizeBytes { get; init; }

    /// <summary>Its entries: hashes or deletion vectors.</summary>
    public required long RowCount { get; init; }

    /// <summary>Where each data file's deletion vector is in the file.</summary>
    public IReadOnlyList<DeletionVectorRange>? DeletionVectors { get; init; }

    /// <summary>Its whole path, when it is outside the table.</summary>
    public string? ExternalPath { get; init; }
}

/// <summary>A deletion vector in an index file.</summary>
/// <param name="DataFileName">The data file whose rows it removes.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Cardinality">The rows removed, where recorded.</param>
internal readonly record struct DeletionVectorRange(string DataFileName, int Offset, int Length, long? Cardinality);

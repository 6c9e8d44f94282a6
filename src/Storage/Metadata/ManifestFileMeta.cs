namespace PaimonSharp.Storage.Metadata;

/// <summary>A line of a manifest list: a manifest and what is in it (docs/format.md#manifest-list). Immutable.</summary>
internal sealed record ManifestFileMeta
{
    /// <summary>The manifest's name.</summary>
    public required string FileName { get; init; }

    /// <summary>Its size.</summary>
    public required long FileSizeBytes { get; init; }

    /// <summary>Its entries of kind ADD.</summary>
    public required long AddedFileCount { get; init; }

    /// <summary>Its entries of kind DELETE.</summary>
    public required long DeletedFileCount { get; init; }

    /// <summary>The bounds of the partition columns over all entries.</summary>
    public required SimpleStats PartitionStats { get; init; }

    /// <summary>The newest schema of its files.</summary>
    public required long SchemaId { get; init; }

    /// <summary>The smallest bucket; null when unknown, as for the other ranges.</summary>
    public int? MinBucket { get; init; }

    /// <summary>The largest bucket.</summary>
    public int? MaxBucket { get; init; }

    /// <summary>The smallest level.</summary>
    public int? MinLevel { get; init; }

    /// <summary>The largest level.</summary>
    public int? MaxLevel { get; init; }

    /// <summary>The smallest row id of the files, where all have one.</summary>
    public long? MinRowId { get; init; }

    /// <summary>The largest row id of the files, where all have one.</summary>
    public long? MaxRowId { get; init; }
}

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A data or changelog file: where it is in the LSM tree and what is in it (docs/format.md#data-file-meta). Immutable.
/// </summary>
internal sealed record DataFileMeta
{
    /// <summary>The file's name in its bucket's directory.</summary>
    public required string FileName { get; init; }

    /// <summary>Its exact size.</summary>
    public required long FileSizeBytes { get; init; }

    /// <summary>Its rows, retractions included.</summary>
    public required long RowCount { get; init; }

    /// <summary>The key of the first row: the primary key without partition columns; the empty row in append tables.</summary>
    public required BinaryRowBytes MinKey { get; init; }

    /// <summary>The key of the last row.</summary>
    public required BinaryRowBytes MaxKey { get; init; }

    /// <summary>The statistics of all key columns.</summary>
    public required SimpleStats KeyStats { get; init; }

    /// <summary>The statistics of the columns of <see cref="ValueStatsColumns"/>, or of all columns where that is null.</summary>
    public required SimpleStats ValueStats { get; init; }

    /// <summary>The smallest sequence number of the rows.</summary>
    public required long MinSequenceNumber { get; init; }

    /// <summary>The largest sequence number of the rows.</summary>
    public required long MaxSequenceNumber { get; init; }

    /// <summary>The schema that the file was written with.</summary>
    public required long SchemaId { get; init; }

    /// <summary>Its level in the LSM tree, 0 for a flushed file.</summary>
    public required int Level { get; init; }

    /// <summary>The names of the files beside it that belong to it.</summary>
    public IReadOnlyList<string> ExtraFiles { get; init; } = [];

    /// <summary>When it was written, in milliseconds of the writer's local wall clock since 1970-01-01T00:00.</summary>
    public long? CreationTimeMillis { get; init; }

    /// <summary>Its rows of kind -U and -D; null when the writer did not count.</summary>
    public long? DeleteRowCount { get; init; }

    /// <summary>The file index, where it is small enough to be kept here.</summary>
    public ReadOnlyMemory<byte>? EmbeddedFileIndex { get; init; }

    /// <summary>What wrote it; null when not recorded.</summary>
    public FileSource? FileSource { get; init; }

    /// <summary>The columns of <see cref="ValueStats"/>, in order; null for all columns of the file's schema.</summary>
    public IReadOnlyList<string>? ValueStatsColumns { get; init; }

    /// <summary>Its whole path, when it is outside the table.</summary>
    public string? ExternalPath { get; init; }

    /// <summary>The row id of its first row, in tables that track rows.</summary>
    public long? FirstRowId { get; init; }

    /// <summary>The columns that it holds, when it holds only some.</summary>
    public IReadOnlyList<string>? WriteColumns { get; init; }
}

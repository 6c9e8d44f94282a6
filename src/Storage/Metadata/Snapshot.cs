namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// One committed version of a table, as the file <c>snapshot/snapshot-&lt;id&gt;</c> holds it (docs/format.md#snapshot).
/// Immutable. Properties that are null are absent in the file.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The version of the snapshot format that is written and read: 3.</summary>
    public const int CurrentVersion = 3;

    /// <summary>The id of a table's first snapshot.</summary>
    public const long FirstId = 1;

    /// <summary>The version of the snapshot format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The snapshot's id: 1, 2, 3 without gaps.</summary>
    public required long Id { get; init; }

    /// <summary>The newest schema when the snapshot was committed.</summary>
    public required long SchemaId { get; init; }

    /// <summary>The manifest list of everything before this snapshot.</summary>
    public required string BaseManifestList { get; init; }

    /// <summary>The size of <see cref="BaseManifestList"/> in bytes.</summary>
    public long? BaseManifestListSize { get; init; }

    /// <summary>The manifest list of this snapshot's own changes.</summary>
    public required string DeltaManifestList { get; init; }

    /// <summary>The size of <see cref="DeltaManifestList"/> in bytes.</summary>
    public long? DeltaManifestListSize { get; init; }

    /// <summary>The manifest list of this snapshot's changelog files, if it has some.</summary>
    public string? ChangelogManifestList { get; init; }

    /// <summary>The size of <see cref="ChangelogManifestList"/> in bytes.</summary>
    public long? ChangelogManifestListSize { get; init; }

    /// <summary>The list of all index files, if there are some.</summary>
    public string? IndexManifest { get; init; }

    /// <summary>Who committed: one id for all commits of a writing job.</summary>
    public string? CommitUser { get; init; }

    /// <summary>The number that the job gave to this commit; increasing for each <see cref="CommitUser"/>.</summary>
    public required long CommitIdentifier { get; init; }

    /// <summary>What the snapshot did.</summary>
    public CommitKind CommitKind { get; init; }

    /// <summary>When it was committed, in milliseconds since 1970-01-01 UTC.</summary>
    public long TimeMillis { get; init; }

    /// <summary>The rows of all live data files, equal keys counted once per file.</summary>
    public long TotalRecordCount { get; init; }

    /// <summary>The rows of the files added less those of the files removed.</summary>
    public long DeltaRecordCount { get; init; }

    /// <summary>The rows of the changelog files.</summary>
    public long? ChangelogRecordCount { get; init; }

    /// <summary>The largest watermark committed until now.</summary>
    public long? Watermark { get; init; }

    /// <summary>The file of the table's statistics, if it was analyzed.</summary>
    public string? Statistics { get; init; }

    /// <summary>What else the job stored with the commit, such as the position of its source.</summary>
    public IReadOnlyDictionary<string, string>? Properties { get; init; }

    /// <summary>The next row id of a table that tracks rows; 0 for others.</summary>
    public long? NextRowId { get; init; }
}

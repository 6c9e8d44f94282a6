using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>A committed state of a table, as its snapshot file tells (docs/format.md#snapshot).</summary>
public sealed record TableSnapshot
{
    /// <summary>1 for the first commit, then one more for each.</summary>
    public required long Id { get; init; }

    /// <summary>The newest schema when the snapshot was committed.</summary>
    public required long SchemaId { get; init; }

    /// <summary>APPEND, COMPACT, OVERWRITE or ANALYZE.</summary>
    public required string CommitKind { get; init; }

    /// <summary>Who committed.</summary>
    public required string CommitUser { get; init; }

    /// <summary>The commit's number within the user.</summary>
    public required long CommitIdentifier { get; init; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The event time up to which rows are complete, in milliseconds since 1970, if known.</summary>
    public long? Watermark { get; init; }

    /// <summary>Rows in all data files, versions and deletes of a key counted each.</summary>
    public long TotalRecordCount { get; init; }

    /// <summary>Rows that the commit added less those it removed.</summary>
    public long DeltaRecordCount { get; init; }

    /// <summary>Rows of changelog files that the commit added.</summary>
    public long ChangelogRecordCount { get; init; }

    /// <summary>What the committer left there, for instance a source's position.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(snapshot))]
    internal static TableSnapshot? From(Snapshot? snapshot) => snapshot is null ? null : new TableSnapshot
    {
        Id = snapshot.Id,
        SchemaId = snapshot.SchemaId,
        CommitKind = snapshot.CommitKind.ToString().ToUpperInvariant(),
        CommitUser = snapshot.CommitUser ?? "",
        CommitIdentifier = snapshot.CommitIdentifier,
        CommittedAt = DateTimeOffset.FromUnixTimeMilliseconds(snapshot.TimeMillis),
        Watermark = snapshot.Watermark,
        TotalRecordCount = snapshot.TotalRecordCount,
        DeltaRecordCount = snapshot.DeltaRecordCount,
        ChangelogRecordCount = snapshot.ChangelogRecordCount ?? 0,
        Properties = snapshot.Properties ?? new Dictionary<string, string>(),
    };
}

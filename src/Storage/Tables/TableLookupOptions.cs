namespace PaimonSharp.Storage.Tables;

/// <summary>What a <see cref="TableLookup"/> gives, and of which state. Immutable.</summary>
public sealed record TableLookupOptions
{
    /// <summary>The columns of the rows found, in order; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The state of this snapshot, with its schema; null for the newest, which <see cref="TableLookup.RefreshAsync"/> follows.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>The state of this tag, with its schema; null for none.</summary>
    public string? Tag { get; init; }
}

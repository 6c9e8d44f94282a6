namespace PaimonSharp.Storage.Metadata;

/// <summary>A snapshot that is to be published. Immutable.</summary>
/// <param name="Committable">Identifier, watermark and properties.</param>
/// <param name="Kind">What the snapshot is.</param>
/// <param name="ChangesOn">Its changes on top of the newest snapshot, which may be none; asked for at every attempt.</param>
/// <param name="IsChecked">True to check it against the table for conflicts.</param>
internal sealed record SnapshotDraft(
    Committable Committable,
    CommitKind Kind,
    Func<Snapshot?, CancellationToken, ValueTask<Changes>> ChangesOn,
    bool IsChecked)
{
    /// <summary>Drafts a snapshot whose changes do not depend on the table.</summary>
    public SnapshotDraft(Committable committable, Changes changes, bool isChecked)
        : this(committable, changes.Kind, (_, _) => ValueTask.FromResult(changes), isChecked)
    {
    }

    /// <summary>A new file of table statistics, if it brings one.</summary>
    public string? Statistics { get; init; }
}

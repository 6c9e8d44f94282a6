namespace PaimonSharp.Storage.Metadata;

/// <summary>What is committed at once under one identifier; it becomes one or two snapshots.</summary>
/// <param name="Identifier">Increasing for each commit user; long.MaxValue for a batch commit.</param>
/// <param name="Messages">The work of the buckets.</param>
internal sealed record Committable(long Identifier, IReadOnlyList<CommitMessage> Messages)
{
    /// <summary>The commit's watermark, if it has one.</summary>
    public long? Watermark { get; init; }

    /// <summary>True where every bucket that gets rows must have an index of its keys: those of a table with dynamic buckets.</summary>
    public bool NeedsKeyIndex { get; init; }

    /// <summary>Stored in every snapshot of this commit, such as the position of the source.</summary>
    public IReadOnlyDictionary<string, string>? Properties { get; init; }
}

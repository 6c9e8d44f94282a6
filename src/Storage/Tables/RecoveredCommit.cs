namespace PaimonSharp.Storage.Tables;

/// <summary>A prepared commit of which it is unknown whether it was published.</summary>
/// <param name="Identifier">The number it was committed with.</param>
/// <param name="Prepared">Its files.</param>
public sealed record RecoveredCommit(long Identifier, PreparedCommit Prepared)
{
    /// <summary>Properties and watermark; the number is <see cref="Identifier"/>.</summary>
    public CommitOptions Options { get; init; } = new();
}

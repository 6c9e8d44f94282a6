using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>A state of a table kept under a name (docs/format.md#tag).</summary>
/// <param name="Name">The tag's name.</param>
/// <param name="Snapshot">The state, which is kept however old it becomes.</param>
/// <param name="CreatedAt">When it was made, local time; null when it is kept until it is deleted.</param>
/// <param name="TimeRetained">How long it is kept; null for until it is deleted.</param>
public sealed record TableTag(string Name, TableSnapshot Snapshot, DateTime? CreatedAt, TimeSpan? TimeRetained)
{
    internal static TableTag From(Tag tag) => new(tag.Name, TableSnapshot.From(tag.Snapshot), tag.CreatedAt, tag.TimeRetained);
}

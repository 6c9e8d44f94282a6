namespace PaimonSharp.Storage.Metadata;

/// <summary>A snapshot kept under a name (docs/format.md#tag). Immutable.</summary>
/// <param name="Name">The tag's name.</param>
/// <param name="Snapshot">The snapshot, which may have expired otherwise.</param>
/// <param name="CreatedAt">When it was made, local time; null when it is kept until it is deleted.</param>
/// <param name="TimeRetained">How long it is kept, null for until it is deleted.</param>
internal sealed record Tag(string Name, Snapshot Snapshot, DateTime? CreatedAt = null, TimeSpan? TimeRetained = null);

using PaimonSharp.Data;

namespace PaimonSharp.Testing.Readers;

/// <summary>A change of a table.</summary>
/// <param name="Snapshot">The snapshot that made it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">The primary key's values as JSON.</param>
/// <param name="Row">The row as a JSON object.</param>
public sealed record TableChange(long Snapshot, RowKind Kind, string Key, string Row);

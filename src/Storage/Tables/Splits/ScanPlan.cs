using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>What a read will read: the result of planning. Immutable.</summary>
/// <param name="Snapshot">The snapshot, null where the table has none.</param>
/// <param name="Schema">The schema that rows are given with.</param>
/// <param name="Splits">The files, by bucket.</param>
/// <param name="PrunedFiles">The files that need not be read, as what is known of them rules out every row wanted.</param>
internal sealed record ScanPlan(Snapshot? Snapshot, TableSchema Schema, IReadOnlyList<Split> Splits, int PrunedFiles);

using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>What a read will read: the result of planning. Immutable.</summary>
/// <param name="Table">The table, or the branch of it, that is read.</param>
/// <param name="SnapshotId">The snapshot that was planned, the last one where there are several; null where there is none.</param>
/// <param name="Schema">The schema that rows are given with.</param>
/// <param name="Splits">The files, by bucket.</param>
/// <param name="PrunedFiles">The files that need not be read, as what is known of them rules out every row wanted.</param>
internal sealed record ScanPlan(
    Table Table, long? SnapshotId, TableSchema Schema, IReadOnlyList<Split> Splits, int PrunedFiles);

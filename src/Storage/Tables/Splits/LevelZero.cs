using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Which tables keep files of level 0 from batch reads (docs/format.md#reading).</summary>
internal static class LevelZero
{
    /// <summary>
    /// True for tables with deletion vectors and of merge engine first-row: what level 0 holds becomes visible by a
    /// compaction only, and the levels above need no merge.
    /// </summary>
    public static bool IsHidden(TableSchema schema, TableOptions options) =>
        schema.PrimaryKeys.Count > 0
        && (options.GetBoolean("deletion-vectors.enabled", false) || options.GetName("merge-engine") == "first-row");
}

using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// A table's merge engine with its options, as flushes, merge reads and compactions use it: one call for a whole plan, behind
/// which the loop is compiled for the engine. Immutable; safe for several threads.
/// </summary>
internal abstract class MergeEngine
{
    /// <summary>The option's name and its old ones; the first one that is there counts.</summary>
    private static readonly string[] IgnoreDeleteKeys =
    [
        "ignore-delete", "first-row.ignore-delete", "deduplicate.ignore-delete", "partial-update.ignore-delete",
    ];

    /// <summary>The engine that a table's options ask for.</summary>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Unsupported: the engine is one that this release does not have.</exception>
    public static MergeEngine Create(TableOptions options)
    {
        var name = options.GetString("merge-engine", "deduplicate");
        return name switch
        {
            "deduplicate" => new Engine<DeduplicateMerge>(new DeduplicateMerge(IgnoresDelete(options))),
            "partial-update" or "aggregation" or "first-row" =>
                throw new PaimonException(ErrorKind.Unsupported, $"merge-engine '{name}' is not supported; deduplicate is."),
            _ => throw TableOptions.Error(
                "merge-engine", name, "one of deduplicate, partial-update, aggregation, first-row"),
        };
    }

    /// <summary>True when retractions are dropped before they are written (option <c>ignore-delete</c> and its old names).</summary>
    /// <param name="options">The table's options.</param>
    public static bool IgnoresDelete(TableOptions options) =>
        IgnoreDeleteKeys.FirstOrDefault(options.Contains) is { } key && options.GetBoolean(key, false);

    /// <summary>Reduces every group of a plan to the row that represents it.</summary>
    /// <param name="plan">The rows.</param>
    /// <param name="kinds">The kinds of each source's rows.</param>
    /// <param name="dropRetracts">True to leave out keys whose result is a retraction.</param>
    /// <param name="selected">Room for a row a group, filled with the results in key order.</param>
    /// <returns>The number of results.</returns>
    public abstract int Select(
        MergePlan plan, ReadOnlySpan<FixedVector<RowKind>> kinds, bool dropRetracts, Span<RowReference> selected);

    private sealed class Engine<TMerge>(TMerge merge) : MergeEngine
        where TMerge : struct, IMergeFunction
    {
        public override int Select(
            MergePlan plan, ReadOnlySpan<FixedVector<RowKind>> kinds, bool dropRetracts, Span<RowReference> selected) =>
            MergeLoop.Select(merge, plan, kinds, dropRetracts, selected);
    }
}

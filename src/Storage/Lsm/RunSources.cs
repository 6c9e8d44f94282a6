using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The windows of several runs, column by column, to gather rows of them as they are. For one thread at a time.</summary>
/// <param name="runs">The runs.</param>
internal sealed class RunSources(RunCursor[] runs)
{
    private readonly ColumnVector[][] _keys = Columns(runs, run => run.KeyColumns);
    private readonly ColumnVector[][] _values = Columns(runs, run => run.ValueColumns);
    private readonly FixedVector<RowKind>[] _kinds = [.. runs.Select(run => run.Kinds)];
    private readonly FixedVector<long>[] _sequences = [.. runs.Select(run => run.Sequences)];
    private readonly bool _hasLostRows = Array.Exists(runs, run => run.HasLostRows);

    /// <summary>Appends rows.</summary>
    /// <param name="rows">The rows; a source is a run.</param>
    /// <param name="target">Where to.</param>
    public void Gather(ReadOnlySpan<RowReference> rows, SpillRows target)
    {
        for (var i = 0; _hasLostRows && i < rows.Length; i++)
        {
            if (runs[rows[i].Source].LostRows is { } lost && lost.Contains(rows[i].Row))
            {
                target.LostRows.Add(target.Count + i);
            }
        }

        Gather(_keys, rows, target.KeyColumns);
        Gather(_values, rows, target.ValueColumns);
        target.Kinds.AppendGather(_kinds, rows);
        target.Sequences.AppendGather(_sequences, rows);
    }

    private static void Gather(ColumnVector[][] sources, ReadOnlySpan<RowReference> rows, ColumnVector[] target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i].AppendGather(sources[i], rows);
        }
    }

    private static ColumnVector[][] Columns(RunCursor[] runs, Func<RunCursor, ColumnVector[]> columns) =>
        [.. Enumerable.Range(0, columns(runs[0]).Length).Select(i => runs.Select(run => columns(run)[i]).ToArray())];
}

using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// A merge engine at work on the columns of one reader or one flush: <see cref="Merge"/> decides which keys have a result, then
/// <see cref="Gather"/> gives the values column by column, any range of results at a time, so that memory need not hold them
/// all. One thread at a time merges; different columns may be gathered at the same time.
/// </summary>
internal abstract class BoundMerge
{
    /// <summary>The rows of the last merge.</summary>
    protected MergeInput Input { get; private set; }

    /// <summary>The results of the last merge.</summary>
    public MergeResult Result { get; } = new();

    /// <summary>Merges all groups of a plan.</summary>
    /// <param name="input">The rows.</param>
    public void Merge(in MergeInput input)
    {
        Input = input;
        Result.Clear(input.Plan.GroupCount);
        MergeGroups(input);
    }

    /// <summary>Appends the values that a column has in a range of results.</summary>
    /// <param name="column">The column.</param>
    /// <param name="start">The first result.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">The column of the results.</param>
    public virtual void Gather(int column, int start, int count, ColumnVector target) =>
        target.AppendGather(Input.Columns[column]!, Result.Rows.Slice(start, count));

    /// <summary>Fills <see cref="Result"/>.</summary>
    /// <param name="input">The rows.</param>
    protected abstract void MergeGroups(in MergeInput input);
}

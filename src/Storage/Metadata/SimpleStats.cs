namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Bounds and NULL counts of some columns, in the form that metadata files hold (docs/format.md#simple-stats). A NULL bound
/// is an unknown one.
/// </summary>
/// <param name="MinValues">One field a column: the smallest values.</param>
/// <param name="MaxValues">One field a column: the largest values.</param>
/// <param name="NullCounts">One a column, null where unknown.</param>
internal sealed record SimpleStats(BinaryRowBytes MinValues, BinaryRowBytes MaxValues, IReadOnlyList<long?> NullCounts)
{
    /// <summary>The statistics of no column.</summary>
    public static SimpleStats Empty { get; } = new(BinaryRowBytes.Empty, BinaryRowBytes.Empty, []);
}

using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Spill;

/// <summary>The vectors that rows are spilled from and read back into. For one thread at a time.</summary>
/// <param name="KeyColumns">The columns that bring rows together.</param>
/// <param name="ValueColumns">The other columns.</param>
/// <param name="Kinds">The kinds.</param>
/// <param name="Sequences">The sequence numbers.</param>
internal sealed record SpillRows(
    ColumnVector[] KeyColumns, ColumnVector[] ValueColumns, FixedVector<RowKind> Kinds, FixedVector<long> Sequences)
{
    /// <summary>The rows of which a cast has lost a value.</summary>
    public HashSet<int> LostRows { get; } = [];

    /// <summary>How many rows there are.</summary>
    public int Count => Sequences.Length;
}

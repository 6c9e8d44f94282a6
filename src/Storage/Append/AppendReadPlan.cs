using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Which columns a read of a table without primary key takes from its files, and which from the partition. Immutable; safe
/// for several threads.
/// </summary>
internal sealed class AppendReadPlan
{
    private readonly int[] _partitionOf;

    /// <summary>Plans a read.</summary>
    /// <param name="schema">The schema to read with, extended by <see cref="RowTracking"/> where row ids may be asked for.</param>
    /// <param name="columns">The positions of the columns wanted among the schema's.</param>
    public AppendReadPlan(TableSchema schema, ReadOnlySpan<int> columns)
    {
        OutputType = schema.RowType.Project(columns);
        _partitionOf = [.. OutputType.Fields.Select(field => schema.PartitionType.IndexOf(field.Name))];
        FileColumns = [.. Enumerable.Range(0, _partitionOf.Length).Where(i => _partitionOf[i] < 0)];
        FileType = OutputType.Project(FileColumns);
    }

    /// <summary>The columns of the result.</summary>
    public RowType OutputType { get; }

    /// <summary>The columns that are read from files.</summary>
    public RowType FileType { get; }

    /// <summary>The positions of the columns of <see cref="FileType"/> in <see cref="OutputType"/>.</summary>
    public int[] FileColumns { get; }

    /// <summary>The partition column that a column of the result is, or -1.</summary>
    /// <param name="column">The position in <see cref="OutputType"/>.</param>
    public int PartitionOf(int column) => _partitionOf[column];
}

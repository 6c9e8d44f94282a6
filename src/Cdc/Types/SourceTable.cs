namespace PaimonSharp.Cdc.Types;

/// <summary>
/// A table of a MySQL or MariaDB server: its columns in the order in which the binlog's row images hold them. Immutable.
/// </summary>
/// <param name="Database">The database.</param>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">The columns, invisible and generated ones included.</param>
/// <param name="PrimaryKey">The names of the primary key's columns, in key order; empty when there is none.</param>
public sealed record SourceTable(
    string Database, string Name, IReadOnlyList<MySqlColumn> Columns, IReadOnlyList<string> PrimaryKey)
{
    /// <summary>The table's comment, empty for none.</summary>
    public string Comment { get; init; } = "";

    /// <summary>The character set of columns that are added without one.</summary>
    public string DefaultCharacterSet { get; init; } = "utf8mb4";

    /// <summary>The comments of the columns that have one.</summary>
    public IReadOnlyDictionary<string, string> ColumnComments { get; init; } = new Dictionary<string, string>();

    /// <summary><c>database.table</c></summary>
    public string QualifiedName => $"{Database}.{Name}";

    /// <summary>The position of a column, or -1. Column names are compared without case, as the server does.</summary>
    /// <param name="column">The column's name.</param>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name.Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>True when both have the same columns in the same order, and the same key.</summary>
    /// <param name="other">The table to compare with.</param>
    public bool HasSameRowsAs(SourceTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Columns.SequenceEqual(other.Columns) && PrimaryKey.SequenceEqual(other.PrimaryKey);
    }
}

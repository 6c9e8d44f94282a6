using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables.SystemTables;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A read-only table that tells about another one, as Paimon's <c>table$name</c> (docs/format.md#system-tables): its snapshots,
/// files, tags, or its rows with their kinds. Immutable and safe for several threads; scans are for one thread each.
/// </summary>
public sealed class SystemTable
{
    private readonly ISystemSource _source;

    internal SystemTable(Table table, string name, ISystemSource source)
    {
        Table = table;
        Name = name;
        _source = source;
    }

    /// <summary>The names that <see cref="Table.OpenSystemTable"/> takes.</summary>
    public static IReadOnlyList<string> Names => SystemSources.Names;

    /// <summary>The table that it tells about.</summary>
    public Table Table { get; }

    /// <summary>Its name without the table's, such as <c>files</c>.</summary>
    public string Name { get; }

    /// <summary>Its columns.</summary>
    public RowType RowType => _source.RowType;

    /// <summary>Begins a read: of all columns and rows, until the scan is told otherwise.</summary>
    public SystemScan NewScan() => new(_source);
}

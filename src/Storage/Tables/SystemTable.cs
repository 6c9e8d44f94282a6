using PaimonSharp.Data.Errors;
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

    /// <summary>Begins a read of changes, of <c>audit_log</c> and <c>binlog</c> only.</summary>
    /// <param name="options">
    /// Where to begin, whether to follow; the newest state and then changes by default. All columns are read.
    /// </param>
    /// <exception cref="PaimonException">Unsupported: another system table, or columns are named.</exception>
    public SystemChangelogStream NewChangelogStream(ChangelogStreamOptions? options = null)
    {
        if (_source is not ChangesSource changes || options?.Columns is not null)
        {
            throw new PaimonException(
                ErrorKind.Unsupported, $"The changes of {Table.Name}${Name}, or of some of its columns, are not read; its rows are.");
        }

        return new SystemChangelogStream(Table.NewChangelogStream(options), changes.NewShape());
    }
}

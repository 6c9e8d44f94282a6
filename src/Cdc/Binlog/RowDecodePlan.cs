using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// How the rows of one table map become the rows of a batch: for every target column the position in the image and the
/// conversion. Keep it as long as the parser hands out the same <see cref="TableMap"/>. Immutable.
/// </summary>
public sealed class RowDecodePlan
{
    private readonly int[] _sources;
    private readonly ColumnDecoder?[] _decoders;
    private readonly string[] _names;
    private readonly int[] _widths = [];

    private RowDecodePlan(TableMap table, int[] sources, ColumnDecoder?[] decoders, string[] names)
    {
        Table = table;
        _sources = sources;
        _decoders = decoders;
        _names = names;
        RowsDecoder.WidthsOf(table, ref _widths);
    }

    /// <summary>The table map that the plan is for.</summary>
    public TableMap Table { get; }

    internal ReadOnlySpan<int> Widths => _widths.AsSpan(0, Table.ColumnCount);

    /// <summary>Makes a plan.</summary>
    /// <param name="table">The table map of the rows events.</param>
    /// <param name="columns">
    /// The source's columns by position as the schema knows them at this point of the log, or the map's own
    /// <see cref="TableMap.Columns"/>.
    /// </param>
    /// <param name="target">The columns of the batch.</param>
    /// <param name="sources">For every target column its position in <paramref name="columns"/>, -1 for NULL.</param>
    /// <param name="options">The switches of the type mapping.</param>
    /// <exception cref="PaimonException">
    /// The schema does not fit the table map, or a source type cannot become its target's type.
    /// </exception>
    public static RowDecodePlan Create(
        TableMap table, IReadOnlyList<MySqlColumn> columns, RowType target, ReadOnlySpan<int> sources, TypeMappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        if (columns.Count > table.ColumnCount)
        {
            throw new PaimonException(
                ErrorKind.Invalid,
                $"The log's row images of {table} have {table.ColumnCount} columns, the schema known has {columns.Count}.");
        }

        var decoders = new ColumnDecoder?[sources.Length];
        var names = new string[sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            names[i] = target.Fields[i].Name;
            if (sources[i] >= 0)
            {
                var column = columns[sources[i]];
                decoders[i] = Decoders.ColumnDecoders.Create(
                    table, column.Name, table.WireColumns[sources[i]], column.Type, target.Fields[i].Type, options);
            }
        }

        return new RowDecodePlan(table, sources.ToArray(), decoders, names);
    }

    internal int SourceOf(int targetColumn) => _sources[targetColumn];

    internal ColumnDecoder DecoderOf(int targetColumn) => _decoders[targetColumn]!;

    internal string NameOf(int targetColumn) => _names[targetColumn];
}

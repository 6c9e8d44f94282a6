using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// What a table to be created looks like. Immutable: every method gives a changed copy, so that definitions can be shared.
/// <code>
/// new TableDefinition().Column("id", DataTypes.BigInt).Column("amount", DataTypes.Decimal(10, 2)).PrimaryKey("id")
/// </code>
/// </summary>
public sealed record TableDefinition
{
    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<ColumnDefinition> Columns { get; init; } = [];

    /// <summary>The names of the primary key's columns, in key order; none for a table that rows are only added to.</summary>
    public IReadOnlyList<string> PrimaryKeys { get; init; } = [];

    /// <summary>The names of the partition columns; each must be part of the primary key, if there is one.</summary>
    public IReadOnlyList<string> PartitionKeys { get; init; } = [];

    /// <summary>
    /// Paimon's table options; where <c>bucket</c> is absent it is 1, or -1 for a table without primary key: no buckets.
    /// </summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>A remark kept in the schema, if any.</summary>
    public string? Comment { get; init; }

    /// <summary>Adds a column after those that are there.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="comment">A remark, if any.</param>
    /// <param name="defaultValue">What writers put in place of NULL, as text; nothing by default.</param>
    public TableDefinition Column(string name, DataType type, string? comment = null, string? defaultValue = null) =>
        this with { Columns = [.. Columns, new ColumnDefinition(name, type, comment, defaultValue)] };

    /// <summary>Names the primary key's columns, in key order.</summary>
    /// <param name="columns">Names of columns.</param>
    public TableDefinition PrimaryKey(params IReadOnlyList<string> columns) => this with { PrimaryKeys = [.. columns] };

    /// <summary>Names the partition columns, in directory order.</summary>
    /// <param name="columns">Names of columns.</param>
    public TableDefinition PartitionedBy(params IReadOnlyList<string> columns) => this with { PartitionKeys = [.. columns] };

    /// <summary>Sets a table option.</summary>
    /// <param name="key">Paimon's key.</param>
    /// <param name="value">The value as text.</param>
    public TableDefinition Option(string key, string value) =>
        this with { Options = new Dictionary<string, string>(Options) { [key] = value } };
}

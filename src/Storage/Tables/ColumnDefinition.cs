using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables;

/// <summary>A column of a table that is to be created or of a column that is to be added.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type; primary key columns become NOT NULL by themselves.</param>
/// <param name="Comment">A remark kept in the schema, if any.</param>
/// <param name="DefaultValue">What writers put in place of NULL, as text, perhaps in single quotes; nothing by default.</param>
public sealed record ColumnDefinition(string Name, DataType Type, string? Comment = null, string? DefaultValue = null);

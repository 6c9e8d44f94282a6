namespace PaimonSharp.Cdc.Types;

/// <summary>A column of a source table, at its position in the table.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsNullable">True when it may hold NULL.</param>
public sealed record MySqlColumn(string Name, MySqlColumnType Type, bool IsNullable = true);

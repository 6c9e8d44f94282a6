namespace PaimonSharp.Data.Types;

/// <summary>A named field of a row or table.</summary>
/// <param name="Id">Unique over the table's whole tree of fields, never used again: files of older schemas are matched by it.</param>
/// <param name="Name">The field's name, case-sensitive.</param>
/// <param name="Type">The field's type.</param>
/// <param name="Description">The comment, if any.</param>
/// <param name="DefaultValue">The default as SQL text, applied by writers, if any.</param>
public sealed record DataField(int Id, string Name, DataType Type, string? Description = null, string? DefaultValue = null)
{
    /// <summary>The field as SQL: name, type and comment.</summary>
    public override string ToString() => Description is null ? $"`{Name}` {Type}" : $"`{Name}` {Type} COMMENT '{Description}'";
}

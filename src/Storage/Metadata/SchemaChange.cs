using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>One change of a table's schema. A closed family.</summary>
internal abstract record SchemaChange
{
    private protected SchemaChange()
    {
    }
}

/// <summary>A new last column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; nullable, as existing rows read it as NULL.</param>
/// <param name="Description">Its comment, if any.</param>
internal sealed record AddColumn(string Name, DataType Type, string? Description = null) : SchemaChange;

/// <summary>An option gets a value.</summary>
/// <param name="Key">The option's key.</param>
/// <param name="Value">Its new value.</param>
internal sealed record SetOption(string Key, string Value) : SchemaChange;

/// <summary>An option loses its value.</summary>
/// <param name="Key">The option's key.</param>
internal sealed record RemoveOption(string Key) : SchemaChange;

/// <summary>The table's comment changes.</summary>
/// <param name="Comment">The new comment; null removes it.</param>
internal sealed record SetComment(string? Comment) : SchemaChange;

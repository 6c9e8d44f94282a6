using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tables;

/// <summary>The name of a table in a catalog: <c>database.table</c>.</summary>
/// <param name="Database">The database's name.</param>
/// <param name="Table">The table's name.</param>
public readonly record struct Identifier(string Database, string Table)
{
    /// <summary>Reads <c>database.table</c>; everything after the first dot is the table's name.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="PaimonException">Invalid: a part is missing.</exception>
    public static Identifier Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == text.Length - 1)
        {
            PaimonException.ThrowInvalid($"'{text}' does not name a table; write database.table.");
        }

        return new Identifier(text[..dot], text[(dot + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Database}.{Table}";
}

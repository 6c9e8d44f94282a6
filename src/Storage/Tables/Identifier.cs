using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tables;

/// <summary>The name of a table in a catalog: <c>database.table</c>.</summary>
/// <param name="Database">The database's name.</param>
/// <param name="Table">The table's name.</param>
public readonly record struct Identifier(string Database, string Table)
{
    /// <summary>
    /// Reads <c>database.table</c>; everything after the first dot is the table's name. A database whose name has a dot in it
    /// stands in backticks: <c>`my.shop`.orders</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="PaimonException">Invalid: a part is missing.</exception>
    public static Identifier Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isQuoted = text.StartsWith('`');
        var dot = isQuoted ? text.IndexOf("`.", StringComparison.Ordinal) + 1 : text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= (isQuoted ? 2 : 0) || dot == text.Length - 1)
        {
            PaimonException.ThrowInvalid(
                $"'{text}' does not name a table; write database.table, or `data.base`.table where the database has a dot in it.");
        }

        return new Identifier(isQuoted ? text[1..(dot - 1)] : text[..dot], text[(dot + 1)..]);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        Database.Contains('.', StringComparison.Ordinal) ? $"`{Database}`.{Table}" : $"{Database}.{Table}";
}

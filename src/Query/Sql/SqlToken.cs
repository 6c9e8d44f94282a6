namespace PaimonSharp.Query.Sql;

/// <summary>What a piece of SQL text is.</summary>
internal enum SqlTokenKind : byte
{
    End,
    Word,
    QuotedName,
    String,
    Number,
    Symbol,
}

/// <summary>A piece of SQL text with its place.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Names and strings without their quotes, all else as written.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Line, int Column)
{
    public bool Is(string word) =>
        Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public SqlException Error(string message) => new(message, Line, Column);
}

namespace PaimonSharp.Cdc.Ddl;

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

/// <summary>A piece of SQL text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Names and strings without their quotes, all else as written.</param>
/// <param name="Start">Where it begins in the statement.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start, int End)
{
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    public bool Is(string word) =>
        Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

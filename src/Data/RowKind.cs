namespace PaimonSharp.Data;

/// <summary>
/// What a row does to its key. The numbers are Paimon's, as stored in <c>_VALUE_KIND</c> (docs/format.md#data-files).
/// </summary>
public enum RowKind : byte
{
    /// <summary><c>+I</c>: the row is new.</summary>
    Insert = 0,

    /// <summary><c>-U</c>: the row as it was before an update.</summary>
    UpdateBefore = 1,

    /// <summary><c>+U</c>: the row as it is after an update.</summary>
    UpdateAfter = 2,

    /// <summary><c>-D</c>: the row is gone; its values are those it had.</summary>
    Delete = 3,
}

/// <summary>Texts and groups of <see cref="RowKind"/>.</summary>
public static class RowKinds
{
    /// <summary>True for <c>+I</c> and <c>+U</c>.</summary>
    /// <param name="kind">The kind to test.</param>
    public static bool IsAdd(this RowKind kind) => kind is RowKind.Insert or RowKind.UpdateAfter;

    /// <summary>True for <c>-U</c> and <c>-D</c>.</summary>
    /// <param name="kind">The kind to test.</param>
    public static bool IsRetract(this RowKind kind) => kind is RowKind.UpdateBefore or RowKind.Delete;

    /// <summary>The two-character text of a kind: <c>+I</c>, <c>-U</c>, <c>+U</c> or <c>-D</c>.</summary>
    /// <param name="kind">The kind to name.</param>
    public static string ToShortText(this RowKind kind) => kind switch
    {
        RowKind.Insert => "+I",
        RowKind.UpdateBefore => "-U",
        RowKind.UpdateAfter => "+U",
        RowKind.Delete => "-D",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A row kind is 0 to 3."),
    };

    /// <summary>Reads the two-character text of a kind.</summary>
    /// <param name="text"><c>+I</c>, <c>-U</c>, <c>+U</c> or <c>-D</c>.</param>
    /// <param name="kind">The kind read.</param>
    /// <returns>False when the text is none of the four.</returns>
    public static bool TryParseShortText(ReadOnlySpan<char> text, out RowKind kind)
    {
        kind = text switch
        {
            "+I" => RowKind.Insert,
            "-U" => RowKind.UpdateBefore,
            "+U" => RowKind.UpdateAfter,
            "-D" => RowKind.Delete,
            _ => (RowKind)byte.MaxValue,
        };
        return kind <= RowKind.Delete;
    }
}

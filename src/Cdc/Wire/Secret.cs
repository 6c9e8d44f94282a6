namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// A text that must not be shown: a password. It prints as stars, compares by value and gives its text only to
/// <see cref="Reveal"/>, so that a record that holds it can be printed and logged.
/// </summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly string _text;

    /// <summary>Holds a text.</summary>
    /// <param name="text">The text to hide.</param>
    public Secret(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    /// <summary>The secret of no characters: an account without a password.</summary>
    public static Secret Empty { get; } = new("");

    /// <summary>True when there is nothing to hide.</summary>
    public bool IsEmpty => _text.Length == 0;

    /// <summary>The hidden text. Never put it into a message, a log or an exception.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Stars, whatever is held.</summary>
    public override string ToString() => IsEmpty ? "" : "***";
}

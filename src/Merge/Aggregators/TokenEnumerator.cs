namespace PaimonSharp.Merge.Aggregators;

/// <summary>The parts of a text between separators, empty ones too, except the one after a separator that ends the text.</summary>
/// <param name="text">The text.</param>
/// <param name="separator">Not empty.</param>
internal ref struct TokenEnumerator(ReadOnlySpan<byte> text, ReadOnlySpan<byte> separator)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<byte> _separator = separator;
    private int _next;

    /// <summary>Where the part begins, and its length.</summary>
    public (int Start, int Length) Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly TokenEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next part.</summary>
    public bool MoveNext()
    {
        if (_next >= _text.Length)
        {
            return false;
        }

        var length = _text[_next..].IndexOf(_separator);
        if (length < 0)
        {
            length = _text.Length - _next;
        }

        Current = (_next, length);
        _next += length + _separator.Length;
        return true;
    }
}

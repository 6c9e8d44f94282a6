namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>A value as indexes compare it: a number whose order is that of the values, or a text's bytes.</summary>
/// <param name="Number">The number; 0 for a text.</param>
/// <param name="Text">The bytes; null for a number.</param>
internal readonly record struct IndexKey(long Number, byte[]? Text) : IComparable<IndexKey>
{
    /// <inheritdoc/>
    public int CompareTo(IndexKey other) =>
        Text is null ? Number.CompareTo(other.Number) : Text.AsSpan().SequenceCompareTo(other.Text);

    /// <inheritdoc/>
    public bool Equals(IndexKey other) => Number == other.Number && Text.AsSpan().SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override int GetHashCode() => IndexKeyComparer.Instance.GetHashCode(this);
}

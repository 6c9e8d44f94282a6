using System.Diagnostics.CodeAnalysis;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Equality of keys, so that a text is found by its bytes without a copy of them.</summary>
internal sealed class IndexKeyComparer : IEqualityComparer<IndexKey>, IAlternateEqualityComparer<ReadOnlySpan<byte>, IndexKey>
{
    /// <summary>The one comparer.</summary>
    public static IndexKeyComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(IndexKey x, IndexKey y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] IndexKey obj) =>
        obj.Text is null ? obj.Number.GetHashCode() : GetHashCode(obj.Text.AsSpan());

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, IndexKey other) => alternate.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IndexKey Create(ReadOnlySpan<byte> alternate) => new(0, alternate.ToArray());
}

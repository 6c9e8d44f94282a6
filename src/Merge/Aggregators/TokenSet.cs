namespace PaimonSharp.Merge.Aggregators;

/// <summary>A set of parts of one text, which may grow at its end. Reusable; one thread.</summary>
internal sealed class TokenSet
{
    private readonly List<(int Start, int Length, int Next)> _tokens = [];
    private int[] _buckets = new int[16];

    /// <summary>Removes all parts.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _buckets.AsSpan().Clear();
    }

    /// <summary>True when a part has these bytes.</summary>
    /// <param name="text">The text that the parts were taken from.</param>
    /// <param name="token">The bytes.</param>
    public bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> token)
    {
        for (var i = _buckets[Bucket(token)]; i > 0; i = _tokens[i - 1].Next)
        {
            var (start, length, _) = _tokens[i - 1];
            if (text.Slice(start, length).SequenceEqual(token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds a part.</summary>
    /// <param name="text">The text that the parts were taken from.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Its length.</param>
    public void Add(ReadOnlySpan<byte> text, int start, int length)
    {
        if (_tokens.Count == _buckets.Length)
        {
            Grow(text);
        }

        ref var bucket = ref _buckets[Bucket(text.Slice(start, length))];
        _tokens.Add((start, length, bucket));
        bucket = _tokens.Count;
    }

    private int Bucket(ReadOnlySpan<byte> token)
    {
        var hash = default(HashCode);
        hash.AddBytes(token);
        return hash.ToHashCode() & (_buckets.Length - 1);
    }

    private void Grow(ReadOnlySpan<byte> text)
    {
        _buckets = new int[_buckets.Length * 2];
        for (var i = 0; i < _tokens.Count; i++)
        {
            var (start, length, _) = _tokens[i];
            ref var bucket = ref _buckets[Bucket(text.Slice(start, length))];
            _tokens[i] = (start, length, bucket);
            bucket = i + 1;
        }
    }
}

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Bytes that are appended to and cleared again and again; the array stays, and goes back to the pool in the end.</summary>
internal sealed class GrowingBuffer : IDisposable
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Bytes that were appended before, to be changed.</summary>
    public Span<byte> Slice(int start, int count) => _bytes.AsSpan(start, count);

    public void Clear() => Length = 0;

    /// <summary>Appends bytes and hands them out to be filled in.</summary>
    public Span<byte> Append(int count)
    {
        var needed = checked(Length + count);
        PooledArray.Reserve(ref _bytes, Length, needed);
        var span = _bytes.AsSpan(Length, count);
        Length = needed;
        return span;
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Takes back the last bytes.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        Clear();
        PooledArray.Return(ref _bytes);
    }
}

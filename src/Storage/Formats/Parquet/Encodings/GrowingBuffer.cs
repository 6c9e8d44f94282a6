namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Bytes that are appended to and cleared again and again; the array stays.</summary>
internal sealed class GrowingBuffer
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
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(256, needed), _bytes.Length * 2L)));
        }

        var span = _bytes.AsSpan(Length, count);
        Length = needed;
        return span;
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Takes back the last bytes.</summary>
    public void Truncate(int length) => Length = length;
}

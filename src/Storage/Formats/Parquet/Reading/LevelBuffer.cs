namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>The levels of some rows of one leaf.</summary>
internal sealed class LevelBuffer
{
    private byte[] _definitions = new byte[256];
    private byte[] _repetitions = new byte[256];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Definitions => _definitions.AsSpan(0, Count);

    public ReadOnlySpan<byte> Repetitions => _repetitions.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Append(ReadOnlySpan<byte> definitions, ReadOnlySpan<byte> repetitions)
    {
        var needed = Count + definitions.Length;
        if (needed > _definitions.Length)
        {
            Array.Resize(ref _definitions, Math.Max(needed, _definitions.Length * 2));
            Array.Resize(ref _repetitions, _definitions.Length);
        }

        definitions.CopyTo(_definitions.AsSpan(Count));
        repetitions.CopyTo(_repetitions.AsSpan(Count));
        Count = needed;
    }
}

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The smallest and largest value of the pages of a chunk and of the file.</summary>
internal struct BoundsTracker<T>
{
    public bool HasValue { get; private set; }

    public T Min { get; private set; }

    public T Max { get; private set; }

    public void Add<TCodec>(T min, T max)
        where TCodec : struct, IFixedCodec<T>
    {
        if (!HasValue)
        {
            (HasValue, Min, Max) = (true, min, max);
            return;
        }

        Min = TCodec.Less(min, Min) ? min : Min;
        Max = TCodec.Less(Max, max) ? max : Max;
    }
}

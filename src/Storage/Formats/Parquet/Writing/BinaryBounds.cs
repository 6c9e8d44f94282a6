namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The smallest and largest of some byte arrays, in the order of unsigned bytes.</summary>
internal struct BinaryBounds
{
    /// <summary>Bounds in a column index are cut to this length.</summary>
    private const int MaxIndexBytes = 64;

    public byte[]? Min { get; private set; }

    public byte[]? Max { get; private set; }

    /// <summary>A prefix of a text or of bytes is never larger than the whole.</summary>
    public static byte[] CutMin(byte[] min, bool isText) => min.Length <= MaxIndexBytes ? min : min[..Cut(min, isText)];

    /// <summary>A prefix whose last byte was raised; the whole value where no byte can be raised.</summary>
    public static byte[] CutMax(byte[] max, bool isText)
    {
        if (max.Length <= MaxIndexBytes)
        {
            return max;
        }

        // A text's last ASCII character is raised, so that the bound is a text again.
        var limit = isText ? (byte)0x7E : (byte)0xFE;
        for (var last = Cut(max, isText) - 1; last >= 0; last--)
        {
            if (max[last] <= limit)
            {
                var cut = max[..(last + 1)];
                cut[last]++;
                return cut;
            }
        }

        return max;
    }

    public void Add(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        if (Min is null || min.SequenceCompareTo(Min) < 0)
        {
            Min = min.ToArray();
        }

        if (Max is null || max.SequenceCompareTo(Max) > 0)
        {
            Max = max.ToArray();
        }
    }

    private static int Cut(byte[] value, bool isText)
    {
        var length = MaxIndexBytes;
        while (isText && length > 0 && (value[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }
}

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// The values of a Roaring bitmap that share their upper 16 bits, as their lower 16 bits: sorted in an array, one bit each, or
/// as runs. Changing one may give another one back that takes its place. Ranges are half open, from 0 to 65536.
/// </summary>
internal abstract class RoaringContainer
{
    /// <summary>The values that a container can hold.</summary>
    public const int Range = 1 << 16;

    /// <summary>The words of one bit each.</summary>
    public const int WordCount = Range / 64;

    /// <summary>The values; 1 or more in a container that is part of a bitmap.</summary>
    public abstract int Cardinality { get; }

    /// <summary>The bytes of the values in the portable form.</summary>
    public abstract int SerializedBytes { get; }

    /// <summary>Makes the container that holds the bits that are set: an array up to 4096 of them; null when there are none.</summary>
    /// <param name="words">As many as <see cref="WordCount"/>.</param>
    public static RoaringContainer? OfWords(ReadOnlySpan<ulong> words)
    {
        var count = BitWords.CountAll(words);
        return count switch
        {
            0 => null,
            <= ArrayContainer.MaxValues => ArrayContainer.OfWords(words, count),
            _ => new BitmapContainer(words.ToArray(), count),
        };
    }

    /// <summary>
    /// The values of either container or of both. Their form is the one that Roaring's own libraries give: bits where one has
    /// bits, else runs where one has runs and they are not larger than an array, so that the bytes are the same as well.
    /// </summary>
    public static RoaringContainer Unite(RoaringContainer left, RoaringContainer right)
    {
        if (left is ArrayContainer array && right is ArrayContainer other
            && array.Cardinality + other.Cardinality <= ArrayContainer.MaxValues)
        {
            return ArrayContainer.Unite(array, other);
        }

        Span<ulong> words = stackalloc ulong[WordCount];
        words.Clear();
        left.OrRange(0, Range, words, 0);
        right.OrRange(0, Range, words, 0);
        if (left is BitmapContainer || right is BitmapContainer || (left is ArrayContainer && right is ArrayContainer))
        {
            var united = OfWords(words)!;
            return united.Cardinality == Range ? RunContainer.OfRange(0, Range - 1) : united;
        }

        return RunContainer.RunsOf(words).Optimize();
    }

    /// <summary>True when a value is in it.</summary>
    public abstract bool Contains(ushort value);

    /// <summary>Adds a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isNew">False when it was in it.</param>
    /// <returns>This container or the one that takes its place.</returns>
    public abstract RoaringContainer Add(ushort value, out bool isNew);

    /// <summary>The values in a range.</summary>
    public abstract int CountRange(int start, int end);

    /// <summary>Sets a bit for each value in a range.</summary>
    /// <param name="start">The range's first value.</param>
    /// <param name="end">The value after the range.</param>
    /// <param name="target">Where the bits are set.</param>
    /// <param name="at">The bit of the target that stands for <paramref name="start"/>.</param>
    public abstract void OrRange(int start, int end, Span<ulong> target, int at);

    /// <summary>The smallest value at or above another one; -1 when there is none.</summary>
    public abstract int Next(int value);

    /// <summary>This container, or the runs of its values where they are smaller in the portable form.</summary>
    public abstract RoaringContainer Optimize();

    /// <summary>A container of the same values that is changed independently.</summary>
    public abstract RoaringContainer Clone();

    /// <summary>Writes the values in the portable form.</summary>
    /// <param name="target">As long as <see cref="SerializedBytes"/>.</param>
    public abstract void Write(Span<byte> target);
}

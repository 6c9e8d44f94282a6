using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>More than 4096 values, a bit each: <code>1024 words of 8 bytes</code></summary>
/// <param name="words">The bits, taken over.</param>
/// <param name="cardinality">The bits that are set.</param>
internal sealed class BitmapContainer(ulong[] words, int cardinality) : RoaringContainer
{
    /// <summary>The bytes of the words.</summary>
    public const int Bytes = WordCount * 8;

    private int _cardinality = cardinality;

    /// <inheritdoc/>
    public override int Cardinality => _cardinality;

    /// <inheritdoc/>
    public override int SerializedBytes => Bytes;

    /// <summary>The bits.</summary>
    public ReadOnlySpan<ulong> Words => words;

    /// <summary>Reads words.</summary>
    /// <exception cref="CorruptDataException">Other than as many bits as stated are set.</exception>
    public static BitmapContainer Read(ReadOnlySpan<byte> bytes, int cardinality)
    {
        var words = new ulong[WordCount];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
        }

        var count = BitWords.CountAll(words);
        if (count != cardinality)
        {
            CorruptDataException.Throw($"A part of a bitmap has {count} values; its header says {cardinality}.");
        }

        return new BitmapContainer(words, count);
    }

    /// <inheritdoc/>
    public override bool Contains(ushort value) => (words[value >> 6] & (1UL << (value & 63))) != 0;

    /// <inheritdoc/>
    public override RoaringContainer Add(ushort value, out bool isNew)
    {
        isNew = !Contains(value);
        words[value >> 6] |= 1UL << (value & 63);
        _cardinality += isNew ? 1 : 0;
        return this;
    }

    /// <inheritdoc/>
    public override int CountRange(int start, int end) => BitWords.CountRange(words, start, end);

    /// <inheritdoc/>
    public override void OrRange(int start, int end, Span<ulong> target, int at) =>
        BitWords.OrRange(words, start, end, target, at);

    /// <inheritdoc/>
    public override int Next(int value)
    {
        var next = BitWords.Next(words, value, set: true);
        return next < Range ? next : -1;
    }

    /// <inheritdoc/>
    public override RoaringContainer Optimize()
    {
        var runs = BitWords.CountRuns(words);
        return RunContainer.BytesOf(runs) < Bytes ? RunContainer.Of(this, runs) : this;
    }

    /// <inheritdoc/>
    public override RoaringContainer Clone() => new BitmapContainer([.. words], _cardinality);

    /// <inheritdoc/>
    public override void Write(Span<byte> target)
    {
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target[(8 * i)..], words[i]);
        }
    }
}

using System.Buffers;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>
/// Arrays that grow and that are handed on to the next file when this one is done: a file's buffers are too large for the
/// garbage collector's young generation, and making them anew for each file costs more memory than their use.
/// </summary>
internal static class PooledArray
{
    // The pool's smallest array: what is shorter was not rented.
    private const int MinLength = 16;

    /// <summary>Makes room for more elements; what is beyond those in use is undefined.</summary>
    /// <param name="array">A rented array, or one of fewer than 16 elements.</param>
    /// <param name="used">The elements in use.</param>
    /// <param name="needed">The elements needed.</param>
    public static void Reserve<T>(ref T[] array, int used, int needed)
        where T : unmanaged
    {
        if (needed > array.Length)
        {
            var doubled = (int)Math.Min(Array.MaxLength, array.Length * 2L);
            var larger = ArrayPool<T>.Shared.Rent(Math.Max(Math.Max(needed, doubled), MinLength));
            array.AsSpan(0, used).CopyTo(larger);
            Return(ref array);
            array = larger;
        }
    }

    /// <summary>Gives the array back and leaves an empty one.</summary>
    public static void Return<T>(ref T[] array)
        where T : unmanaged
    {
        if (array.Length >= MinLength)
        {
            ArrayPool<T>.Shared.Return(array);
        }

        array = [];
    }
}

using System.Runtime.CompilerServices;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lookup;

/// <summary>The hash of a key that filters of lookup files use.</summary>
internal static class KeyHash
{
    /// <summary>The hash of a key.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="index">The key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(EncodedKeys keys, int index) =>
        keys.IsPrefixExact ? Mix(keys.Prefixes[index]) : XxHash64.Compute(keys[index]);

    // The finalizer of MurmurHash3: every bit of the key changes half of the hash's.
    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCD;
            bits = (bits ^ (bits >> 33)) * 0xC4CEB9FE1A85EC53;
            return bits ^ (bits >> 33);
        }
    }
}

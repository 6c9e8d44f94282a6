namespace PaimonSharp.Merge.Sketches;

/// <summary>How a HyperLogLog sketch keeps what it saw, numbered as in its bytes.</summary>
internal enum HllMode
{
    /// <summary>Up to 7 coupons in the order in which they came.</summary>
    List,

    /// <summary>Coupons in a hash table.</summary>
    Set,

    /// <summary>A register for each of the 2^lgK ranges of hashes.</summary>
    Registers,
}

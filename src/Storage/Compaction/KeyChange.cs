namespace PaimonSharp.Storage.Compaction;

/// <summary>What a compaction means for the changelog of a key.</summary>
internal enum KeyChange
{
    /// <summary>Nothing: the changelog told of it before.</summary>
    None,

    /// <summary>The key had no row, or a retraction.</summary>
    New,

    /// <summary>The key had a row.</summary>
    Known,

    /// <summary>The key had a row that stays as it is outside the compaction, which drops the key.</summary>
    Dropped,
}

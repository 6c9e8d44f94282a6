using PaimonSharp.Data.Keys;

namespace PaimonSharp.Merge;

/// <summary>Finds what a bucket's higher levels hold of keys: the rows as they were before a compaction. One thread.</summary>
internal interface IBeforeImageLookup
{
    /// <summary>Looks keys up: of each key the row of the lowest level that has one.</summary>
    /// <param name="keys">The keys, ascending, each once.</param>
    /// <param name="startLevel">The lowest level that is looked at, above 0.</param>
    /// <param name="found">Filled with the rows found, in the order of their keys; cleared first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask LookupAsync(EncodedKeys keys, int startLevel, BeforeImages found, CancellationToken cancellationToken);
}

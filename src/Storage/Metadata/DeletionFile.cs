namespace PaimonSharp.Storage.Metadata;

/// <summary>Where the deletion vector of a data file is (docs/format.md#index-manifest).</summary>
/// <param name="Path">The index file.</param>
/// <param name="Offset">Where the vector begins in it.</param>
/// <param name="Length">Its bytes, as the index manifest counts them.</param>
/// <param name="Cardinality">The rows that it removes, null where that was not recorded.</param>
internal readonly record struct DeletionFile(string Path, long Offset, long Length, long? Cardinality);

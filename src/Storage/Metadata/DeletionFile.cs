namespace PaimonSharp.Storage.Metadata;

/// <summary>Where the deletion vector of one data file is.</summary>
/// <param name="Path">The index file.</param>
/// <param name="Range">Its place in it, and the data file.</param>
internal readonly record struct DeletionFile(string Path, DeletionVectorRange Range);

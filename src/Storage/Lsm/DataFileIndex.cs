namespace PaimonSharp.Storage.Lsm;

/// <summary>Where the indexes of a data file were put.</summary>
/// <param name="Embedded">Their bytes, for the manifest; null when they are in a file.</param>
/// <param name="ExtraFiles">The names of files beside the data file.</param>
internal sealed record DataFileIndex(ReadOnlyMemory<byte>? Embedded, IReadOnlyList<string> ExtraFiles)
{
    /// <summary>No indexes.</summary>
    public static DataFileIndex None { get; } = new(null, []);
}

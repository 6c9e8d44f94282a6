namespace PaimonSharp.Storage.Metadata;

/// <summary>What wrote a data file. The numbers are those of <c>_FILE_SOURCE</c>.</summary>
internal enum FileSource : byte
{
    /// <summary>A writer's flush.</summary>
    Append = 0,

    /// <summary>A compaction.</summary>
    Compact = 1,
}

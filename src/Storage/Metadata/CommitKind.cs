namespace PaimonSharp.Storage.Metadata;

/// <summary>What a snapshot did to the table.</summary>
public enum CommitKind
{
    /// <summary>A snapshot that does not say; never written by this library.</summary>
    Unknown,

    /// <summary><c>APPEND</c>: new rows.</summary>
    Append,

    /// <summary><c>COMPACT</c>: files were rewritten; the rows that a reader sees are the same.</summary>
    Compact,

    /// <summary><c>OVERWRITE</c>: files were added and removed; rows may differ in any way.</summary>
    Overwrite,

    /// <summary><c>ANALYZE</c>: table statistics only.</summary>
    Analyze,
}

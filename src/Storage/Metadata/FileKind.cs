namespace PaimonSharp.Storage.Metadata;

/// <summary>What a manifest entry says of its file. The numbers are those of <c>_KIND</c>.</summary>
internal enum FileKind : byte
{
    /// <summary>The file becomes live.</summary>
    Add = 0,

    /// <summary>The file is live no longer.</summary>
    Delete = 1,
}

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>What stands around deflated bytes.</summary>
internal enum DeflateContainer
{
    /// <summary>Nothing (RFC 1951).</summary>
    None,

    /// <summary>zlib's header and Adler-32 (RFC 1950).</summary>
    Zlib,

    /// <summary>gzip's header and CRC-32 (RFC 1952).</summary>
    Gzip,
}

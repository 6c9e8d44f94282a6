namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>What all buffers that pages are decoded from have in common.</summary>
internal static class PageBuffer
{
    /// <summary>Bytes that a buffer has behind the last one in use, so that packed bits can be loaded eight bytes at a time.</summary>
    public const int Slack = 16;
}

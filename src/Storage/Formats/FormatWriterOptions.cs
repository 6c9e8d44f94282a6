namespace PaimonSharp.Storage.Formats;

/// <summary>What a table's options say about how its files are written.</summary>
internal sealed record FormatWriterOptions
{
    /// <summary><c>file.compression</c>: none, snappy, gzip, lz4_raw, zstd.</summary>
    public string Compression { get; init; } = "zstd";

    /// <summary><c>file.compression.zstd-level</c></summary>
    public int ZstdLevel { get; init; } = 1;

    /// <summary><c>file.block-size</c> or <c>parquet.block.size</c>: bytes of uncompressed values in a row group.</summary>
    public long BlockSizeBytes { get; init; } = 128L << 20;

    /// <summary><c>parquet.page.size</c></summary>
    public int PageSizeBytes { get; init; } = 1 << 20;

    /// <summary><c>parquet.enable.dictionary</c></summary>
    public bool EnableDictionary { get; init; } = true;

    /// <summary>False when <c>parquet.writer.version</c> asks for the encodings of the format's first version only.</summary>
    public bool EnableDelta { get; init; } = true;
}

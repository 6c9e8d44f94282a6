using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>What all leaves of a file share.</summary>
/// <param name="Codec">Compresses pages.</param>
/// <param name="PageCodec">The codec's number in the file.</param>
/// <param name="PageBytes">A page ends when its plain values reach this size.</param>
/// <param name="PageRows">A page ends after so many rows.</param>
/// <param name="DictionaryBytes">A dictionary that would grow beyond this is given up; 0 for no dictionaries.</param>
/// <param name="WritesDeltas">True to write integers as differences where that is smaller.</param>
internal sealed record WriterSettings(
    CompressionCodec Codec, PageCodec PageCodec, int PageBytes, int PageRows, int DictionaryBytes, bool WritesDeltas)
{
    private const int MaxPageRows = 20_000;
    private const int MaxDictionaryBytes = 1 << 20;

    /// <exception cref="PaimonException">The codec is not supported.</exception>
    public static WriterSettings From(FormatWriterOptions options)
    {
        var (codec, number) = options.Compression.ToLowerInvariant() switch
        {
            "none" or "uncompressed" => (CompressionCodec.None, PageCodec.Uncompressed),
            "snappy" => (CompressionCodec.Snappy, PageCodec.Snappy),
            "gzip" => (CompressionCodec.Gzip, PageCodec.Gzip),
            "lz4" => (CompressionCodec.Lz4Hadoop, PageCodec.Lz4),
            "lz4_raw" => (CompressionCodec.Lz4Raw, PageCodec.Lz4Raw),
            "zstd" => (CompressionCodec.Zstd(options.ZstdLevel), PageCodec.Zstd),
            _ => throw new PaimonException(
                ErrorKind.Unsupported,
                $"The compression '{options.Compression}' is not supported for Parquet. "
                + "Use zstd, snappy, gzip, lz4, lz4_raw or none."),
        };
        return new WriterSettings(
            codec,
            number,
            WithoutLevels(Math.Clamp(options.PageSizeBytes, 1, 256 << 20)),
            MaxPageRows,
            options.EnableDictionary ? MaxDictionaryBytes : 0,
            options.EnableDelta);
    }

    /// <summary>A page with its levels then fits into a buffer of the size asked for.</summary>
    private static int WithoutLevels(int pageBytes) => pageBytes - (pageBytes / 128);
}

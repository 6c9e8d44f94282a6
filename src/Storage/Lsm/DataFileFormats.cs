using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Formats.Parquet;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The formats of data files by their names: as option values and as file extensions.</summary>
internal static class DataFileFormats
{
    private static readonly AvroFileFormat Avro = new();

    private static readonly string[] CompressionExtensions =
        ["none", "snappy", "gz", "gzip", "lz4", "lz4_raw", "zst", "zstd", "zstandard", "deflate", "bz2", "lzo", "brotli"];

    /// <summary>How a table's options say that data files are written.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="memory">What may be kept in memory.</param>
    public static FormatWriterOptions WriterOptions(TableOptions options, MemoryBudget memory) => new()
    {
        Compression = options.GetString("file.compression", "zstd"),
        ZstdLevel = options.GetInt32("file.compression.zstd-level", 1),
        BlockSizeBytes = Math.Min(
            options.GetSize("file.block-size") ?? options.GetSize("parquet.block.size", 128L << 20), memory.RowGroupBytes),
        PageSizeBytes = (int)options.GetSize("parquet.page.size", 1 << 20),
        EnableDictionary = options.GetBoolean("parquet.enable.dictionary", true),
        EnableDelta = options.GetString("parquet.writer.version", "v2") switch
        {
            "v1" or "PARQUET_1_0" => false,
            "v2" or "PARQUET_2_0" => true,
            var other => throw TableOptions.Error("parquet.writer.version", other, "PARQUET_1_0 or PARQUET_2_0"),
        },
    };

    /// <summary>What ends the names of files, without a dot before it: the format, and under
    /// <c>file.suffix.include.compression</c> the table's codec before it.</summary>
    /// <param name="format">The format.</param>
    /// <param name="options">The table's options.</param>
    public static string Extension(IFileFormat format, TableOptions options)
    {
        var codec = options.GetString("file.compression", "zstd") switch
        {
            "none" or "" => null,
            "gzip" => "gz",
            "zstd" => "zst",
            var other => other,
        };
        return codec is not null && options.GetBoolean("file.suffix.include.compression", false)
            ? $"{codec}.{format.Identifier}"
            : format.Identifier;
    }

    /// <summary>True when Avro files can have such columns.</summary>
    public static bool IsWritableAsAvro(RowType columns) => AvroFormatWriter.CanWrite(columns);

    /// <summary>The format of an option's value.</summary>
    /// <param name="name"><c>parquet</c> or <c>avro</c>, in any case.</param>
    /// <exception cref="PaimonException">Unsupported: another format.</exception>
    public static IFileFormat Named(string name) => name.ToLowerInvariant() switch
    {
        "parquet" => ParquetFileFormat.Instance,
        "avro" => Avro,
        _ => throw new PaimonException(
            ErrorKind.Unsupported, $"Data files of format '{name}' are not supported; parquet and avro are."),
    };

    /// <summary>The format of a file by its extension; one that names a codec is passed over.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PaimonException">Unsupported: another format.</exception>
    public static IFileFormat OfFile(string path)
    {
        var parts = path[(path.LastIndexOf('/') + 1)..].Split('.');
        var last = parts.Length - 1;
        if (last > 1 && CompressionExtensions.Contains(parts[last]))
        {
            last--;
        }

        return last > 0 && parts[last] is "parquet" or "avro"
            ? Named(parts[last])
            : throw new PaimonException(
                ErrorKind.Unsupported,
                $"{path}: data files of format '{(last > 0 ? parts[last] : "")}' are not supported; parquet and avro are.");
    }
}

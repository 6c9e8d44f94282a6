using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Formats.Compression;

namespace PaimonSharp.Storage.Spill;

/// <summary>A table's options of rows that leave memory for the local disk (docs/decisions/0016-spill.md). Immutable.</summary>
internal sealed record SpillOptions
{
    /// <summary>Option <c>lookup.local-dir</c>: where local files are.</summary>
    public required string Directory { get; init; }

    /// <summary>Options <c>spill-compression</c> and <c>spill-compression.zstd-level</c>: LZ4 by default.</summary>
    public CompressionCodec Codec { get; init; } = CompressionCodec.Lz4Raw;

    /// <summary>Option <c>sort-spill-threshold</c>: with more runs than that the small ones are sorted first; null for as memory allows.</summary>
    public int? RunThreshold { get; init; }

    /// <summary>Option <c>sort-spill-buffer-size</c>: what the rows of small runs may take in memory.</summary>
    public long SortBufferBytes { get; init; } = 64L << 20;

    /// <summary>Option <c>write-buffer-spillable</c>: what write buffers have no room for goes to the local disk first.</summary>
    public bool IsWriteBufferSpillable { get; init; } = true;

    /// <summary>Option <c>write-buffer-spill.max-disk-size</c>: what the rows of all write buffers of a writer may take there.</summary>
    public long MaxDiskBytes { get; init; } = long.MaxValue;

    /// <summary>What a table's options say.</summary>
    /// <param name="options">The table's options.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a value that cannot be.</exception>
    public static SpillOptions Of(TableOptions options) => new()
    {
        Directory = ScratchFolder.RootOf(options),
        Codec = options.GetString("spill-compression", "lz4")!.ToLowerInvariant() switch
        {
            "lz4" => CompressionCodec.Lz4Raw,
            var name => CompressionCodec.Parse(name, options.GetInt32("spill-compression.zstd-level", 1)),
        },
        RunThreshold = options.GetInt32("sort-spill-threshold"),
        IsWriteBufferSpillable = options.GetBoolean("write-buffer-spillable", true),
        MaxDiskBytes = options.GetSize("write-buffer-spill.max-disk-size", long.MaxValue),
        SortBufferBytes = options.GetSize("sort-spill-buffer-size", 64L << 20),
    };
}

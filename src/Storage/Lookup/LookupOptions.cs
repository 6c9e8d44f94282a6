using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lookup;

/// <summary>A table's options of lookups (docs/format.md#lookup-files). Immutable.</summary>
internal sealed record LookupOptions
{
    private const long MinMemoryBytes = 1 << 20;

    /// <summary>Option <c>lookup.local-dir</c>: where lookup files are, a folder of the system's temporary one by default.</summary>
    public required string Directory { get; init; }

    /// <summary>Option <c>lookup.cache-max-disk-size</c>: what all lookup files may take; no limit by default.</summary>
    public long MaxDiskBytes { get; init; } = long.MaxValue;

    /// <summary>Option <c>lookup.cache-max-memory-size</c>: what blocks, indexes and filters may take.</summary>
    public long MaxMemoryBytes { get; init; } = 256L << 20;

    /// <summary>Option <c>lookup.cache-file-retention</c>: a file that was not asked for so long is removed.</summary>
    public TimeSpan FileRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Option <c>lookup.cache.bloom.filter.fpp</c>, 0 where <c>lookup.cache.bloom.filter.enabled</c> is false.</summary>
    public double FalsePositiveRate { get; init; } = 0.05;

    /// <summary>Option <c>lookup.cache-spill-compression</c>: LZ4 by default, with which blocks are decoded fastest.</summary>
    public CompressionCodec Codec { get; init; } = CompressionCodec.Lz4Raw;

    /// <summary>What a table's options say.</summary>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: a value that cannot be.</exception>
    public static LookupOptions Of(TableOptions options)
    {
        var rate = options.GetDouble("lookup.cache.bloom.filter.fpp", 0.05);
        if (rate is not (> 0 and < 1))
        {
            throw TableOptions.Error(
                "lookup.cache.bloom.filter.fpp", options.GetString("lookup.cache.bloom.filter.fpp")!, "a number between 0 and 1");
        }

        return new LookupOptions
        {
            Directory = ScratchFolder.RootOf(options),
            MaxDiskBytes = options.GetSize("lookup.cache-max-disk-size", long.MaxValue),
            MaxMemoryBytes = Math.Max(MinMemoryBytes, options.GetSize("lookup.cache-max-memory-size", 256L << 20)),
            FileRetention = options.GetDuration("lookup.cache-file-retention", TimeSpan.FromHours(1)),
            FalsePositiveRate = options.GetBoolean("lookup.cache.bloom.filter.enabled", true) ? rate : 0,
            Codec = options.GetString("lookup.cache-spill-compression", "lz4")!.ToLowerInvariant() switch
            {
                "lz4" => CompressionCodec.Lz4Raw,
                var name => CompressionCodec.Parse(name),
            },
        };
    }
}

using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The options of a table that metadata and commits follow, with Paimon's defaults. Immutable.</summary>
internal sealed record FileStoreOptions
{
    /// <summary><c>manifest.compression</c></summary>
    public string ManifestCompression { get; init; } = "zstd";

    /// <summary><c>file.compression.zstd-level</c></summary>
    public int ZstdLevel { get; init; } = 1;

    /// <summary><c>manifest.target-file-size</c></summary>
    public long ManifestTargetSizeBytes { get; init; } = 8L << 20;

    /// <summary><c>manifest.full-compaction-threshold-size</c></summary>
    public long ManifestFullCompactionSizeBytes { get; init; } = 16L << 20;

    /// <summary><c>manifest.merge-min-count</c></summary>
    public int ManifestMergeMinCount { get; init; } = 30;

    /// <summary><c>commit.max-retries</c></summary>
    public int CommitMaxRetries { get; init; } = 10;

    /// <summary><c>commit.min-retry-wait</c></summary>
    public TimeSpan CommitMinRetryWait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary><c>commit.max-retry-wait</c></summary>
    public TimeSpan CommitMaxRetryWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>commit.timeout</c>; null for none.</summary>
    public TimeSpan? CommitTimeout { get; init; }

    /// <summary>What expiry keeps by itself.</summary>
    public SnapshotRetention Retention { get; init; } = new();

    /// <summary><c>commit.force-create-snapshot</c>: a commit without rows makes a snapshot too.</summary>
    public bool ForceCreateSnapshot { get; init; }

    /// <summary><c>overwrite-upgrade</c>: an overwrite's files go to the highest level where they do not overlap.</summary>
    public bool OverwriteUpgrade { get; init; } = true;

    /// <summary>The highest level: <c>num-levels</c> less one, which is <c>num-sorted-run.compaction-trigger</c> by default.</summary>
    public int MaxLevel { get; init; } = 5;

    /// <summary><c>snapshot.expire.execution-mode</c>: true for async.</summary>
    public bool IsExpiryAsync { get; init; }

    /// <summary><c>tag.time-expire-enabled</c></summary>
    public bool ExpiresTags { get; init; } = true;

    /// <summary><c>consumer.expiration-time</c>; null to keep consumers.</summary>
    public TimeSpan? ConsumerTimeRetained { get; init; }

    /// <summary><c>snapshot.clean-empty-directories</c></summary>
    public bool CleanEmptyDirectories { get; init; }

    /// <summary><c>changelog-producer</c>: true for any but none.</summary>
    public bool HasChangelogProducer { get; init; }

    /// <summary><c>bucket</c>: true for -2.</summary>
    public bool IsPostponed { get; init; }

    /// <summary><c>partition.default-name</c></summary>
    public string PartitionDefaultName { get; init; } = PartitionPaths.DefaultName;

    /// <summary><c>partition.legacy-name</c></summary>
    public bool PartitionLegacyNames { get; init; } = true;

    /// <summary><c>data-file.path-directory</c></summary>
    public string? DataDirectory { get; init; }

    /// <summary><c>index-file-in-data-file-dir</c></summary>
    public bool IndexFilesWithData { get; init; }

    /// <summary>Reads a table's options.</summary>
    /// <exception cref="Data.Errors.PaimonException">Invalid: an option's value makes no sense.</exception>
    public static FileStoreOptions From(TableOptions options)
    {
        var defaults = new FileStoreOptions();
        return new FileStoreOptions
        {
            ManifestCompression = options.GetString("manifest.compression", defaults.ManifestCompression),
            ZstdLevel = options.GetInt32("file.compression.zstd-level", defaults.ZstdLevel),
            ManifestTargetSizeBytes = options.GetSize("manifest.target-file-size", defaults.ManifestTargetSizeBytes),
            ManifestFullCompactionSizeBytes = options.GetSize(
                "manifest.full-compaction-threshold-size", defaults.ManifestFullCompactionSizeBytes),
            ManifestMergeMinCount = options.GetInt32("manifest.merge-min-count", defaults.ManifestMergeMinCount),
            CommitMaxRetries = options.GetInt32("commit.max-retries", defaults.CommitMaxRetries),
            CommitMinRetryWait = options.GetDuration("commit.min-retry-wait", defaults.CommitMinRetryWait),
            CommitMaxRetryWait = options.GetDuration("commit.max-retry-wait", defaults.CommitMaxRetryWait),
            CommitTimeout = options.GetDuration("commit.timeout"),
            Retention = SnapshotRetention.From(options),
            ForceCreateSnapshot = options.GetBoolean("commit.force-create-snapshot", false),
            OverwriteUpgrade = options.GetBoolean("overwrite-upgrade", true),
            MaxLevel = options.GetInt32("num-levels", options.GetInt32("num-sorted-run.compaction-trigger", 5) + 1) - 1,
            IsExpiryAsync = options.GetName("snapshot.expire.execution-mode", "sync") switch
            {
                "sync" => false,
                "async" => true,
                var text => throw TableOptions.Error("snapshot.expire.execution-mode", text!, "sync or async"),
            },
            ExpiresTags = options.GetBoolean("tag.time-expire-enabled", true),
            ConsumerTimeRetained = options.GetDuration("consumer.expiration-time"),
            CleanEmptyDirectories = options.GetBoolean("snapshot.clean-empty-directories", false),
            HasChangelogProducer = options.GetName("changelog-producer", "none") != "none",
            IsPostponed = options.GetInt32("bucket", -1) == DataFilePaths.PostponeBucket,
            PartitionDefaultName = options.GetString("partition.default-name", defaults.PartitionDefaultName),
            PartitionLegacyNames = options.GetBoolean("partition.legacy-name", defaults.PartitionLegacyNames),
            DataDirectory = options.GetString("data-file.path-directory"),
            IndexFilesWithData = options.GetBoolean("index-file-in-data-file-dir", defaults.IndexFilesWithData),
        };
    }
}

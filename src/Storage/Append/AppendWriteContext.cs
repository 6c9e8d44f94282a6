using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// What the writers of all buckets of a table without primary key share: the schema and what the options say about files. Made
/// anew for each schema. Immutable; safe for several threads.
/// </summary>
internal sealed class AppendWriteContext
{
    private const long DefaultTargetFileSize = 256L << 20;

    private readonly DataFileNames _names;
    private readonly DataFileFormat _format;

    /// <summary>Reads the options.</summary>
    /// <param name="environment">Files, clock, random names.</param>
    /// <param name="schema">The schema that rows are written with.</param>
    /// <param name="options">The table's options.</param>
    public AppendWriteContext(StorageEnvironment environment, TableSchema schema, TableOptions options)
    {
        Environment = environment;
        Schema = schema;
        _format = new DataFileFormatOptions(schema, options, MemoryBudget.Of(options)).Default;
        FileIndexes = FileIndexOptions.From(schema.RowType, options);
        TargetFileSizeBytes = options.GetSize("target-file-size", DefaultTargetFileSize);
        SmallFileBytes = TargetFileSizeBytes / 10 * 7;
        CompactionMinFiles = options.GetInt32("compaction.min.file-num", 5);
        RewritesAllFiles = options.GetBoolean("compaction.force-rewrite-all-files", false);
        IsUnaware = options.GetInt32("bucket", -1) == -1;
        IsWriteOnly = options.GetBoolean("write-only", false);
        ContinuesSequences = !IsUnaware && (options.GetBoolean("bucket-append-ordered", true) || !IsWriteOnly);
        IsStatsDense = options.GetBoolean("metadata.stats-dense-store", true);
        HasDeletionVectors = options.GetBoolean("deletion-vectors.enabled", false);
        HasVectorsOf64Bit = options.GetBoolean("deletion-vectors.bitmap64", false);
        _names = new DataFileNames(environment.Ids, options.GetString("data-file.prefix", "data-"));
    }

    /// <summary>Files, clock, random names.</summary>
    public StorageEnvironment Environment { get; }

    /// <summary>The schema that rows are written with.</summary>
    public TableSchema Schema { get; }

    /// <summary>The format of data files.</summary>
    public IFileFormat Format => _format.Format;

    /// <summary>How data files are written.</summary>
    public FormatWriterOptions FormatOptions => _format.Options;

    /// <summary>The indexes of files.</summary>
    public FileIndexOptions FileIndexes { get; }

    /// <summary>Option <c>target-file-size</c>: a larger file is followed by a new one.</summary>
    public long TargetFileSizeBytes { get; }

    /// <summary>Files below this size are small: a compaction's last file is compacted again.</summary>
    public long SmallFileBytes { get; }

    /// <summary>Option <c>compaction.min.file-num</c>: so many files in a row are compacted.</summary>
    public int CompactionMinFiles { get; }

    /// <summary>Option <c>compaction.force-rewrite-all-files</c>: a full compaction leaves no file as it is.</summary>
    public bool RewritesAllFiles { get; }

    /// <summary>True with <c>bucket</c> = -1: rows have no bucket, every writer begins at sequence number 0.</summary>
    public bool IsUnaware { get; }

    /// <summary>Option <c>write-only</c>: no compaction.</summary>
    public bool IsWriteOnly { get; }

    /// <summary>True when a writer goes on from the sequence numbers of the files that are there.</summary>
    public bool ContinuesSequences { get; }

    /// <summary>True when columns without statistics are left out of manifests.</summary>
    public bool IsStatsDense { get; }

    /// <summary>True when rows may be deleted by deletion vectors, which other engines make.</summary>
    public bool HasDeletionVectors { get; }

    /// <summary>Option <c>deletion-vectors.bitmap64</c>: the form of new vectors.</summary>
    public bool HasVectorsOf64Bit { get; }

    /// <summary>A new name for a data file.</summary>
    public string NewDataFileName() => _names.Next(_format.Extension);

    /// <summary>What manifests keep of a column's statistics.</summary>
    /// <param name="column">The column's position in the schema.</param>
    public StatsMode StatsModeOf(int column) => _format.StatsModes[column];
}

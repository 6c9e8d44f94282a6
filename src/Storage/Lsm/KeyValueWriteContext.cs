using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// What the writers of all buckets share: the schema's layout and what the options say about files. Made anew for each schema.
/// Immutable; safe for several threads.
/// </summary>
internal sealed class KeyValueWriteContext
{
    private const long DefaultTargetFileSize = 128L << 20;
    private readonly DataFileNames _dataNames;
    private readonly DataFileNames _changelogNames;

    /// <summary>Reads the options.</summary>
    /// <param name="environment">Files, clock, random names.</param>
    /// <param name="schema">The schema that rows are written with.</param>
    /// <param name="options">The table's options.</param>
    public KeyValueWriteContext(StorageEnvironment environment, TableSchema schema, TableOptions options)
    {
        Environment = environment;
        Layout = new KeyValueLayout(schema, options.GetBoolean("data-file.thin-mode", false));
        Options = options;
        Memory = MemoryBudget.Of(options);
        Engine = MergeEngine.Create(schema, options);

        // An aggregator that does not take its column is refused before a row is.
        _ = Engine.Bind(schema.RowType);
        KeyEncoder = new KeyEncoder(schema.TrimmedPrimaryKeyType);
        SequenceIndexes = schema.IndexesOf(options.GetList("sequence.field"));
        SequenceOrder = SequenceIndexes.Length == 0
            ? null
            : new SequenceOrder(schema.RowType.Project(SequenceIndexes).Fields, options);
        Formats = new DataFileFormatOptions(schema, options, Memory);
        FileIndexes = FileIndexOptions.From(schema.RowType, options);
        TargetFileSizeBytes = options.GetSize("target-file-size", DefaultTargetFileSize);
        HasInputChangelog = options.GetName("changelog-producer", "none") == "input";
        IsStatsDense = options.GetBoolean("metadata.stats-dense-store", true);
        _dataNames = new DataFileNames(environment.Ids, options.GetString("data-file.prefix", "data-"));
        _changelogNames = new DataFileNames(environment.Ids, options.GetString("changelog-file.prefix", "changelog-"));
        IndexNames = new IndexFileNames(environment.Ids);
        WriteMemory = new WriteMemory(this);
        CompactionPlan = new KeyValueReadPlan(schema, options, [.. Enumerable.Range(0, schema.Fields.Count)]);
    }

    /// <summary>Files, clock, random names.</summary>
    public StorageEnvironment Environment { get; }

    /// <summary>The columns of data files.</summary>
    public KeyValueLayout Layout { get; }

    /// <summary>The schema that rows are written with.</summary>
    public TableSchema Schema => Layout.Schema;

    /// <summary>The table's options.</summary>
    public TableOptions Options { get; }

    /// <summary>What may be kept in memory.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>The buffers that buckets hand on to one another.</summary>
    public WriteMemory WriteMemory { get; }

    /// <summary>How compactions read: all columns.</summary>
    public KeyValueReadPlan CompactionPlan { get; }

    /// <summary>The merge engine.</summary>
    public MergeEngine Engine { get; }

    /// <summary>Encodes the trimmed primary key.</summary>
    public KeyEncoder KeyEncoder { get; }

    /// <summary>The positions of the sequence fields among the schema's columns.</summary>
    public int[] SequenceIndexes { get; }

    /// <summary>The order of the sequence fields, null where the table has none.</summary>
    public SequenceOrder? SequenceOrder { get; }

    /// <summary>The trimmed primary key.</summary>
    public RowType KeyType => Schema.TrimmedPrimaryKeyType;

    /// <summary>How files are written, by their level.</summary>
    public DataFileFormatOptions Formats { get; }

    /// <summary>The indexes of files.</summary>
    public FileIndexOptions FileIndexes { get; }

    /// <summary>Option <c>target-file-size</c>: a larger file is followed by a new one.</summary>
    public long TargetFileSizeBytes { get; }

    /// <summary>True when the rows written are recorded as the changelog.</summary>
    public bool HasInputChangelog { get; }

    /// <summary>True when columns without statistics are left out of manifests.</summary>
    public bool IsStatsDense { get; }

    /// <summary>Names for index files.</summary>
    public IndexFileNames IndexNames { get; }

    /// <summary>A new name for a file.</summary>
    /// <param name="isChangelog">True for changelog files.</param>
    /// <param name="extension">What ends the name.</param>
    public string NewFileName(bool isChangelog, string extension) =>
        (isChangelog ? _changelogNames : _dataNames).Next(extension);
}

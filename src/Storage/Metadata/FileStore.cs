using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A table's metadata as one writer or reader sees it with one schema: what finds its snapshots, files and schemas and what
/// commits to it. Safe for several threads.
/// </summary>
internal sealed class FileStore
{
    /// <summary>Opens a table with a schema.</summary>
    /// <param name="environment">Files, time, names, log.</param>
    /// <param name="paths">Where the table or branch is.</param>
    /// <param name="schema">The schema whose options count.</param>
    /// <param name="schemas">The table's schemas, shared where they are known already.</param>
    public FileStore(StorageEnvironment environment, TablePaths paths, TableSchema schema, SchemaManager? schemas = null)
    {
        Environment = environment;
        Paths = paths;
        Schema = schema;
        Options = FileStoreOptions.From(new TableOptions(schema.Options));
        Schemas = schemas ?? new SchemaManager(environment, paths);
        Snapshots = new SnapshotManager(environment.FileIO, paths);
        Tags = new TagManager(environment.FileIO, paths);
        Consumers = new ConsumerManager(environment.FileIO, paths);
        MetadataFiles = new MetadataFile(environment, Options.ManifestCompression, Options.ZstdLevel);
        Manifests = new ManifestFileStore(paths, MetadataFiles, schema.PartitionType, Options.ManifestTargetSizeBytes);
        ManifestLists = new ManifestListStore(paths, MetadataFiles);
        Scan = new FileStoreScan(ManifestLists, Manifests);
        var partitions = new PartitionPaths(
            schema.PartitionType,
            Options.PartitionDefaultName,
            Options.PartitionLegacyNames,
            environment.TimeProvider.LocalTimeZone);
        DataPaths = new DataFilePaths(paths.Root, partitions, Options.DataDirectory);
        IndexPaths = new IndexFilePaths(paths, DataPaths, Options.IndexFilesWithData);
    }

    /// <summary>Files, time, names, log.</summary>
    public StorageEnvironment Environment { get; }

    /// <summary>Where the metadata is.</summary>
    public TablePaths Paths { get; }

    /// <summary>Where the data files are.</summary>
    public DataFilePaths DataPaths { get; }

    /// <summary>Where the index files are.</summary>
    public IndexFilePaths IndexPaths { get; }

    /// <summary>The schema whose options count.</summary>
    public TableSchema Schema { get; }

    /// <summary>The options of metadata and commits.</summary>
    public FileStoreOptions Options { get; }

    /// <summary>The table's schemas.</summary>
    public SchemaManager Schemas { get; }

    /// <summary>The table's snapshots.</summary>
    public SnapshotManager Snapshots { get; }

    /// <summary>The table's tags.</summary>
    public TagManager Tags { get; }

    /// <summary>The table's consumers.</summary>
    public ConsumerManager Consumers { get; }

    /// <summary>The table's manifests.</summary>
    public ManifestFileStore Manifests { get; }

    /// <summary>The table's manifest lists.</summary>
    public ManifestListStore ManifestLists { get; }

    /// <summary>Finds the files of snapshots.</summary>
    public FileStoreScan Scan { get; }

    internal MetadataFile MetadataFiles { get; }

    /// <summary>The same table's branch, with this schema's options.</summary>
    /// <param name="branch">The branch's name; <c>main</c> for the table itself.</param>
    public FileStore OfBranch(string branch) =>
        branch == Paths.Branch ? this : new FileStore(Environment, Paths.OfBranch(branch), Schema);

    /// <summary>Where an index file is.</summary>
    public string IndexPath(IndexManifestEntry entry) => IndexPaths.File(entry);

    /// <summary>Begins to commit as a user.</summary>
    /// <param name="commitUser">One id for all commits of a writing job, the same after a restart.</param>
    public FileStoreCommit NewCommit(string commitUser) => new(this, commitUser);

    /// <summary>Reads the index files that a snapshot lists; none when it lists none.</summary>
    public async ValueTask<IReadOnlyList<IndexManifestEntry>> IndexEntriesAsync(
        Snapshot snapshot, CancellationToken cancellationToken = default) =>
        snapshot.IndexManifest is null
            ? []
            : await MetadataFiles.ReadAsync(
                Paths.Manifest(snapshot.IndexManifest), IndexManifestCodec.Instance, accept: null, cancellationToken)
                .ConfigureAwait(false);

    /// <summary>Finds the deletion vectors of a snapshot's data files.</summary>
    public async ValueTask<DeletionFiles> DeletionFilesAsync(
        Snapshot snapshot, CancellationToken cancellationToken = default) =>
        new(await IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false), IndexPaths);
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Lookups;
using PaimonSharp.Storage.Tables.SystemTables;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// An open table with the schema that was newest when it was opened. Immutable and safe for several threads; what it hands
/// out (writers, scans, streams) is for one thread each.
/// </summary>
public sealed class Table
{
    private readonly IReadOnlyDictionary<string, string> _overrides;
    private readonly KeyReads _keyReads = new();

    private Table(
        string name,
        TableSchema schema,
        IReadOnlyDictionary<string, string> overrides,
        TablePaths paths,
        SchemaManager schemas,
        StorageEnvironment environment)
    {
        Name = name;
        Schema = schema;
        _overrides = overrides;
        Options = new TableOptions(schema.Options).With(overrides);
        Store = new FileStore(environment, paths, WithOverrides(schema), schemas);
        Tags = new TableTags(this);
        Branches = new TableBranches(Store);
        Consumers = new TableConsumers(Store);
        Maintenance = new TableMaintenance(Store);
    }

    /// <summary>The table's name in its catalog; the directory's name where it was opened by path.</summary>
    public string Name { get; }

    /// <summary>The table's directory.</summary>
    public string Path => Store.Paths.Root;

    /// <summary>The schema that rows are written and read with.</summary>
    public TableSchema Schema { get; }

    /// <summary>The schema's options with those that were given on opening laid over them.</summary>
    public TableOptions Options { get; }

    /// <summary>States kept under names.</summary>
    public TableTags Tags { get; }

    /// <summary>Second lines of snapshots.</summary>
    public TableBranches Branches { get; }

    /// <summary>Named readers.</summary>
    public TableConsumers Consumers { get; }

    /// <summary>Expiry, rollback and cleaning.</summary>
    public TableMaintenance Maintenance { get; }

    internal FileStore Store { get; }

    internal StorageEnvironment Environment => Store.Environment;

    /// <summary>Opens the table of a directory; it needs no catalog.</summary>
    /// <param name="path">The table's directory.</param>
    /// <param name="options">
    /// Table options that win over those of the schema for this object; <c>branch</c> opens that branch.
    /// </param>
    /// <param name="environment">Files, clock, log; the local disk by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: the directory holds no table.</exception>
    public static async ValueTask<Table> OpenAsync(
        string path,
        IReadOnlyDictionary<string, string>? options = null,
        StorageEnvironment? environment = null,
        CancellationToken cancellationToken = default)
    {
        var (root, actual) = StorageEnvironments.Resolve(path, environment);
        return await TryOpenAsync(FilePath.Name(root), root, options, actual, cancellationToken).ConfigureAwait(false)
            ?? throw new PaimonException(ErrorKind.Invalid, $"{root} holds no table: there is no schema file in its schema folder.");
    }

    /// <summary>The same table with options laid over those that it has, for this object only: those of a read, for example.</summary>
    /// <param name="options">The options; a branch cannot be chosen here.</param>
    /// <exception cref="PaimonException">Invalid: an option that says what the table's files are, or <c>branch</c>.</exception>
    public Table WithOptions(IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TryGetValue("branch", out var branch) && branch != Store.Paths.Branch)
        {
            PaimonException.ThrowInvalid($"{Path}: option 'branch' is given when a table is opened; it cannot become '{branch}' later.");
        }

        SchemaOptions.CheckOverrides(Path, Options, new TableOptions(options));
        var overrides = new Dictionary<string, string>(_overrides, StringComparer.Ordinal);
        foreach (var (key, value) in options)
        {
            overrides[key] = value;
        }

        return new Table(Name, Schema, overrides, Store.Paths, Store.Schemas, Environment);
    }

    /// <summary>The newest snapshot, null before the first commit.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<TableSnapshot?> LatestSnapshotAsync(CancellationToken cancellationToken = default) =>
        TableSnapshot.From(await Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The newest snapshot of a commit user, null when there is none: where a job goes on after a restart.</summary>
    /// <param name="commitUser">The user.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<TableSnapshot?> LatestSnapshotOfUserAsync(
        string commitUser, CancellationToken cancellationToken = default) =>
        TableSnapshot.From(await Store.Snapshots.LatestOfUserAsync(commitUser, cancellationToken).ConfigureAwait(false));

    /// <summary>All snapshots that are there, oldest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<TableSnapshot>> SnapshotsAsync(CancellationToken cancellationToken = default)
    {
        var snapshots = new List<TableSnapshot>();
        foreach (var id in await Store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            // One that has expired since the listing is passed over.
            if (await Store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                snapshots.Add(TableSnapshot.From(snapshot));
            }
        }

        return snapshots;
    }

    /// <summary>The live data files of a snapshot, ordered by partition, bucket, level and smallest sequence number.</summary>
    /// <param name="snapshotId">The snapshot; the newest by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Io.FileMissingException">There is no such snapshot.</exception>
    public async ValueTask<IReadOnlyList<TableFile>> FilesAsync(
        long? snapshotId = null, CancellationToken cancellationToken = default)
    {
        var snapshot = snapshotId is { } id
            ? await Store.Snapshots.ReadAsync(id, cancellationToken).ConfigureAwait(false)
            : await Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
        {
            return [];
        }

        var entries = await Store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false);
        return
        [
            .. entries.Select(Describe)
                .OrderBy(file => file.Partition, StringComparer.Ordinal)
                .ThenBy(file => file.Bucket)
                .ThenBy(file => file.Level)
                .ThenBy(file => file.MinSequenceNumber),
        ];
    }

    /// <summary>As <see cref="Catalog.LockForWritingAsync"/>, for a table that is open.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What lets the table go when it is disposed; the end of the process does so, too.</returns>
    /// <exception cref="PaimonException">Conflict: somebody else holds the table.</exception>
    public ValueTask<IDisposable> LockForWritingAsync(CancellationToken cancellationToken = default) =>
        WriterLock.AcquireAsync(Environment.FileIO, Path, Name, cancellationToken);

    /// <summary>Begins to write. Give a job one commit user for its whole life, so that it can find its commits again.</summary>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <exception cref="PaimonException">Unsupported: the table has a feature that is not written.</exception>
    public TableWriter NewWriter(string? commitUser = null)
    {
        TableFeatures.CheckWritable(Schema, Options);
        return new TableWriter(this, commitUser ?? Environment.Ids.NextUuid());
    }

    /// <summary>
    /// Begins to overwrite: the rows written replace all rows of the partitions that they belong to or, where option
    /// <c>dynamic-partition-overwrite</c> is false, of the partitions named. The writer commits once.
    /// </summary>
    /// <param name="partition">
    /// Values of some partition columns, as texts by name; none for the whole table. <c>partition.default-name</c> stands for
    /// NULL.
    /// </param>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <exception cref="PaimonException">
    /// Invalid: no such partition column. Unsupported: the table has a feature that is not written.
    /// </exception>
    public TableWriter NewOverwriter(IReadOnlyDictionary<string, string>? partition = null, string? commitUser = null)
    {
        TableFeatures.CheckWritable(Schema, Options);
        var target = new OverwriteTarget(this, partition ?? new Dictionary<string, string>());
        return new TableWriter(this, commitUser ?? Environment.Ids.NextUuid(), target);
    }

    /// <summary>Makes a job that compacts the table beside its writers, also one with option <c>write-only</c>.</summary>
    /// <param name="options">What to compact; all that there is reason to by default.</param>
    public CompactJob NewCompactor(CompactJobOptions? options = null) => new(this, options ?? new CompactJobOptions());

    /// <summary>Removes all rows, as an OVERWRITE snapshot.</summary>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up waiting; whether it happened is then to be read from the table.</param>
    /// <returns>The snapshot made.</returns>
    public ValueTask<TableSnapshot> TruncateAsync(string? commitUser = null, CancellationToken cancellationToken = default) =>
        RemoveAsync(partition: null, commitUser, cancellationToken);

    /// <summary>Removes all rows of some partitions, as an OVERWRITE snapshot.</summary>
    /// <param name="partitions">
    /// Each as values of some partition columns, as texts by name; <c>partition.default-name</c> stands for NULL.
    /// </param>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up waiting; whether it happened is then to be read from the table.</param>
    /// <returns>The snapshot made.</returns>
    /// <exception cref="PaimonException">Invalid: no partition is given, or one has no such column.</exception>
    public ValueTask<TableSnapshot> DropPartitionsAsync(
        IReadOnlyList<IReadOnlyDictionary<string, string>> partitions,
        string? commitUser = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        if (partitions.Count == 0 || partitions.Any(partition => partition.Count == 0))
        {
            PaimonException.ThrowInvalid("Name the partitions to drop by a value of a partition column or more each.");
        }

        var filters = partitions
            .Select(partition => new PartitionFilter(Schema, Store.Options.PartitionDefaultName, partition)).ToList();
        return RemoveAsync(partition => filters.Exists(filter => filter.Contains(partition)), commitUser, cancellationToken);
    }

    /// <summary>
    /// Brings the rows of a table with <c>bucket</c> = -2 that wait for their buckets into them, where batch reads see them.
    /// </summary>
    /// <param name="commitUser">Who commits; a random name by default.</param>
    /// <param name="cancellationToken">Gives up, but for a commit that has begun; no file is left behind.</param>
    /// <returns>The COMPACT snapshot made; null when no row waits.</returns>
    /// <exception cref="PaimonException">
    /// Invalid: the table has other buckets. Conflict: others changed the same buckets each time that it was tried.
    /// </exception>
    public async ValueTask<TableSnapshot?> CompactPostponedAsync(
        string? commitUser = null, CancellationToken cancellationToken = default)
    {
        var compaction = new PostponeCompaction(this, commitUser ?? Environment.Ids.NextUuid());
        return TableSnapshot.From(await compaction.RunAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Commits what was prepared before a crash, as far as it is not committed yet: those with numbers above the user's last
    /// one. Other commits of the user must not happen in between.
    /// </summary>
    /// <param name="commitUser">Who prepared and commits.</param>
    /// <param name="commits">What was prepared, in any order.</param>
    /// <param name="cancellationToken">Gives up waiting; it can be repeated.</param>
    /// <returns>How many of them were committed now.</returns>
    /// <exception cref="FileMissingException">A file of a commit that is still to be made is gone.</exception>
    /// <exception cref="CommitConflictException">It was made, and the user's snapshots, which tell so, have expired.</exception>
    public async ValueTask<int> RecoverAsync(
        string commitUser, IReadOnlyList<RecoveredCommit> commits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commits);
        var count = await new TableCommitter(Store, commitUser).RecoverAsync(commits, cancellationToken).ConfigureAwait(false);
        var maintenance = new CommitMaintenance(Store, commitUser);
        await using var disposeMaintenance = maintenance.ConfigureAwait(false);
        await maintenance.RunAsync(committed: null, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Begins a batch read: of all columns of the newest snapshot, until the scan is told otherwise.</summary>
    /// <exception cref="PaimonException">Unsupported: the table has a feature that is not read.</exception>
    public TableScan NewScan()
    {
        TableFeatures.CheckReadable(Schema, Options);
        return new TableScan(this);
    }

    /// <summary>
    /// Finds the row of a key in the newest snapshot, or in the one that the table's <c>scan.*</c> options name. The first call
    /// reads no more than a scan with a condition does; later ones share a <see cref="TableLookup"/>, which makes local files so
    /// that a key costs microseconds. Who looks many keys up opens one by <see cref="OpenLookupAsync"/>.
    /// </summary>
    /// <param name="key">A value for each column of the primary key, in its order.</param>
    /// <returns>The row, which stays good; null when there is none.</returns>
    /// <exception cref="PaimonException">
    /// Invalid: the table has no primary key, or the values do not suit it. Unsupported: the table has a feature that is not read.
    /// </exception>
    public ValueTask<Row?> GetAsync(params ReadOnlySpan<object?> key) => _keyReads.GetAsync(this, key.ToArray(), CancellationToken.None);

    /// <summary>Finds the row of a key, as the other form does.</summary>
    /// <param name="key">A value for each column of the primary key, in its order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The row, which stays good; null when there is none.</returns>
    public ValueTask<Row?> GetAsync(object?[] key, CancellationToken cancellationToken) =>
        _keyReads.GetAsync(this, key, cancellationToken);

    /// <summary>Opens the table for looking many keys up.</summary>
    /// <param name="options">The columns, the snapshot; all columns of the newest snapshot by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the table has no primary key, or no such column or snapshot. Unsupported: the table has a feature that is not read.
    /// </exception>
    public ValueTask<TableLookup> OpenLookupAsync(TableLookupOptions? options = null, CancellationToken cancellationToken = default)
    {
        TableFeatures.CheckReadable(Schema, Options);
        return TableLookup.OpenAsync(this, options ?? new TableLookupOptions(), cancellationToken);
    }

    /// <summary>Begins a read of changes.</summary>
    /// <param name="options">Where to begin, whether to follow; the newest state and then changes by default.</param>
    /// <exception cref="PaimonException">Unsupported: the table has a feature that is not read.</exception>
    public ChangelogStream NewChangelogStream(ChangelogStreamOptions? options = null)
    {
        TableFeatures.CheckReadable(Schema, Options);
        return new ChangelogStream(this, options ?? new ChangelogStreamOptions());
    }

    /// <summary>Opens one of the tables that tell about this one.</summary>
    /// <param name="name">One of <see cref="SystemTable.Names"/>.</param>
    /// <exception cref="PaimonException">Invalid: there is no such system table.</exception>
    public SystemTable OpenSystemTable(string name) => new(this, name, SystemSources.Create(this, name));

    /// <summary>
    /// Commits a new schema with all changes or none. This object and open writers keep their schema; open the table again, or
    /// tell writers by <see cref="TableWriter.ApplySchemaAsync"/>.
    /// </summary>
    /// <param name="changes">What to change, in order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new schema; the newest one where nothing is to change.</returns>
    /// <exception cref="PaimonException">Invalid: a change cannot be applied.</exception>
    public async ValueTask<TableSchema> AlterAsync(
        IReadOnlyList<SchemaChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0)
        {
            return await Store.Schemas.LatestAsync(cancellationToken).ConfigureAwait(false) ?? Schema;
        }

        return await Store.Schemas.ChangeAsync(
            draft =>
            {
                foreach (var change in changes)
                {
                    change.Apply(draft);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same table with its newest schema.</summary>
    internal async ValueTask<Table> WithNewestSchemaAsync(CancellationToken cancellationToken)
    {
        var schema = await Store.Schemas.LatestAsync(cancellationToken).ConfigureAwait(false);
        return schema is null || schema.Id == Schema.Id
            ? this
            : new Table(Name, schema, _overrides, Store.Paths, Store.Schemas, Environment);
    }

    internal static async ValueTask<Table?> TryOpenAsync(
        string name,
        string root,
        IReadOnlyDictionary<string, string>? options,
        StorageEnvironment environment,
        CancellationToken cancellationToken)
    {
        options ??= new Dictionary<string, string>();
        var paths = BranchPaths(root, options.GetValueOrDefault("branch"));
        var schemas = new SchemaManager(environment, paths);
        var schema = await schemas.LatestAsync(cancellationToken).ConfigureAwait(false);
        if (schema is null && paths.Branch != TablePaths.MainBranch)
        {
            PaimonException.ThrowInvalid($"{root} has no branch '{paths.Branch}': there is no schema file in {paths.SchemaDirectory}.");
        }

        if (schema is null)
        {
            return null;
        }

        SchemaOptions.CheckOverrides(root, new TableOptions(schema.Options), new TableOptions(options));
        return new Table(name, schema, options, paths, schemas, environment);
    }

    private async ValueTask<TableSnapshot> RemoveAsync(
        Predicate<BinaryRowBytes>? partition, string? commitUser, CancellationToken cancellationToken)
    {
        var commit = Store.NewCommit(commitUser ?? Environment.Ids.NextUuid());
        var snapshots = await commit.OverwriteAsync(new Committable(long.MaxValue, []), partition, cancellationToken)
            .ConfigureAwait(false);
        return TableSnapshot.From(snapshots[0]);
    }

    /// <summary>The branch that holds the partitions which this table lacks: option <c>scan.fallback-branch</c>, if any.</summary>
    /// <exception cref="PaimonException">Invalid: the branch has other columns.</exception>
    internal async ValueTask<Table?> TryOpenFallbackAsync(CancellationToken cancellationToken)
    {
        var branch = Options.GetString("scan.fallback-branch");
        if (string.IsNullOrWhiteSpace(branch) || branch == Store.Paths.Branch)
        {
            return null;
        }

        var overrides = new Dictionary<string, string>(_overrides, StringComparer.Ordinal) { ["branch"] = branch };
        overrides.Remove("bucket");
        if (await TryOpenAsync(Name, Path, overrides, Environment, cancellationToken).ConfigureAwait(false) is not { } fallback)
        {
            return null;
        }

        var fields = Schema.Fields;
        var others = fallback.Schema.Fields;
        if (fields.Count != others.Count
            || fields.Where((field, i) => !field.Type.EqualsIgnoringNullability(others[i].Type)).Any())
        {
            PaimonException.ThrowInvalid(
                $"{Path}: its columns are {Schema.RowType} and those of its fallback branch '{branch}' are {fallback.Schema.RowType}; "
                + "they must be of the same types.");
        }

        return fallback;
    }

    private static TablePaths BranchPaths(string root, string? branch)
    {
        if (branch is not null && (branch.Length == 0 || branch.AsSpan().ContainsAny('/', '\\')))
        {
            PaimonException.ThrowInvalid($"Option 'branch' is '{branch}'; expected the name of a branch.");
        }

        return new TablePaths(root, branch ?? TablePaths.MainBranch);
    }

    /// <summary>The options of another schema of the table with the overrides of this object.</summary>
    internal TableOptions OptionsOf(TableSchema schema) => new TableOptions(schema.Options).With(_overrides);

    /// <summary>Where the files of a bucket are and how they are opened.</summary>
    internal BucketFiles BucketOf(BucketId id)
    {
        var directory = Store.DataPaths.BucketDirectory(id.Partition, id.Bucket);
        return new BucketFiles(
            id,
            directory,
            BinaryRows.Read(Schema.PartitionType, id.Partition),
            new KeyValueFileReaderFactory(Environment, Store.Schemas, directory),
            Store.IndexPaths);
    }

    /// <summary>A bucket's partition as its folder is named, empty where the table has none.</summary>
    internal string PartitionText(BucketId id) => Store.DataPaths.Partitions.Path(id.Partition).TrimEnd('/');

    private TableSchema WithOverrides(TableSchema schema) =>
        _overrides.Count == 0 ? schema : schema with { Options = new TableOptions(schema.Options).With(_overrides).Texts };

    private TableFile Describe(ManifestEntry entry)
    {
        var file = entry.File;
        return new TableFile
        {
            Name = file.FileName,
            Partition = PartitionText(new BucketId(entry.Partition, entry.Bucket)),
            Bucket = entry.Bucket,
            Level = file.Level,
            RowCount = file.RowCount,
            DeleteRowCount = file.DeleteRowCount,
            SizeBytes = file.FileSizeBytes,
            MinKey = KeyText(file.MinKey),
            MaxKey = KeyText(file.MaxKey),
            MinSequenceNumber = file.MinSequenceNumber,
            MaxSequenceNumber = file.MaxSequenceNumber,
            SchemaId = file.SchemaId,
        };
    }

    private string KeyText(BinaryRowBytes key)
    {
        var type = Schema.TrimmedPrimaryKeyType;
        if (key.Arity != type.Fields.Count)
        {
            return "";
        }

        var columns = BinaryRows.Read(type, key);
        return string.Join(", ", columns.Select(column => ValueText.Format(column, 0)));
    }
}

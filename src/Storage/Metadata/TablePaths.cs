namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Where the metadata of a table or of one of its branches is (docs/format.md#table-directory). A branch has its own schemas,
/// snapshots, tags and consumers; manifests and index files are shared by all. Immutable.
/// </summary>
internal sealed class TablePaths
{
    /// <summary>The branch that is the table itself.</summary>
    public const string MainBranch = "main";

    /// <summary>What a snapshot's file name begins with.</summary>
    public const string SnapshotPrefix = "snapshot-";

    /// <summary>What the file name of a changelog that outlives its snapshot begins with.</summary>
    public const string ChangelogPrefix = "changelog-";

    /// <summary>What a schema's file name begins with.</summary>
    public const string SchemaPrefix = "schema-";

    /// <summary>What a consumer's file name begins with.</summary>
    public const string ConsumerPrefix = "consumer-";

    /// <summary>What a tag's file name begins with.</summary>
    public const string TagPrefix = "tag-";

    /// <summary>What a branch's directory name begins with.</summary>
    public const string BranchPrefix = "branch-";

    /// <summary>Makes the paths of a table.</summary>
    /// <param name="root">The table's directory, absolute, with or without a '/' at its end.</param>
    /// <param name="branch">The branch.</param>
    public TablePaths(string root, string branch = MainBranch)
    {
        Root = root.Length > 1 ? root.TrimEnd('/') : root;
        Branch = branch;
        BranchRoot = branch == MainBranch ? Root : $"{BranchDirectory}/{BranchPrefix}{branch}";
    }

    /// <summary>The table's directory.</summary>
    public string Root { get; }

    /// <summary>The branch.</summary>
    public string Branch { get; }

    /// <summary>The directory that holds the branch's schemas, snapshots, tags and consumers.</summary>
    public string BranchRoot { get; }

    /// <summary>The directory of the branches.</summary>
    public string BranchDirectory => $"{Root}/branch";

    /// <summary>The directory of the schemas.</summary>
    public string SchemaDirectory => $"{BranchRoot}/schema";

    /// <summary>The directory of the snapshots.</summary>
    public string SnapshotDirectory => $"{BranchRoot}/snapshot";

    /// <summary>The directory of the changelogs that outlive their snapshots.</summary>
    public string ChangelogDirectory => $"{BranchRoot}/changelog";

    /// <summary>The directory of the tags.</summary>
    public string TagDirectory => $"{BranchRoot}/tag";

    /// <summary>The directory of the consumers.</summary>
    public string ConsumerDirectory => $"{BranchRoot}/consumer";

    /// <summary>The directory of manifests and their lists.</summary>
    public string ManifestDirectory => $"{Root}/manifest";

    /// <summary>The directory of the tables' statistics.</summary>
    public string StatisticsDirectory => $"{Root}/statistics";

    /// <summary>The directory of index files.</summary>
    public string IndexDirectory => $"{Root}/index";

    /// <summary>The hint that names the newest snapshot.</summary>
    public string LatestHint => $"{SnapshotDirectory}/LATEST";

    /// <summary>The hint that names the oldest snapshot.</summary>
    public string EarliestHint => $"{SnapshotDirectory}/EARLIEST";

    /// <summary>The hint that names the newest changelog that outlives its snapshot.</summary>
    public string LatestChangelogHint => $"{ChangelogDirectory}/LATEST";

    /// <summary>The hint that names the oldest changelog that outlives its snapshot.</summary>
    public string EarliestChangelogHint => $"{ChangelogDirectory}/EARLIEST";

    /// <summary>The same table's branch.</summary>
    public TablePaths OfBranch(string branch) => new(Root, branch);

    /// <summary>A schema's file.</summary>
    public string Schema(long id) => $"{SchemaDirectory}/{SchemaPrefix}{id}";

    /// <summary>A snapshot's file.</summary>
    public string Snapshot(long id) => $"{SnapshotDirectory}/{SnapshotPrefix}{id}";

    /// <summary>The file of a changelog that outlives its snapshot.</summary>
    public string Changelog(long id) => $"{ChangelogDirectory}/{ChangelogPrefix}{id}";

    /// <summary>A tag's file.</summary>
    public string Tag(string name) => $"{TagDirectory}/{TagPrefix}{name}";

    /// <summary>A consumer's file.</summary>
    public string Consumer(string id) => $"{ConsumerDirectory}/{ConsumerPrefix}{id}";

    /// <summary>A manifest, manifest list or index manifest.</summary>
    public string Manifest(string name) => $"{ManifestDirectory}/{name}";

    /// <summary>A file of table statistics.</summary>
    public string Statistics(string name) => $"{StatisticsDirectory}/{name}";

    /// <summary>An index file that does not lie beside its data.</summary>
    public string Index(string name) => $"{IndexDirectory}/{name}";
}

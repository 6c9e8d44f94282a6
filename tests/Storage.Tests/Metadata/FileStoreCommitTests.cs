using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Metadata;

public sealed class FileStoreCommitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Concurrent_committers_publish_contiguous_snapshots_and_lose_no_file(bool inMemory)
    {
        using var directory = new TempDirectory("commit");
        IFileIO io = inMemory ? new MemoryFileIO() : new LocalFileIO();
        var store = await CreateAsync(io, inMemory ? "/t" : directory.Path);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(user => Task.Run(async () =>
        {
            var commit = new FileStore(store.Environment, store.Paths, store.Schema).NewCommit($"user-{user}");
            for (var i = 0; i < 20; i++)
            {
                await commit.CommitAsync(Append(i, NewFile($"data-{user}-{i}.parquet", 1, 1)));
            }
        })));
        var ids = await store.Snapshots.ListIdsAsync();
        Assert.Equal(Enumerable.Range(1, 160).Select(id => (long)id), ids);
        var latest = (await store.Snapshots.LatestAsync())!;
        Assert.Equal(160, latest.TotalRecordCount);
        var live = await store.Scan.LiveAsync(latest, ScanFilter.All);
        Assert.Equal(160, live.Select(entry => entry.File.FileName).Distinct().Count());
    }

    [Fact]
    public async Task Flushed_and_compacted_files_make_two_snapshots_with_the_same_properties()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var commit = store.NewCommit("user");
        var flushed = NewFile("data-1.parquet", 1, 5);
        var snapshots = await commit.CommitAsync(new Committable(7, [Message() with
        {
            NewFiles = [flushed],
            CompactBefore = [flushed],
            CompactAfter = [NewFile("data-2.parquet", 1, 5) with { Level = 5 }],
        }])
        {
            Properties = new Dictionary<string, string> { ["position"] = "binlog.1:4" },
            Watermark = 3,
        });
        Assert.Equal([CommitKind.Append, CommitKind.Compact], snapshots.Select(snapshot => snapshot.CommitKind));
        Assert.All(snapshots, snapshot => Assert.Equal("binlog.1:4", snapshot.Properties!["position"]));
        Assert.All(snapshots, snapshot => Assert.Equal(7, snapshot.CommitIdentifier));
        var live = Assert.Single(await store.Scan.LiveAsync(snapshots[1], ScanFilter.All));
        Assert.Equal("data-2.parquet", live.File.FileName);
        Assert.Equal(2, await store.Snapshots.LatestIdAsync());
    }

    [Fact]
    public async Task A_committable_that_is_committed_is_filtered_after_a_restart()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var first = Append(1, NewFile("data-1.parquet", 1, 1));
        var second = Append(2, NewFile("data-2.parquet", 1, 1));
        await store.NewCommit("user").CommitAsync(first);
        await store.NewCommit("other").CommitAsync(Append(9, NewFile("data-9.parquet", 1, 1)));
        Assert.Equal([second], await store.NewCommit("user").FilterCommittedAsync([first, second]));
    }

    [Fact]
    public async Task An_empty_commit_is_a_snapshot_only_when_asked_for()
    {
        var store = await CreateAsync(new MemoryFileIO());
        Assert.Empty(await store.NewCommit("user").CommitAsync(new Committable(1, [])));
        var commit = new FileStoreCommit(store, "user") { IgnoreEmptyCommit = false };
        var snapshot = Assert.Single(await commit.CommitAsync(new Committable(2, [])
        {
            Properties = new Dictionary<string, string> { ["position"] = "p" },
        }));
        Assert.Equal(1, snapshot.Id);
        Assert.Equal("p", snapshot.Properties!["position"]);
    }

    [Fact]
    public async Task Removing_a_file_that_another_compaction_removed_is_a_conflict_that_names_it()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var flushed = NewFile("data-1.parquet", 1, 5);
        await store.NewCommit("writer").CommitAsync(Append(1, flushed));
        await store.NewCommit("a").CommitAsync(Compact(flushed, NewFile("data-a.parquet", 1, 5) with { Level = 5 }));
        var error = await Assert.ThrowsAsync<CommitConflictException>(async () => await store.NewCommit("b")
            .CommitAsync(Compact(flushed, NewFile("data-b.parquet", 1, 5) with { Level = 4 })));
        Assert.Equal(["data-1.parquet"], error.Files);
        Assert.Equal(2, await store.Snapshots.LatestIdAsync());
        Assert.Equal(6, (await store.Environment.FileIO.ListAsync(store.Paths.ManifestDirectory)).Count);
    }

    [Fact]
    public async Task Overlapping_files_of_one_run_are_a_conflict()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var (one, two) = (NewFile("data-1.parquet", 1, 5), NewFile("data-2.parquet", 5, 9));
        await store.NewCommit("writer").CommitAsync(Append(1, one, two));
        await store.NewCommit("a").CommitAsync(Compact(one, NewFile("data-a.parquet", 1, 5) with { Level = 5 }));
        var error = await Assert.ThrowsAsync<CommitConflictException>(async () => await store.NewCommit("b")
            .CommitAsync(Compact(two, NewFile("data-b.parquet", 5, 9) with { Level = 5 })));
        Assert.Equal(["data-a.parquet", "data-b.parquet"], error.Files);
    }

    [Fact]
    public async Task Another_bucket_count_is_a_conflict_when_appends_are_checked()
    {
        var store = await CreateAsync(new MemoryFileIO());
        await store.NewCommit("a").CommitAsync(Append(1, NewFile("data-1.parquet", 1, 5)));
        var commit = new FileStoreCommit(store, "b") { CheckAppendConflicts = true };
        var message = new CommitMessage(BinaryRowBytes.Empty, 0, 2) { NewFiles = [NewFile("data-2.parquet", 1, 5)] };
        await Assert.ThrowsAsync<CommitConflictException>(async () => await commit.CommitAsync(new Committable(1, [message])));
    }

    [Fact]
    public async Task Manifests_are_merged_when_they_are_many_and_no_file_is_lost()
    {
        var store = await CreateAsync(new MemoryFileIO(), options: new() { ["manifest.merge-min-count"] = "3" });
        var commit = store.NewCommit("user");
        for (var i = 0; i < 20; i++)
        {
            await commit.CommitAsync(Append(i, NewFile($"data-{i}.parquet", i, i)));
        }

        var latest = (await store.Snapshots.LatestAsync())!;
        Assert.True((await store.ManifestLists.ReadAllAsync(latest, default)).Count <= 4);
        Assert.Equal(20, (await store.Scan.LiveAsync(latest, ScanFilter.All)).Count);
    }

    [Fact]
    public async Task A_full_manifest_merge_leaves_no_removed_file_behind()
    {
        var store = await CreateAsync(
            new MemoryFileIO(),
            options: new() { ["manifest.full-compaction-threshold-size"] = "1 b", ["manifest.merge-min-count"] = "1000" });
        var commit = store.NewCommit("user");
        DataFileMeta? before = null;
        for (var i = 0; i < 10; i++)
        {
            var after = NewFile($"data-{i}.parquet", 1, 5) with { Level = 5 };
            await commit.CommitAsync(new Committable(i, [Message() with
            {
                CompactBefore = before is null ? [] : [before],
                CompactAfter = [after],
            }]));
            before = after;
        }

        var latest = (await store.Snapshots.LatestAsync())!;
        var all = await store.ManifestLists.ReadAllAsync(latest, default);
        Assert.True(all.Sum(meta => meta.AddedFileCount + meta.DeletedFileCount) <= 4);
        Assert.Equal("data-9.parquet", Assert.Single(await store.Scan.LiveAsync(latest, ScanFilter.All)).File.FileName);
    }

    [Fact]
    public async Task A_publication_whose_outcome_is_unknown_is_found_and_not_repeated()
    {
        var io = new UncertainFileIO(new MemoryFileIO());
        var store = await CreateAsync(io);
        io.FailAfterPublishing = true;
        var snapshots = await store.NewCommit("user").CommitAsync(Append(1, NewFile("data-1.parquet", 1, 1)));
        Assert.Equal(1, Assert.Single(snapshots).Id);
        Assert.Equal([1L], await store.Snapshots.ListIdsAsync());
    }

    [Fact]
    public async Task Aborting_removes_new_files_and_keeps_those_moved_up()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var moved = NewFile("data-old.parquet", 1, 1);
        var message = Message() with
        {
            NewFiles = [NewFile("data-new.parquet", 1, 1)],
            CompactBefore = [moved],
            CompactAfter = [moved with { Level = 5 }],
        };
        foreach (var name in new[] { "data-old.parquet", "data-new.parquet" })
        {
            await store.Environment.FileIO.ReplaceAsync($"/t/bucket-0/{name}", new byte[] { 1 });
        }

        await store.NewCommit("user").AbortAsync([message]);
        Assert.Equal("data-old.parquet", Assert.Single(await store.Environment.FileIO.ListAsync("/t/bucket-0")).Name);
    }

    private static async Task<FileStore> CreateAsync(
        IFileIO io, string root = "/t", Dictionary<string, string>? options = null)
    {
        var environment = new StorageEnvironment(io);
        var paths = new TablePaths(root);
        var schema = new TableSchema(
            0,
            [new DataField(0, "k", DataTypes.Int.NotNull()), new DataField(1, "v", DataTypes.String)],
            1,
            [],
            ["k"],
            options ?? [],
            null,
            0);
        Assert.True(await new SchemaManager(environment, paths).TryCreateAsync(schema));
        return new FileStore(environment, paths, schema);
    }

    [Fact]
    public async Task A_snapshot_whose_name_could_not_be_flushed_is_committed_only_after_a_flush()
    {
        var io = new UncertainFileIO(new MemoryFileIO());
        var store = await CreateAsync(io);
        var commit = store.NewCommit("user");
        var committable = Append(1, NewFile("data-1.parquet", 1, 1));
        io.FailAfterPublishing = true;
        io.FailsToFlush = true;
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await commit.CommitAsync(committable));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        await Assert.ThrowsAsync<PaimonException>(async () => await commit.FilterCommittedAsync([committable]));

        io.FailsToFlush = false;
        Assert.Empty(await commit.FilterCommittedAsync([committable]));
        Assert.Equal(3, io.Flushes);
        Assert.Equal(1, await store.Snapshots.LatestIdAsync());
    }

    [Fact]
    public async Task Numbers_go_on_below_those_of_batch_commits()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var commit = store.NewCommit("user");
        await commit.CommitAsync(Append(4, NewFile("data-1.parquet", 1, 1)));
        await commit.CommitAsync(Append(long.MaxValue, NewFile("data-2.parquet", 2, 2)));
        var committer = new TableCommitter(store, "user");
        Assert.Equal(5, await committer.NextIdentifierAsync(new CommitOptions(), CancellationToken.None));
        var later = Append(5, NewFile("data-3.parquet", 3, 3));
        Assert.Equal([later], await commit.FilterCommittedAsync([Append(4), later]));

        var batch = await committer.CommitAsync(
            [Message() with { NewFiles = [NewFile("data-4.parquet", 4, 4)] }], long.MaxValue, new CommitOptions(), CancellationToken.None);
        Assert.Single(batch.Snapshots);
        Assert.Equal(5, await committer.NextIdentifierAsync(new CommitOptions(), CancellationToken.None));
    }

    [Fact]
    public async Task A_bucket_keeps_the_newest_index_file_of_each_type_and_others_are_carried_over()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var commit = store.NewCommit("user");
        var hash = Index(IndexManifestEntry.HashIndex, "index-hash-1", 0);
        var vectors = Index(IndexManifestEntry.DeletionVectorsIndex, "index-dv-1", 0);
        await commit.CommitAsync(new Committable(1, [Message() with
        {
            NewFiles = [NewFile("data-1.parquet", 1, 1)],
            NewIndexFiles = [hash],
            CompactNewIndexFiles = [vectors, Index(IndexManifestEntry.DeletionVectorsIndex, "index-dv-other", 1)],
        }]));
        var kinds = await commit.CommitAsync(new Committable(2, [Message() with
        {
            NewIndexFiles = [hash with { FileName = "index-hash-2" }],
            DeletedIndexFiles = [hash],
            CompactNewIndexFiles = [vectors with { FileName = "index-dv-2" }],
            CompactDeletedIndexFiles = [vectors],
        }]));
        Assert.Equal([CommitKind.Append, CommitKind.Compact], kinds.Select(snapshot => snapshot.CommitKind));
        await commit.CommitAsync(Append(3, NewFile("data-2.parquet", 2, 2)));
        var entries = await store.IndexEntriesAsync((await store.Snapshots.LatestAsync())!);
        Assert.Equal(
            ["index-dv-2", "index-dv-other", "index-hash-2"],
            entries.Select(entry => entry.FileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deletion_vectors_that_do_not_go_on_from_those_of_the_table_are_refused()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var commit = store.NewCommit("user");
        var first = Index(IndexManifestEntry.DeletionVectorsIndex, "index-dv-1", 0);
        var second = first with { FileName = "index-dv-2" };
        await commit.CommitAsync(new Committable(1, [Message() with { CompactNewIndexFiles = [first] }]));

        // Made by one that saw no vectors, and by one that saw vectors which are gone.
        await Assert.ThrowsAsync<CommitConflictException>(async () => await commit.CommitAsync(
            new Committable(2, [Message() with { CompactNewIndexFiles = [second] }])));
        await Assert.ThrowsAsync<CommitConflictException>(async () => await commit.CommitAsync(new Committable(
            2, [Message() with { CompactNewIndexFiles = [second], CompactDeletedIndexFiles = [first with { FileName = "x" }] }])));

        var entries = await store.IndexEntriesAsync((await store.Snapshots.LatestAsync())!);
        Assert.Equal("index-dv-1", Assert.Single(entries).FileName);
    }

    [Fact]
    public async Task An_overwrite_replaces_index_files_and_deletion_vectors_of_rows_make_one()
    {
        var store = await CreateAsync(new MemoryFileIO());
        var commit = store.NewCommit("user");
        var hash = Index(IndexManifestEntry.HashIndex, "index-hash-1", 0);
        await commit.CommitAsync(new Committable(1, [Message() with { NewIndexFiles = [hash] }]));
        await commit.OverwriteAsync(
            new Committable(2, [Message() with { NewIndexFiles = [hash with { FileName = "index-hash-2", Bucket = 3 }] }]), null);
        var latest = (await store.Snapshots.LatestAsync())!;
        Assert.Equal("index-hash-2", Assert.Single(await store.IndexEntriesAsync(latest)).FileName);

        var snapshots = await commit.CommitAsync(new Committable(
            3, [Message() with { NewIndexFiles = [Index(IndexManifestEntry.DeletionVectorsIndex, "index-dv-1", 0)] }]));
        Assert.Equal(CommitKind.Overwrite, Assert.Single(snapshots).CommitKind);
    }

    private static IndexManifestEntry Index(string type, string name, int bucket) => new()
    {
        Kind = FileKind.Add,
        Partition = BinaryRowBytes.Empty,
        Bucket = bucket,
        IndexType = type,
        FileName = name,
        FileSizeBytes = 1,
        RowCount = 0,
        DeletionVectors = type == IndexManifestEntry.DeletionVectorsIndex ? [] : null,
    };

    private static CommitMessage Message() => new(BinaryRowBytes.Empty, 0, 1);

    private static Committable Append(long identifier, params DataFileMeta[] files) =>
        new(identifier, [Message() with { NewFiles = files }]);

    private static Committable Compact(DataFileMeta before, DataFileMeta after) =>
        new(1, [Message() with { CompactBefore = [before], CompactAfter = [after] }]);

    private static DataFileMeta NewFile(string name, int minKey, int maxKey) => new()
    {
        FileName = name,
        FileSizeBytes = 10,
        RowCount = 1,
        MinKey = Key(minKey),
        MaxKey = Key(maxKey),
        KeyStats = SimpleStats.Empty,
        ValueStats = SimpleStats.Empty,
        MinSequenceNumber = 0,
        MaxSequenceNumber = 0,
        SchemaId = 0,
        Level = 0,
        DeleteRowCount = 0,
        FileSource = FileSource.Append,
        ValueStatsColumns = [],
    };

    private static BinaryRowBytes Key(int key)
    {
        var column = new FixedVector<int>(DataTypes.Int.NotNull());
        column.Append(key);
        var type = DataTypes.Row(new DataField(0, "k", DataTypes.Int.NotNull()));
        return BinaryRowBytes.FromSerialized(new BinaryRowWriter(type).WriteSerialized([column], 0));
    }

    /// <summary>Fails once after a file was published, as a storage whose answer is lost.</summary>
    private sealed class UncertainFileIO(IFileIO inner) : ForwardingFileIO(inner)
    {
        public bool FailAfterPublishing { get; set; }

        public bool FailsToFlush { get; set; }

        public int Flushes { get; private set; }

        public override ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default)
        {
            Flushes++;
            return FailsToFlush
                ? throw new PaimonException(ErrorKind.Unavailable, $"{directory}: cannot flush the directory.")
                : base.FlushDirectoryAsync(directory, cancellationToken);
        }

        public override async ValueTask<bool> TryPublishAsync(
            string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            var published = await base.TryPublishAsync(path, content, cancellationToken);
            if (FailAfterPublishing)
            {
                FailAfterPublishing = false;
                throw new PaimonException(ErrorKind.Unavailable, "the answer was lost");
            }

            return published;
        }
    }
}

using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// Metadata alone: a schema, commits that each add one file (named, never written), compactions of all files after every third
/// of them, manifests merged often, and a changed schema halfway.
/// </summary>
internal sealed class CommitJob(IFileIO files, int seed) : IFaultJob
{
    private const string User = "committer";
    private const int CompactEvery = 3;
    private const int AddColumnAt = 5;

    private readonly StorageEnvironment _environment = new(files) { Ids = new SeededIds(seed) };
    private readonly TablePaths _paths = new("/warehouse/shop.db/orders");

    public static int Commits => 10;

    public long Acknowledged { get; private set; }

    public async Task RunAsync()
    {
        var schemas = new SchemaManager(_environment, _paths);
        if (await schemas.LatestAsync() is null)
        {
            Assert.True(await schemas.TryCreateAsync(NewSchema()));
        }

        for (var number = await CommittedAsync() + 1; number <= Commits; number++)
        {
            var schema = (await schemas.LatestAsync())!;
            if (number >= AddColumnAt && schema.Fields.Count == 1)
            {
                schema = await schemas.ChangeAsync(draft => draft.AddColumn(["note"], DataTypes.String, null, null));
            }

            var store = new FileStore(_environment, _paths, schema, schemas);
            await store.NewCommit(User).CommitAsync(await NewCommittableAsync(store, number));
            Acknowledged = number;
        }
    }

    public async Task<long> CommittedAsync() =>
        (await new SnapshotManager(files, _paths).LatestOfUserAsync(User))?.CommitIdentifier ?? 0;

    /// <summary>Each number is added once and in order, and each snapshot's files are what those before it make of them.</summary>
    public async Task CheckAsync(long committed)
    {
        if (await new SchemaManager(_environment, _paths).LatestAsync() is not { } schema)
        {
            Assert.Equal(0, committed);
            return;
        }

        var store = new FileStore(_environment, _paths, schema);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        var ids = await store.Snapshots.ListIdsAsync();
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(static id => (long)id), ids);
        var added = 0L;
        foreach (var id in ids)
        {
            var snapshot = await store.Snapshots.ReadAsync(id);
            if (snapshot.CommitKind == CommitKind.Compact)
            {
                Assert.Equal(added, snapshot.CommitIdentifier);
                expected = [$"compacted-{added}"];
            }
            else
            {
                Assert.Equal(++added, snapshot.CommitIdentifier);
                expected.Add($"flushed-{added}");
            }

            var live = await store.Scan.LiveAsync(snapshot, ScanFilter.All);
            Assert.Equal(expected, live.Select(static entry => entry.File.FileName).Order(StringComparer.Ordinal));
            Assert.Equal(expected.Count, snapshot.TotalRecordCount);
        }

        Assert.Equal(committed, added);
        Assert.Equal(ids.Count, await store.Snapshots.LatestIdAsync() ?? 0);
    }

    private static TableSchema NewSchema() => new(
        0,
        [new DataField(0, "id", DataTypes.Int.NotNull())],
        0,
        [],
        ["id"],
        new Dictionary<string, string> { ["manifest.merge-min-count"] = "3", ["bucket"] = "1" },
        null,
        0);

    private static async Task<Committable> NewCommittableAsync(FileStore store, long number)
    {
        var file = NewFile($"flushed-{number}", level: 0);
        var message = new CommitMessage(BinaryRowBytes.Empty, 0, 1) { NewFiles = [file] };
        if (number % CompactEvery == 0)
        {
            var latest = await store.Snapshots.LatestAsync();
            var live = latest is null ? [] : await store.Scan.LiveAsync(latest, ScanFilter.All);
            message = message with
            {
                CompactBefore = [.. live.Select(static entry => entry.File), file],
                CompactAfter = [NewFile($"compacted-{number}", level: 5)],
            };
        }

        return new Committable(number, [message]);
    }

    private static DataFileMeta NewFile(string name, int level)
    {
        var column = new FixedVector<int>(DataTypes.Int.NotNull());
        column.Append(1);
        var type = DataTypes.Row(new DataField(0, "id", DataTypes.Int.NotNull()));
        var key = BinaryRowBytes.FromSerialized(new BinaryRowWriter(type).WriteSerialized([column], 0));
        return new DataFileMeta
        {
            FileName = name,
            FileSizeBytes = 10,
            RowCount = 1,
            MinKey = key,
            MaxKey = key,
            KeyStats = SimpleStats.Empty,
            ValueStats = SimpleStats.Empty,
            MinSequenceNumber = 0,
            MaxSequenceNumber = 0,
            SchemaId = 0,
            Level = level,
            DeleteRowCount = 0,
            FileSource = level == 0 ? FileSource.Append : FileSource.Compact,
        };
    }
}

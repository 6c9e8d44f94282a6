using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public sealed class FailedCommitTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public async Task A_commit_that_fails_after_its_rows_were_published_leaves_their_files()
    {
        var disk = new FailingFileIO(new MemoryFileIO());
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(disk));
        var table = await catalog.CreateTableAsync(
            Name,
            new TableDefinition()
                .Column("id", DataTypes.BigInt)
                .Column("name", DataTypes.String)
                .PrimaryKey("id")
                .Option("num-sorted-run.compaction-trigger", "2"));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1L, "a");
            await writer.CommitAsync();
            await writer.UpsertAsync(2L, "b");
            disk.FailsAfterPublishing = true;
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            disk.FailsAfterPublishing = false;
            await AssertFailedAsync(error, () => writer.UpsertAsync(3L, "c"));
            await AssertFailedAsync(error, () => writer.DeleteAsync(1L));
            await AssertFailedAsync(error, async () => await writer.CommitAsync());
            await AssertFailedAsync(error, () => writer.CompactAsync());
            await AssertFailedAsync(error, () => writer.ApplySchemaAsync(writer.Schema));
        }

        var names = new List<string>();
        await foreach (var row in (await catalog.GetTableAsync(Name)).NewScan().ReadRowsAsync())
        {
            names.Add(row.GetString("name"));
        }

        Assert.Equal(2, (await table.LatestSnapshotOfUserAsync("job"))!.CommitIdentifier);
        Assert.Equal(["a", "b"], names.Order());
    }

    private static async Task AssertFailedAsync(Exception cause, Func<ValueTask> use)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await use());
        Assert.Equal(ErrorKind.Closed, error.Kind);
        Assert.Same(cause, error.InnerException);
    }

    /// <summary>No file can be created from the next published file on.</summary>
    private sealed class FailingFileIO(MemoryFileIO files) : IFileIO
    {
        private bool _isPublished;

        public bool FailsAfterPublishing { get; set; }

        public ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
            files.OpenAsync(path, cancellationToken);

        public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
            FailsAfterPublishing && _isPublished
                ? throw new PaimonException(ErrorKind.Unavailable, $"{path}: no space is left on the device.")
                : files.CreateAsync(path, cancellationToken);

        public async ValueTask<bool> TryPublishAsync(
            string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            _isPublished = FailsAfterPublishing;
            return await files.TryPublishAsync(path, content, cancellationToken);
        }

        public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            files.ReplaceAsync(path, content, cancellationToken);

        public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
            files.ExistsAsync(path, cancellationToken);

        public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default) =>
            files.ListAsync(directory, cancellationToken);

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
            files.DeleteAsync(path, cancellationToken);

        public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
            files.CreateDirectoryAsync(directory, cancellationToken);

        public ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
            files.DeleteDirectoryAsync(directory, cancellationToken);
    }
}

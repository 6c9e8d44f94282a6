using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Io;

/// <summary>What every <see cref="IFileIO"/> promises.</summary>
public abstract class FileIOContract
{
    /// <summary>The file system under test.</summary>
    protected abstract IFileIO Files { get; }

    /// <summary>A directory of the test's own, which is not there yet.</summary>
    protected abstract string Root { get; }

    [Fact]
    public async Task A_completed_file_holds_what_was_written()
    {
        var random = new Random(1);
        var expected = new List<byte>();
        var path = FilePath.Join(Root, "db.db/t/bucket-0/data-1.parquet");
        await using (var output = await Files.CreateAsync(path))
        {
            foreach (var length in new[] { 0, 1, 100_000, 300_000, 5, 262_144, 262_145, 700_000, 3 })
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                expected.AddRange(bytes);
                await output.WriteAsync(bytes);
                Assert.Equal(expected.Count, output.Position);
                random.NextBytes(bytes);
            }

            await output.CompleteAsync();
        }

        Assert.True(expected.SequenceEqual(await ReadAllAsync(path)));
        await using var input = await Files.OpenAsync(path);
        var part = new byte[1000];
        await input.ReadAsync(400_000, part);
        Assert.True(expected.Slice(400_000, 1000).SequenceEqual(part));
    }

    [Fact]
    public async Task A_file_given_up_leaves_nothing()
    {
        var path = FilePath.Join(Root, "a/b");
        await using (var output = await Files.CreateAsync(path))
        {
            await output.WriteAsync(new byte[500_000]);
        }

        Assert.False(await Files.ExistsAsync(path));
        Assert.Empty(await Files.ListAsync(FilePath.Join(Root, "a")));
    }

    [Fact]
    public async Task A_file_is_not_created_over_another()
    {
        var path = FilePath.Join(Root, "f");
        Assert.True(await Files.TryPublishAsync(path, Bytes("first")));
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await Files.CreateAsync(path));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Equal("first", await ReadTextAsync(path));
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var path = FilePath.Join(Root, "no/such");
        var error = await Assert.ThrowsAsync<FileMissingException>(async () => await Files.OpenAsync(path));
        Assert.Equal(path, error.Path);
        Assert.False(await Files.ExistsAsync(path));
        Assert.Empty(await Files.ListAsync(path));
        await Files.DeleteAsync(path);
        await Files.DeleteDirectoryAsync(path);
    }

    [Fact]
    public async Task Reading_beyond_the_end_is_corrupt()
    {
        var path = FilePath.Join(Root, "f");
        await Files.TryPublishAsync(path, Bytes("12345"));
        await using var input = await Files.OpenAsync(path);
        Assert.Equal(5, input.SizeBytes);
        await Assert.ThrowsAsync<CorruptDataException>(async () => await input.ReadAsync(3, new byte[3]));
        await Assert.ThrowsAsync<CorruptDataException>(async () => await input.ReadAsync(long.MaxValue, new byte[1]));
    }

    [Fact]
    public async Task Publishing_over_a_file_says_no_and_changes_nothing()
    {
        var path = FilePath.Join(Root, "snapshot/snapshot-1");
        Assert.True(await Files.TryPublishAsync(path, Bytes("first")));
        Assert.False(await Files.TryPublishAsync(path, Bytes("second")));
        Assert.Equal("first", await ReadTextAsync(path));
        Assert.Single(await Files.ListAsync(FilePath.Join(Root, "snapshot")));
    }

    [Fact]
    public async Task Exactly_one_of_many_publishers_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = FilePath.Join(Root, $"snapshot/snapshot-{round}");
            using var start = new Barrier(8);
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
                async () =>
                {
                    start.SignalAndWait();
                    return await Files.TryPublishAsync(path, Bytes($"publisher {i}"));
                },
                TaskCreationOptions.LongRunning).Unwrap()));
            var winner = Assert.Single(Enumerable.Range(0, 8), i => won[i]);
            Assert.Equal($"publisher {winner}", await ReadTextAsync(path));
        }

        Assert.Equal(20, (await Files.ListAsync(FilePath.Join(Root, "snapshot"))).Count);
    }

    [Fact]
    public async Task Replacing_makes_or_overwrites_a_file()
    {
        var path = FilePath.Join(Root, "snapshot/LATEST");
        await Files.ReplaceAsync(path, Bytes("1"));
        await Files.ReplaceAsync(path, Bytes("22"));
        Assert.Equal("22", await ReadTextAsync(path));
        Assert.Single(await Files.ListAsync(FilePath.Join(Root, "snapshot")));
    }

    [Fact]
    public async Task A_reader_keeps_the_file_it_opened()
    {
        var path = FilePath.Join(Root, "f");
        await Files.TryPublishAsync(path, Bytes("before"));
        await using var input = await Files.OpenAsync(path);
        await Files.ReplaceAsync(path, Bytes("after!"));
        await Files.DeleteAsync(path);
        var bytes = new byte[6];
        await input.ReadAsync(0, bytes);
        Assert.Equal("before", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task Listing_shows_files_and_directories_of_one_level()
    {
        await Files.TryPublishAsync(FilePath.Join(Root, "d/one"), Bytes("1"));
        await Files.TryPublishAsync(FilePath.Join(Root, "d/two"), Bytes("22"));
        await Files.TryPublishAsync(FilePath.Join(Root, "d/e/three"), Bytes("333"));
        await Files.CreateDirectoryAsync(FilePath.Join(Root, "d/empty"));
        var entries = (await Files.ListAsync(FilePath.Join(Root, "d")))
            .OrderBy(e => e.Name).Select(e => (e.Name, e.SizeBytes, e.IsDirectory, e.Path));
        Assert.Equal(
            [
                ("e", 0L, true, FilePath.Join(Root, "d/e")),
                ("empty", 0L, true, FilePath.Join(Root, "d/empty")),
                ("one", 1L, false, FilePath.Join(Root, "d/one")),
                ("two", 2L, false, FilePath.Join(Root, "d/two")),
            ],
            entries);
    }

    [Fact]
    public async Task A_deleted_directory_takes_its_content_along_and_can_come_back()
    {
        await Files.TryPublishAsync(FilePath.Join(Root, "d/e/f"), Bytes("1"));
        await Files.DeleteDirectoryAsync(FilePath.Join(Root, "d"));
        Assert.False(await Files.ExistsAsync(FilePath.Join(Root, "d/e/f")));
        Assert.False(await Files.ExistsAsync(FilePath.Join(Root, "d")));
        Assert.True(await Files.TryPublishAsync(FilePath.Join(Root, "d/e/f"), Bytes("2")));
        Assert.Equal("2", await ReadTextAsync(FilePath.Join(Root, "d/e/f")));
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected async Task<byte[]> ReadAllAsync(string path)
    {
        await using var input = await Files.OpenAsync(path);
        var bytes = new byte[input.SizeBytes];
        await input.ReadAsync(0, bytes);
        return bytes;
    }

    protected async Task<string> ReadTextAsync(string path) => Encoding.UTF8.GetString(await ReadAllAsync(path));
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Io;

/// <summary>The simulated disk keeps the contract, so that what fails on it would fail on a real one.</summary>
public sealed class SimulatedFileSystemTests : FileIOContract
{
    private const string Path = "/t/f";

    protected override IFileIO Files { get; } = new SimulatedFileSystem(1);

    protected override string Root => "/warehouse";

    [Fact]
    public async Task Complete_and_published_files_survive_every_crash()
    {
        var disk = new SimulatedFileSystem(1);
        await using (var output = await disk.CreateAsync("/t/data"))
        {
            await output.WriteAsync(Bytes("rows"));
            await output.CompleteAsync();
        }

        Assert.True(await disk.TryPublishAsync("/t/snapshot-1", Bytes("one")));
        for (var seed = 0; seed < 100; seed++)
        {
            var after = disk.CrashClone(seed);
            Assert.Equal("rows", await TextAsync(after, "/t/data"));
            Assert.Equal("one", await TextAsync(after, "/t/snapshot-1"));
        }
    }

    [Fact]
    public async Task Loose_bytes_are_lost_torn_or_kept()
    {
        var disk = new SimulatedFileSystem(1);
        var output = await disk.CreateAsync(Path);
        await output.WriteAsync(Bytes("0123456789"));
        var found = await OutcomesAsync(disk);
        Assert.Contains(null, found);
        Assert.Contains("", found);
        Assert.Contains("0123456789", found);
        Assert.Contains(found, text => text is { Length: > 0 and < 10 });
        Assert.Contains(found, text => text is { Length: 10 } and not "0123456789");
    }

    [Fact]
    public async Task A_removed_file_may_be_back_until_its_directory_is_flushed()
    {
        var disk = new SimulatedFileSystem(1);
        await disk.TryPublishAsync(Path, Bytes("x"));
        await disk.DeleteAsync(Path);
        Assert.False(await disk.ExistsAsync(Path));
        Assert.Equal([null, "x"], (await OutcomesAsync(disk)).Order());

        await disk.TryPublishAsync("/t/g", Bytes("y"));
        Assert.Equal([null], await OutcomesAsync(disk));
    }

    [Fact]
    public async Task A_failed_publish_leaves_nothing_or_everything()
    {
        var found = new HashSet<string?>();
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = new SimulatedFileSystem(seed);
            disk.FailAt(1, SimulatedFailure.Forever);
            await Assert.ThrowsAsync<PaimonException>(async () => await disk.TryPublishAsync(Path, Bytes("one")));
            await Assert.ThrowsAsync<PaimonException>(async () => await disk.ExistsAsync(Path));
            found.UnionWith(await OutcomesAsync(disk));
        }

        Assert.Equal([null, "one"], found.Order());
    }

    [Fact]
    public async Task A_failed_replace_leaves_the_old_or_the_new_content()
    {
        var found = new HashSet<string?>();
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = new SimulatedFileSystem(seed);
            await disk.ReplaceAsync(Path, Bytes("old"));
            disk.FailAt(2, SimulatedFailure.Once);
            await Assert.ThrowsAsync<PaimonException>(async () => await disk.ReplaceAsync(Path, Bytes("new")));
            found.UnionWith(await OutcomesAsync(disk));
            await disk.ReplaceAsync(Path, Bytes("newer"));
            Assert.Equal(["newer"], await OutcomesAsync(disk));
        }

        Assert.Equal(["new", "old"], found.Order());
    }

    [Fact]
    public async Task A_disk_without_space_fails_and_works_again_when_there_is_some()
    {
        var disk = new SimulatedFileSystem(1) { SpaceBytes = 5 };
        Assert.True(await disk.TryPublishAsync("/t/a", Bytes("123")));
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await disk.TryPublishAsync("/t/b", Bytes("456")));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.False(await disk.ExistsAsync("/t/b"));
        disk.SpaceBytes = 100;
        Assert.True(await disk.TryPublishAsync("/t/b", Bytes("456")));
    }

    [Fact]
    public async Task The_same_seed_repeats_the_same_history()
    {
        Assert.Equal(await PlayAsync(7), await PlayAsync(7));

        static async Task<string> PlayAsync(int seed)
        {
            var disk = new SimulatedFileSystem(seed);
            disk.FailAt(3, SimulatedFailure.Once);
            for (var i = 0; i < 5; i++)
            {
                try
                {
                    await disk.TryPublishAsync($"/t/{i}", Bytes("content"));
                }
                catch (PaimonException e)
                {
                    Assert.Equal(ErrorKind.Unavailable, e.Kind);
                }
            }

            var names = (await disk.CrashClone(seed).ListAsync("/t")).Select(static e => e.Name);
            return $"{disk.History}\n{string.Join(' ', names)}";
        }
    }

    private static async Task<HashSet<string?>> OutcomesAsync(SimulatedFileSystem disk)
    {
        var found = new HashSet<string?>();
        for (var seed = 0; seed < 200; seed++)
        {
            var after = disk.CrashClone(seed);
            found.Add(await after.ExistsAsync(Path) ? await TextAsync(after, Path) : null);
        }

        return found;
    }

    private static async Task<string> TextAsync(SimulatedFileSystem disk, string path)
    {
        await using var input = await disk.OpenAsync(path);
        var bytes = new byte[input.SizeBytes];
        await input.ReadAsync(0, bytes);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Io;

public sealed class LocalFileIOTests : FileIOContract, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("paimonsharp-io-");

    protected override IFileIO Files { get; } = new LocalFileIO();

    protected override string Root => FilePath.Join(_directory.FullName, "warehouse");

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>/dev/full takes any open and refuses any byte, as a disk without space does.</summary>
    [Fact]
    public async Task A_full_disk_is_unavailable_and_the_message_says_so()
    {
        const string Full = "/dev/full";
        Assert.SkipUnless(File.Exists(Full), "There is no /dev/full here.");
        var handle = File.OpenHandle(Full, FileMode.Open, FileAccess.Write);
        var output = new LocalOutputFile(FilePath.Join(Root, "data-1.parquet"), handle);
        await output.WriteAsync(new byte[100]);
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await output.CompleteAsync());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.True(error.IsTransient);
        Assert.Contains("no space is left", error.Message, StringComparison.Ordinal);
        Assert.Contains("data-1.parquet", error.Message, StringComparison.Ordinal);

        var again = await Assert.ThrowsAsync<PaimonException>(async () => await output.CompleteAsync());
        Assert.Equal(ErrorKind.Closed, again.Kind);
        await output.DisposeAsync();
    }

    [Fact]
    public async Task A_file_whose_name_could_not_be_flushed_is_never_complete()
    {
        await Files.CreateDirectoryAsync(Root);
        var handle = File.OpenHandle(FilePath.Join(Root, "f"), FileMode.CreateNew, FileAccess.Write);
        await using var output = new LocalOutputFile(FilePath.Join(Root, "gone/f"), handle);
        await output.WriteAsync(new byte[100]);
        await Assert.ThrowsAnyAsync<PaimonException>(async () => await output.CompleteAsync());

        await Files.CreateDirectoryAsync(FilePath.Join(Root, "gone"));
        var again = await Assert.ThrowsAsync<PaimonException>(async () => await output.CompleteAsync());
        Assert.Equal(ErrorKind.Closed, again.Kind);
    }

    [Fact]
    public async Task What_a_file_system_refuses_is_unavailable_and_names_the_path()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "There is no /proc here.");
        const string Path = "/proc/paimonsharp/file";
        foreach (var attempt in new Func<Task>[]
        {
            async () => await Files.CreateAsync(Path),
            async () => await Files.TryPublishAsync(Path, Bytes("1")),
            async () => await Files.ReplaceAsync(Path, Bytes("1")),
        })
        {
            var error = await Assert.ThrowsAnyAsync<PaimonException>(attempt);
            Assert.Contains("/proc/paimonsharp", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_that_was_made_and_is_asked_for_again_is_made_and_a_foreign_one_is_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a move that replaces nothing.");
        await Files.CreateDirectoryAsync(Root);
        var (own, other, target) = (FilePath.Join(Root, "own"), FilePath.Join(Root, "other"), FilePath.Join(Root, "target"));
        await File.WriteAllTextAsync(own, "own");
        await File.WriteAllTextAsync(other, "other");
        Assert.Equal(0, LocalFileIO.Link(own, target));
        Assert.False(File.Exists(own));
        await File.WriteAllTextAsync(own, "own");
        Assert.Equal(0, LocalFileIO.Link(own, target));
        Assert.Equal(LibC.Exists, LocalFileIO.Link(other, target));
        Assert.Equal("own", await File.ReadAllTextAsync(target));
        Assert.Equal((false, true), (File.Exists(own), File.Exists(other)));
    }

    [Fact]
    public async Task A_lock_has_one_holder_until_it_is_given_back()
    {
        await Files.CreateDirectoryAsync(Root);
        var path = FilePath.Join(Root, ".lock");
        var first = await Files.TryLockAsync(path);
        Assert.NotNull(first);
        Assert.Null(await Files.TryLockAsync(path));
        first.Dispose();
        using var second = await Files.TryLockAsync(path);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task A_lock_in_a_directory_that_is_not_there_names_it()
    {
        var error = await Assert.ThrowsAsync<FileMissingException>(async () => await Files.TryLockAsync(FilePath.Join(Root, "no/lock")));
        Assert.Contains("no/lock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_the_place_of_a_file_is_unavailable()
    {
        await Files.CreateDirectoryAsync(FilePath.Join(Root, "d"));
        var error = await Assert.ThrowsAnyAsync<PaimonException>(async () => await Files.OpenAsync(FilePath.Join(Root, "d")));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
    }

    [Fact]
    public async Task A_directory_removed_by_others_is_made_again()
    {
        var path = FilePath.Join(Root, "a/b/f");
        Assert.True(await Files.TryPublishAsync(path, Bytes("1")));
        Directory.Delete(Root, recursive: true);
        Assert.True(await Files.TryPublishAsync(path, Bytes("2")));
        Assert.Equal("2", await ReadTextAsync(path));
    }

    [Fact]
    public async Task Listing_goes_on_while_files_come_and_go()
    {
        await Files.CreateDirectoryAsync(Root);
        using var stop = new CancellationTokenSource();
        var churn = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await File.WriteAllBytesAsync(FilePath.Join(Root, $"f{i % 64}"), [1]);
                File.Delete(FilePath.Join(Root, $"f{(i + 32) % 64}"));
            }
        });
        for (var i = 0; i < 300; i++)
        {
            foreach (var entry in await Files.ListAsync(Root))
            {
                Assert.False(entry.IsDirectory);
            }
        }

        await stop.CancelAsync();
        await churn;
    }

    [Fact]
    public async Task Large_reads_leave_the_calling_thread_and_give_the_same_bytes()
    {
        var bytes = new byte[3_000_000];
        new Random(3).NextBytes(bytes);
        await Files.TryPublishAsync(FilePath.Join(Root, "f"), bytes);
        await using var input = await Files.OpenAsync(FilePath.Join(Root, "f"));
        var parts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var part = new byte[500_000];
            await input.ReadAsync(i * 500_000, part);
            return part;
        }));
        Assert.True(bytes.AsSpan().SequenceEqual(parts.SelectMany(static p => p).ToArray()));
    }
}

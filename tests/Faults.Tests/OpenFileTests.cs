using System.Collections.Concurrent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Files and locks that stay open after a failure: a process that goes on would run out of them.</summary>
public sealed class OpenFileTests
{
    private const int Points = 60;

    public static TheoryData<string, SimulatedFailure> Cases => new MatrixTheoryData<string, SimulatedFailure>(
        [
            "bucket=1 changelog-producer=lookup",
            "bucket=1 changelog-producer=input write-buffer-size=1kb write-buffer-spillable=false",
            "bucket=1 deletion-vectors.enabled=true",
            "bucket=-1 dynamic-bucket.target-row-num=4 partitioned",
        ],
        [SimulatedFailure.Once, SimulatedFailure.Forever]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_file_stays_open_after_a_failure_at_any_operation(string options, SimulatedFailure failure)
    {
        var whole = new SimulatedFileSystem(FaultLoop.FirstSeed);
        await new BackgroundJob(whole, FaultLoop.FirstSeed, options).RunAsync();
        var stride = Math.Max(1, whole.OperationCount / Points);
        var failures = 0;
        for (var operation = 1; ; operation += stride)
        {
            var disk = new SimulatedFileSystem(FaultLoop.FirstSeed + operation);
            disk.FailAt(operation, failure);
            var files = new CountingFileIO(disk);
            try
            {
                await new BackgroundJob(files, disk.Seed, options).RunAsync();
            }
            catch (PaimonException) when (disk.HasFailed)
            {
                failures++;
            }

            Assert.True(files.Open.IsEmpty, $"operation {operation}: {string.Join(", ", files.Open.Values)}\n{disk.History}");
            if (!disk.HasFailed)
            {
                break;
            }
        }

        Assert.True(failures > 10, $"{failures} operations failed only: the scenario tests nothing.");
    }

    /// <summary>Knows what is open.</summary>
    private sealed class CountingFileIO(IFileIO files) : ForwardingFileIO(files)
    {
        public ConcurrentDictionary<object, string> Open { get; } = new();

        public override async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
        {
            var file = await base.OpenAsync(path, cancellationToken);
            Open[file] = path;
            return new Input(this, file);
        }

        public override async ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
        {
            var file = await base.CreateAsync(path, cancellationToken);
            Open[file] = path;
            return new Output(this, file);
        }

        private async ValueTask CloseAsync(IAsyncDisposable file)
        {
            Open.TryRemove(file, out _);
            await file.DisposeAsync();
        }

        private sealed class Input(CountingFileIO files, IInputFile file) : IInputFile
        {
            public string Path => file.Path;

            public long SizeBytes => file.SizeBytes;

            public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
                file.ReadAsync(offset, buffer, cancellationToken);

            public ValueTask DisposeAsync() => files.CloseAsync(file);
        }

        private sealed class Output(CountingFileIO files, IOutputFile file) : IOutputFile
        {
            public string Path => file.Path;

            public long Position => file.Position;

            public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
                file.WriteAsync(buffer, cancellationToken);

            public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => file.CompleteAsync(cancellationToken);

            public ValueTask DisposeAsync() => files.CloseAsync(file);
        }
    }
}

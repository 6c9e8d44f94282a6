using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Commits that fail or are given up at any operation: a writer that goes on afterwards has lost no row.</summary>
public sealed class InterruptedCommitTests
{
    private const int Commits = 4;
    private const int Points = 40;

    private static readonly Identifier Name = new("shop", "stock");

    public static TheoryData<string, bool, bool> Cases => new MatrixTheoryData<string, bool, bool>(
        [
            "bucket=1 changelog-producer=input",
            "bucket=1 changelog-producer=lookup",
            "bucket=1 deletion-vectors.enabled=true",
            "bucket=-1 dynamic-bucket.target-row-num=4",
            "bucket=-1 dynamic-bucket.target-row-num=4 partitioned",
        ],
        [true, false],
        [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_commit_interrupted_at_any_operation_loses_no_row_without_a_word(string options, bool isCancelled, bool isAfter)
    {
        var whole = await RunAsync(options, int.MaxValue, isCancelled, isAfter);
        var stride = Math.Max(1, whole.Operations / Points);
        var (goneOn, closed) = (0, 0);
        for (var operation = 1; operation <= whole.Operations; operation += stride)
        {
            var run = await RunAsync(options, operation, isCancelled, isAfter);
            goneOn += run.HasGoneOn ? 1 : 0;
            closed += run.WasClosed ? 1 : 0;
        }

        Assert.True(closed > 5, $"{closed} writers were closed and {goneOn} went on: the scenario tests nothing.");
    }

    private static async Task<(int Operations, bool HasGoneOn, bool WasClosed)> RunAsync(
        string options, int operation, bool isCancelled, bool isAfter)
    {
        var files = new InterruptedFileIO(isCancelled, isAfter) { At = operation };
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(files) { Ids = new SeededIds(1) });
        var table = await catalog.CreateTableAsync(Name, Definition(options));
        var writer = table.NewWriter("job");
        var (hasGoneOn, wasClosed) = (false, false);
        for (var commit = 1; commit <= Commits; commit++)
        {
            await WriteAsync(writer, options, commit);
            try
            {
                files.IsArmed = true;
                await writer.CommitAsync(new CommitOptions { Identifier = commit }, files.Stop.Token);
            }
            catch (Exception interrupted) when (interrupted is OperationCanceledException or PaimonException { Kind: ErrorKind.Unavailable })
            {
                files.IsArmed = false;
                try
                {
                    await writer.CommitAsync(new CommitOptions { Identifier = commit });
                    hasGoneOn = true;
                }
                catch (PaimonException error) when (error.Kind is ErrorKind.Closed or ErrorKind.Invalid)
                {
                    wasClosed |= error.Kind == ErrorKind.Closed;
                    await writer.DisposeAsync();
                    writer = table.NewWriter("job");
                    if (((await table.LatestSnapshotOfUserAsync("job"))?.CommitIdentifier ?? 0) < commit)
                    {
                        Assert.Equal(ErrorKind.Closed, error.Kind);
                        await WriteAsync(writer, options, commit);
                        await writer.CommitAsync(new CommitOptions { Identifier = commit });
                    }
                }
            }

            files.IsArmed = false;
            Assert.Equal(NamedRows.StateAfter(commit), await NamedRows.ReadAsync(table.NewScan().AllLevels()));
        }

        await writer.DisposeAsync();
        await using (var compactor = table.NewWriter("compactor"))
        {
            await compactor.CompactAsync();
            await compactor.CommitAsync();
        }

        Assert.Equal(NamedRows.StateAfter(Commits), await NamedRows.ReadAsync(table.NewScan()));
        if (options.Contains("changelog-producer=lookup", StringComparison.Ordinal))
        {
            Assert.Equal(NamedRows.StateAfter(Commits), await NamedRows.ReplayAsync(table));
        }

        return (files.Operations, hasGoneOn, wasClosed);
    }

    private static async Task WriteAsync(TableWriter writer, string options, int commit)
    {
        foreach (var (id, name, isDelete) in NamedRows.Of(commit))
        {
            object[] row = options.Contains("partitioned", StringComparison.Ordinal)
                ? [id, name, (int)((commit + id) % 3)]
                : [id, name];
            await (isDelete ? writer.DeleteAsync(row) : writer.UpsertAsync(row));
        }
    }

    private static TableDefinition Definition(string options)
    {
        var definition = new TableDefinition().Column("id", DataTypes.BigInt).Column("name", DataTypes.String);
        definition = options.Contains("partitioned", StringComparison.Ordinal)
            ? definition.Column("part", DataTypes.Int.NotNull()).PartitionedBy("part")
            : definition;
        definition = definition.PrimaryKey("id").Option("num-sorted-run.compaction-trigger", "2");
        foreach (var option in options.Split(' ').Select(static option => option.Split('=')).Where(static option => option.Length == 2))
        {
            definition = definition.Option(option[0], option[1]);
        }

        return definition;
    }

    /// <summary>Files in memory: right before or after the i-th operation while it is armed, the caller gives up or it fails.</summary>
    private sealed class InterruptedFileIO(bool isCancelled, bool isAfter) : ForwardingFileIO(new MemoryFileIO())
    {
        private int _operations;

        public required int At { get; init; }

        public bool IsArmed { get; set; }

        public CancellationTokenSource Stop { get; } = new();

        public int Operations => _operations;

        public override ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
            DoAsync(() => base.OpenAsync(path, cancellationToken));

        public override ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
            DoAsync(() => base.CreateAsync(path, cancellationToken));

        public override ValueTask<bool> TryPublishAsync(
            string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            DoAsync(() => base.TryPublishAsync(path, content, cancellationToken));

        public override ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
            DoAsync(() => base.ExistsAsync(path, cancellationToken));

        public override ValueTask<IReadOnlyList<FileStatus>> ListAsync(
            string directory, CancellationToken cancellationToken = default) =>
            DoAsync(() => base.ListAsync(directory, cancellationToken));

        private async ValueTask<T> DoAsync<T>(Func<ValueTask<T>> operation)
        {
            var isNow = IsArmed && Interlocked.Increment(ref _operations) == At;
            if (isNow && !isAfter)
            {
                await InterruptAsync();
            }

            var result = await operation();
            if (isNow && isAfter)
            {
                await InterruptAsync();
            }

            return result;
        }

        private async Task InterruptAsync()
        {
            if (!isCancelled)
            {
                throw new PaimonException(ErrorKind.Unavailable, "The disk does not answer.");
            }

            await Stop.CancelAsync();
        }
    }
}

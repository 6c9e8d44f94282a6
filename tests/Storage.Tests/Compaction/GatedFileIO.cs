using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>
/// Files in memory whose data files can be held back from readers, or fail for them: a writer that does not scan reads data files
/// in its compactions only.
/// </summary>
internal sealed class GatedFileIO : ForwardingFileIO
{
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;

    public GatedFileIO()
        : base(new MemoryFileIO()) => _gate.SetResult();

    /// <summary>What readers of data files are told; null for nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often a data file was opened.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.SetResult();

    public override async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        if (path.Contains("/bucket-", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _opened);
            await _gate.Task.WaitAsync(cancellationToken);
            if (Failure is not null)
            {
                throw Failure;
            }
        }

        return await base.OpenAsync(path, cancellationToken);
    }
}

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>The most that was alive on the heap when it was looked at, many times a second.</summary>
internal sealed class HeapPeak : IDisposable
{
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _bytes;

    public HeapPeak() => _timer = new Timer(_ => Look(), null, 0, 250);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_lock.TryEnter())
        {
            try
            {
                _bytes = Math.Max(_bytes, GC.GetTotalMemory(forceFullCollection: true));
            }
            finally
            {
                _lock.Exit();
            }
        }
    }
}

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>
/// How far what is alive on the heap grew since this was made: the most of many looks. What earlier tests left in pools and
/// caches of the process is not counted.
/// </summary>
internal sealed class HeapPeak : IDisposable
{
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
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
                _bytes = Math.Max(_bytes, GC.GetTotalMemory(forceFullCollection: true) - _before);
            }
            finally
            {
                _lock.Exit();
            }
        }
    }
}

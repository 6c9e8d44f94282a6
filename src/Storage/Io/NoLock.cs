namespace PaimonSharp.Storage.Io;

/// <summary>The lock of files that know no locks: it keeps nobody out.</summary>
internal sealed class NoLock : IDisposable
{
    public static NoLock Instance { get; } = new();

    public void Dispose()
    {
    }
}

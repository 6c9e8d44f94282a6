using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Buckets;

/// <summary>Catalogs in memory or on disk, with local files in memory and a clock that never shows one time twice.</summary>
internal static class BucketKit
{
    public static ValueTask<Catalog> OpenAsync(int seed, string? directory = null)
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch.AddYears(50), TimeSpan.FromMilliseconds(1));
        var environment = new StorageEnvironment(directory is null ? new MemoryFileIO(time) : new LocalFileIO())
        {
            Ids = new SeededIds(seed),
            TimeProvider = time,
            ScratchFiles = new MemoryFileIO(),
        };
        return Catalog.OpenAsync(directory ?? "/warehouse", environment);
    }

    /// <summary>The folder of the table <c>db.t</c>.</summary>
    public static string PathOf(string directory) => Path.Combine(directory, "db.db", "t");
}

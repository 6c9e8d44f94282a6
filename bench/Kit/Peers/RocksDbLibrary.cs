using System.Runtime.InteropServices;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Bench.Kit.Peers;

/// <summary>
/// The part of RocksDB's C API that the peer needs; the library is the one that <c>tests/servers/get-servers.sh rocksdb</c>
/// unpacks. Calls that are short and made for every row do without the runtime's transition, so that the peer is not slowed
/// by being called from .NET.
/// </summary>
internal static partial class RocksDbLibrary
{
    public const int Lz4Compression = 4;
    public const int UniversalCompaction = 1;
    public const string MissingAdvice = "RocksDB is not there: run tests/servers/get-servers.sh rocksdb; no ratio";

    private const string Name = "rocksdb";
    private const int QuietPolls = 20;

    // What it needs beyond what a .NET process has loaded, in the order of their dependencies.
    private static readonly string[] Needed = ["libz", "libbz2", "libzstd", "liblz4", "libsnappy", "libgflags"];

    static RocksDbLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(RocksDbLibrary).Assembly,
        (name, _, _) => name == Name ? Load() : IntPtr.Zero);

    /// <summary>Whether it can be loaded.</summary>
    public static bool IsPresent => FindFile("librocksdb") is not null;

    [LibraryImport(Name, EntryPoint = "rocksdb_options_create")]
    public static partial nint CreateOptions();

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_create_if_missing")]
    public static partial void SetCreateIfMissing(nint options, byte value);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_compression")]
    public static partial void SetCompression(nint options, int compression);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_compaction_style")]
    public static partial void SetCompactionStyle(nint options, int style);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_memtable_vector_rep")]
    public static partial void SetVectorMemtable(nint options);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_allow_concurrent_memtable_write")]
    public static partial void SetAllowConcurrentMemtableWrite(nint options, byte value);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_max_background_jobs")]
    public static partial void SetMaxBackgroundJobs(nint options, int jobs);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_max_subcompactions")]
    public static partial void SetMaxSubcompactions(nint options, uint threads);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_disable_auto_compactions")]
    public static partial void SetDisableAutoCompactions(nint options, int disable);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_level0_slowdown_writes_trigger")]
    public static partial void SetLevel0SlowdownTrigger(nint options, int files);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_level0_stop_writes_trigger")]
    public static partial void SetLevel0StopTrigger(nint options, int files);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_enable_statistics")]
    public static partial void EnableStatistics(nint options);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_statistics_get_string")]
    private static partial nint StatisticsText(nint options);

    [LibraryImport(Name, EntryPoint = "rocksdb_property_int", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Property(nint database, string name, out ulong value);

    [LibraryImport(Name, EntryPoint = "rocksdb_property_value", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint PropertyText(nint database, string name);

    [LibraryImport(Name, EntryPoint = "rocksdb_free")]
    private static partial void Free(nint memory);

    [LibraryImport(Name, EntryPoint = "rocksdb_block_based_options_create")]
    public static partial nint CreateBlockOptions();

    [LibraryImport(Name, EntryPoint = "rocksdb_block_based_options_set_block_size")]
    public static partial void SetBlockSize(nint options, nuint sizeBytes);

    [LibraryImport(Name, EntryPoint = "rocksdb_options_set_block_based_table_factory")]
    public static partial void SetBlockOptions(nint options, nint blockOptions);

    [LibraryImport(Name, EntryPoint = "rocksdb_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(nint options, string path, out nint error);

    [LibraryImport(Name, EntryPoint = "rocksdb_close")]
    public static partial void Close(nint database);

    [LibraryImport(Name, EntryPoint = "rocksdb_writeoptions_create")]
    public static partial nint CreateWriteOptions();

    [LibraryImport(Name, EntryPoint = "rocksdb_writeoptions_disable_WAL")]
    public static partial void DisableWal(nint options, int disable);

    [LibraryImport(Name, EntryPoint = "rocksdb_writebatch_create")]
    public static partial nint CreateBatch();

    [LibraryImport(Name, EntryPoint = "rocksdb_writebatch_clear")]
    public static partial void ClearBatch(nint batch);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_writebatch_put")]
    public static unsafe partial void Put(nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);

    [LibraryImport(Name, EntryPoint = "rocksdb_write")]
    public static partial void Write(nint database, nint options, nint batch, out nint error);

    [LibraryImport(Name, EntryPoint = "rocksdb_flushoptions_create")]
    public static partial nint CreateFlushOptions();

    [LibraryImport(Name, EntryPoint = "rocksdb_flush")]
    public static partial void Flush(nint database, nint options, out nint error);

    [LibraryImport(Name, EntryPoint = "rocksdb_compact_range")]
    public static partial void CompactRange(nint database, nint start, nuint startLength, nint end, nuint endLength);

    [LibraryImport(Name, EntryPoint = "rocksdb_cache_create_lru")]
    public static partial nint CreateLruCache(nuint sizeBytes);

    [LibraryImport(Name, EntryPoint = "rocksdb_block_based_options_set_block_cache")]
    public static partial void SetBlockCache(nint options, nint cache);

    [LibraryImport(Name, EntryPoint = "rocksdb_filterpolicy_create_bloom_full")]
    public static partial nint CreateBloomFilter(double bitsPerKey);

    [LibraryImport(Name, EntryPoint = "rocksdb_block_based_options_set_filter_policy")]
    public static partial void SetFilterPolicy(nint options, nint policy);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_get_pinned")]
    public static unsafe partial nint GetPinned(nint database, nint options, byte* key, nuint keyLength, nint* error);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_pinnableslice_value")]
    public static unsafe partial byte* PinnedValue(nint slice, nuint* length);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_pinnableslice_destroy")]
    public static partial void DestroyPinned(nint slice);

    [LibraryImport(Name, EntryPoint = "rocksdb_readoptions_create")]
    public static partial nint CreateReadOptions();

    [LibraryImport(Name, EntryPoint = "rocksdb_create_iterator")]
    public static partial nint CreateIterator(nint database, nint options);

    [LibraryImport(Name, EntryPoint = "rocksdb_iter_seek_to_first")]
    public static partial void SeekToFirst(nint iterator);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_iter_valid")]
    public static partial byte IsValid(nint iterator);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_iter_next")]
    public static partial void Next(nint iterator);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_iter_key")]
    public static unsafe partial byte* Key(nint iterator, out nuint length);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "rocksdb_iter_value")]
    public static unsafe partial byte* Value(nint iterator, out nuint length);

    [LibraryImport(Name, EntryPoint = "rocksdb_iter_destroy")]
    public static partial void DestroyIterator(nint iterator);

    /// <summary>The counters of a database that was opened with statistics, a line each.</summary>
    public static string Statistics(nint options)
    {
        var text = StatisticsText(options);
        var copy = Marshal.PtrToStringUTF8(text)!;
        Free(text);
        return copy;
    }

    /// <summary>A property that is a number.</summary>
    public static long Number(nint database, string name) => Property(database, name, out var value) == 0
        ? (long)value
        : throw new InvalidOperationException($"RocksDB has no property {name}.");

    /// <summary>A property that is a text.</summary>
    public static string Text(nint database, string name)
    {
        var text = PropertyText(database, name);
        if (text == 0)
        {
            throw new InvalidOperationException($"RocksDB has no property {name}.");
        }

        var copy = Marshal.PtrToStringUTF8(text)!;
        Free(text);
        return copy;
    }

    /// <summary>
    /// Waits until no compaction runs. One that is due begins at once, but a database may also call one due that its picker
    /// then does not want; so what counts is that none was seen for a while.
    /// </summary>
    public static void WaitForCompactions(nint database)
    {
        for (var quiet = 0; quiet < QuietPolls; quiet++)
        {
            Thread.Sleep(1);
            if (Number(database, "rocksdb.num-running-compactions") > 0)
            {
                quiet = 0;
            }
        }
    }

    /// <summary>Throws what an <c>errptr</c> says.</summary>
    public static void Check(nint error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"RocksDB: {Marshal.PtrToStringUTF8(error)}");
        }
    }

    private static nint Load()
    {
        foreach (var name in Needed)
        {
            if (FindFile(name) is { } file)
            {
                NativeLibrary.Load(file);
            }
        }

        return NativeLibrary.Load(FindFile("librocksdb")!);
    }

    private static string? FindFile(string name)
    {
        var root = Path.Combine(ServerInstallation.Folder, "rocksdb", "root");
        var folders = (string[])[Path.Combine(root, "usr", "lib"), Path.Combine(root, "lib")];
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, $"{name}.so.*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
    }
}

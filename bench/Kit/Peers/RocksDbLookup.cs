using System.Buffers.Binary;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Kit.Peers;

/// <summary>
/// Single keys in RocksDB after a full compaction: blocks of 16 KiB with LZ4, a Bloom filter of 10 bits a key and a block cache
/// that has room for everything. A value is pinned, not copied.
/// </summary>
internal static class RocksDbLookup
{
    private const int BlockBytes = 16 << 10;
    private const double FilterBits = 10;

    /// <summary>Writes all rows into an empty folder and compacts them to one run.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="folder">The database's folder.</param>
    /// <param name="level0Files">Files of new rows of old keys that are written after that.</param>
    public static void Load(OrderTable orders, string folder, int level0Files)
    {
        Directory.CreateDirectory(folder);
        var database = Open(folder, cacheBytes: 8 << 20);
        var writer = new RocksDbWriter(database);
        var records = new byte[OrderTable.BatchRows * RocksDbPeer.RecordBytes];
        Write(orders.Batches());
        RocksDbLibrary.CompactRange(database, 0, 0, 0, 0);
        RocksDbLibrary.Close(database);
        if (level0Files > 0)
        {
            database = Open(folder, cacheBytes: 8 << 20, compactsByItself: false);
            writer = new RocksDbWriter(database);
            Write(orders.SecondPass(level0Files));
            RocksDbLibrary.Close(database);
        }

        void Write(IEnumerable<ColumnBatch> batches)
        {
            foreach (var columns in batches)
            {
                RocksDbPeer.Encode(columns, records);
                writer.Write(records.AsSpan(0, columns.RowCount * RocksDbPeer.RecordBytes), RocksDbPeer.ValueBytes);
            }
        }
    }

    /// <summary>Gets some keys to fill the cache, then others, which are measured.</summary>
    /// <param name="folder">The database's folder.</param>
    /// <param name="cacheBytes">What the block cache may take.</param>
    /// <param name="warmUp">Keys that come first.</param>
    /// <param name="keys">The keys to measure.</param>
    /// <param name="found">How many of those there are.</param>
    public static Sample Get(string folder, long cacheBytes, IEnumerable<long> warmUp, long[] keys, long found)
    {
        var database = Open(folder, cacheBytes, compactsByItself: false);
        var options = RocksDbLibrary.CreateReadOptions();
        foreach (var key in warmUp)
        {
            Get(database, options, key);
        }

        var count = 0L;
        var meter = new Meter();
        meter.Start();
        foreach (var key in keys)
        {
            count += Get(database, options, key) >= 0 ? 1 : 0;
        }

        meter.Stop();
        RocksDbLibrary.Close(database);
        return count == found
            ? meter.ToSample(keys.Length)
            : throw new InvalidOperationException($"RocksDB found {count} of {found} keys.");
    }

    // The first column of the value, so that its bytes are touched as a caller would; -1 where there is no such key.
    private static unsafe long Get(nint database, nint options, long key)
    {
        var bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(new Span<byte>(bytes, sizeof(long)), key);
        nint error = 0;
        var slice = RocksDbLibrary.GetPinned(database, options, bytes, sizeof(long), &error);
        RocksDbLibrary.Check(error);
        if (slice == 0)
        {
            return -1;
        }

        nuint length;
        var value = RocksDbLibrary.PinnedValue(slice, &length);
        var customer = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(value, (int)length));
        RocksDbLibrary.DestroyPinned(slice);
        return customer;
    }

    private static nint Open(string folder, long cacheBytes, bool compactsByItself = true)
    {
        var options = RocksDbLibrary.CreateOptions();
        RocksDbLibrary.SetDisableAutoCompactions(options, compactsByItself ? 0 : 1);
        RocksDbLibrary.SetMaxSubcompactions(options, (uint)Environment.ProcessorCount);
        RocksDbLibrary.SetCreateIfMissing(options, 1);
        RocksDbLibrary.SetCompression(options, RocksDbLibrary.Lz4Compression);
        RocksDbLibrary.SetCompactionStyle(options, RocksDbLibrary.UniversalCompaction);
        RocksDbLibrary.SetVectorMemtable(options);
        RocksDbLibrary.SetAllowConcurrentMemtableWrite(options, 0);
        RocksDbLibrary.SetMaxBackgroundJobs(options, Environment.ProcessorCount);
        var blocks = RocksDbLibrary.CreateBlockOptions();
        RocksDbLibrary.SetBlockSize(blocks, BlockBytes);
        RocksDbLibrary.SetBlockCache(blocks, RocksDbLibrary.CreateLruCache((nuint)cacheBytes));
        RocksDbLibrary.SetFilterPolicy(blocks, RocksDbLibrary.CreateBloomFilter(FilterBits));
        RocksDbLibrary.SetBlockOptions(options, blocks);
        var database = RocksDbLibrary.Open(options, folder, out var error);
        RocksDbLibrary.Check(error);
        return database;
    }
}

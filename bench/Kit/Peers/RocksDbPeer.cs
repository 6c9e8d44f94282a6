using System.Buffers.Binary;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Kit.Peers;

/// <summary>
/// The same rows in RocksDB: the key's eight bytes in order, and the other columns back to back as the value. No log, vector
/// memtable, a flush (which is durable) for each batch, LZ4, universal compaction in the background by the library's default
/// triggers. Making keys and values out of columns is not part of its time.
/// </summary>
internal static class RocksDbPeer
{
    /// <summary>The bytes of a value.</summary>
    public const int ValueBytes = 8 + 4 + 8 + 8 + 40;

    /// <summary>The bytes of a key and its value.</summary>
    public const int RecordBytes = sizeof(long) + ValueBytes;

    private const int ManyFiles = 1 << 20;
    private const int BlockBytes = 16 << 10;

    /// <summary>Writes all rows of the table into an empty folder.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="folder">The database's folder.</param>
    /// <param name="compact">True to compact all in the end; not part of the time.</param>
    public static Sample Upsert(OrderTable orders, string folder, bool compact)
    {
        Directory.CreateDirectory(folder);
        var database = Open(folder);
        var meter = new Meter();
        Write(database, orders.Batches(), meter);
        if (compact)
        {
            RocksDbLibrary.CompactRange(database, 0, 0, 0, 0);
        }

        RocksDbLibrary.Close(database);
        return meter.ToSample(orders.RowCount);
    }

    /// <summary>Goes through all rows by an iterator, twice; the second time is measured.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="folder">The database's folder.</param>
    public static Sample Scan(OrderTable orders, string folder)
    {
        var database = Open(folder);
        Iterate(database, orders);
        var meter = new Meter();
        meter.Start();
        Iterate(database, orders);
        meter.Stop();
        RocksDbLibrary.Close(database);
        return meter.ToSample(orders.RowCount);
    }

    /// <summary>Writes all rows of the table some times over, without a compaction.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="folder">The database's folder.</param>
    /// <param name="passes">How many times each key comes.</param>
    public static void Load(OrderTable orders, string folder, int passes)
    {
        Directory.CreateDirectory(folder);
        var database = Open(folder, compactsByItself: false);
        Write(database, orders.Batches(passes), new Meter());
        RocksDbLibrary.Close(database);
    }

    /// <summary>Compacts all of what <see cref="Load"/> wrote to one run.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="folder">The database's folder.</param>
    /// <param name="passes">How many times each key came.</param>
    public static Sample Compact(OrderTable orders, string folder, int passes)
    {
        var database = Open(folder, compactsByItself: false);
        var meter = new Meter();
        meter.Start();
        RocksDbLibrary.CompactRange(database, 0, 0, 0, 0);
        meter.Stop();
        var sample = meter.ToSample(orders.RowCount * passes);
        Iterate(database, orders);
        RocksDbLibrary.Close(database);
        return sample with { SpaceBytes = Directory.EnumerateFiles(folder, "*.sst").Sum(file => new FileInfo(file).Length) };
    }

    /// <summary>Opens a database in the manner of all workloads.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="compactsByItself">False to compact only when asked to.</param>
    /// <param name="options">Its options, which statistics are asked of.</param>
    /// <param name="countsBytes">True to keep statistics.</param>
    public static nint Open(string folder, bool compactsByItself, out nint options, bool countsBytes = false)
    {
        options = RocksDbLibrary.CreateOptions();
        if (countsBytes)
        {
            RocksDbLibrary.EnableStatistics(options);
        }

        if (!compactsByItself)
        {
            RocksDbLibrary.SetDisableAutoCompactions(options, 1);
            RocksDbLibrary.SetLevel0SlowdownTrigger(options, ManyFiles);
            RocksDbLibrary.SetLevel0StopTrigger(options, ManyFiles);
        }

        RocksDbLibrary.SetMaxSubcompactions(options, (uint)Environment.ProcessorCount);
        RocksDbLibrary.SetCreateIfMissing(options, 1);
        RocksDbLibrary.SetCompression(options, RocksDbLibrary.Lz4Compression);
        RocksDbLibrary.SetCompactionStyle(options, RocksDbLibrary.UniversalCompaction);
        RocksDbLibrary.SetVectorMemtable(options);
        RocksDbLibrary.SetAllowConcurrentMemtableWrite(options, 0);
        RocksDbLibrary.SetMaxBackgroundJobs(options, Environment.ProcessorCount);
        var blocks = RocksDbLibrary.CreateBlockOptions();
        RocksDbLibrary.SetBlockSize(blocks, BlockBytes);
        RocksDbLibrary.SetBlockOptions(options, blocks);
        var database = RocksDbLibrary.Open(options, folder, out var error);
        RocksDbLibrary.Check(error);
        return database;
    }

    private static nint Open(string folder, bool compactsByItself = true) => Open(folder, compactsByItself, out _);

    private static void Write(nint database, IEnumerable<ColumnBatch> batches, Meter meter)
    {
        var writer = new RocksDbWriter(database);
        var records = new byte[OrderTable.BatchRows * RecordBytes];
        foreach (var columns in batches)
        {
            Encode(columns, records);
            meter.Start();
            writer.Write(records.AsSpan(0, columns.RowCount * RecordBytes), ValueBytes);
            meter.Stop();
        }
    }

    /// <summary>Makes keys and values out of columns.</summary>
    /// <param name="columns">The rows.</param>
    /// <param name="records">Room for <see cref="RecordBytes"/> a row.</param>
    public static void Encode(ColumnBatch columns, Span<byte> records)
    {
        var id = ((FixedVector<long>)columns.Columns[0]).Values;
        var customer = ((FixedVector<long>)columns.Columns[1]).Values;
        var quantity = ((FixedVector<int>)columns.Columns[2]).Values;
        var price = ((FixedVector<double>)columns.Columns[3]).Values;
        var total = ((FixedVector<long>)columns.Columns[4]).Values;
        var note = (BinaryVector)columns.Columns[5];
        for (var row = 0; row < columns.RowCount; row++)
        {
            var record = records.Slice(row * RecordBytes, RecordBytes);
            BinaryPrimitives.WriteInt64BigEndian(record, id[row]);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], customer[row]);
            BinaryPrimitives.WriteInt32LittleEndian(record[16..], quantity[row]);
            BinaryPrimitives.WriteDoubleLittleEndian(record[20..], price[row]);
            BinaryPrimitives.WriteInt64LittleEndian(record[28..], total[row]);
            note[row].CopyTo(record[36..]);
        }
    }

    private static unsafe void Iterate(nint database, OrderTable orders)
    {
        var (rows, sum, bytes) = (0L, 0L, 0L);
        var iterator = RocksDbLibrary.CreateIterator(database, RocksDbLibrary.CreateReadOptions());
        for (RocksDbLibrary.SeekToFirst(iterator); RocksDbLibrary.IsValid(iterator) != 0; RocksDbLibrary.Next(iterator))
        {
            var key = RocksDbLibrary.Key(iterator, out var keyLength);
            RocksDbLibrary.Value(iterator, out var valueLength);
            sum += BinaryPrimitives.ReadInt64BigEndian(new ReadOnlySpan<byte>(key, (int)keyLength));
            bytes += (long)valueLength - ValueBytes + OrderTable.NoteBytes;
            rows++;
        }

        RocksDbLibrary.DestroyIterator(iterator);
        orders.Check("RocksDB", rows, sum, bytes);
    }
}

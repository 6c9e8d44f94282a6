namespace PaimonSharp.Bench.Kit.Peers;

/// <summary>Writes records of eight bytes of key and values of one width: a batch and a durable flush at a time, no log.</summary>
internal sealed class RocksDbWriter
{
    private readonly nint _database;
    private readonly nint _writeOptions = RocksDbLibrary.CreateWriteOptions();
    private readonly nint _flushOptions = RocksDbLibrary.CreateFlushOptions();
    private readonly nint _batch = RocksDbLibrary.CreateBatch();

    /// <summary>Writes nothing yet.</summary>
    /// <param name="database">An open database.</param>
    public RocksDbWriter(nint database)
    {
        _database = database;
        RocksDbLibrary.DisableWal(_writeOptions, 1);
    }

    /// <summary>Writes records that lie back to back.</summary>
    /// <param name="records">Keys and values.</param>
    /// <param name="valueBytes">Bytes of a value.</param>
    public unsafe void Write(ReadOnlySpan<byte> records, int valueBytes)
    {
        fixed (byte* start = records)
        {
            for (var at = 0; at < records.Length; at += sizeof(long) + valueBytes)
            {
                RocksDbLibrary.Put(_batch, start + at, sizeof(long), start + at + sizeof(long), (nuint)valueBytes);
            }
        }

        RocksDbLibrary.Write(_database, _writeOptions, _batch, out var error);
        RocksDbLibrary.Check(error);
        RocksDbLibrary.Flush(_database, _flushOptions, out error);
        RocksDbLibrary.Check(error);
        RocksDbLibrary.ClearBatch(_batch);
    }
}

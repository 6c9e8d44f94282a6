namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// Decides which blocks of all open lookup files stay in memory. The blocks are in slots of their files, so that a hit takes no
/// lock and no search; what goes over the limit leaves by a second-chance queue. Safe for several threads.
/// </summary>
/// <param name="maxBytes">What blocks may take together with what <see cref="AddFixed"/> counts.</param>
internal sealed class LookupBlockCache(long maxBytes)
{
    // Guards the queue, the bytes, and every change of the slots of files.
    private readonly Lock _lock = new();
    private Queue<(LookupFile File, int Block)> _queue = new();
    private long _blockBytes;
    private long _fixedBytes;

    /// <summary>The bytes of the blocks in memory.</summary>
    public long BlockBytes
    {
        get
        {
            lock (_lock)
            {
                return _blockBytes;
            }
        }
    }

    /// <summary>The bytes of indexes and filters of open files.</summary>
    public long FixedBytes
    {
        get
        {
            lock (_lock)
            {
                return _fixedBytes;
            }
        }
    }

    /// <summary>What blocks, indexes and filters may take.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>Counts bytes that stay as long as a file is open.</summary>
    /// <param name="bytes">How many more.</param>
    public void AddFixed(long bytes)
    {
        lock (_lock)
        {
            _fixedBytes += bytes;
            Shrink();
        }
    }

    /// <summary>Keeps a block that was read, unless its file is retired.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="index">Its number.</param>
    /// <param name="block">The block.</param>
    public void Add(LookupFile file, int index, byte[] block)
    {
        lock (_lock)
        {
            if (file.IsRetired || file.Slots[index] is not null)
            {
                return;
            }

            Volatile.Write(ref file.Slots[index], block);
            _queue.Enqueue((file, index));
            _blockBytes += block.Length;
            Shrink();
        }
    }

    /// <summary>Lets the blocks of a file go, and takes none of it any more.</summary>
    /// <param name="file">The file.</param>
    public void Retire(LookupFile file)
    {
        lock (_lock)
        {
            if (file.IsRetired)
            {
                return;
            }

            file.IsRetired = true;
            _fixedBytes -= file.FixedBytes;
            var rest = new Queue<(LookupFile File, int Block)>(_queue.Count);
            foreach (var entry in _queue)
            {
                if (entry.File != file)
                {
                    rest.Enqueue(entry);
                    continue;
                }

                _blockBytes -= file.Slots[entry.Block]!.Length;
                Volatile.Write(ref file.Slots[entry.Block], null);
            }

            _queue = rest;
        }
    }

    private void Shrink()
    {
        while (_blockBytes + _fixedBytes > maxBytes && _queue.TryDequeue(out var entry))
        {
            var block = entry.File.Slots[entry.Block]!;
            if (entry.File.UsedBlocks[entry.Block])
            {
                entry.File.UsedBlocks[entry.Block] = false;
                _queue.Enqueue(entry);
                continue;
            }

            _blockBytes -= block.Length;
            Volatile.Write(ref entry.File.Slots[entry.Block], null);
        }
    }
}

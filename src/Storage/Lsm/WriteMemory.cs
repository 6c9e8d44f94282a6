using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The buffers that the buckets of one writer hand on to one another: a bucket that was flushed gives its pages back, and
/// the next one fills them. What is kept unused is bounded. Safe for several threads.
/// </summary>
/// <param name="context">Schema and options.</param>
internal sealed class WriteMemory(KeyValueWriteContext context)
{
    // Guards the stacks and the bytes of the free pages.
    private readonly Lock _lock = new();
    private readonly Stack<ColumnBatch> _pages = [];
    private readonly Stack<FlushSpace> _spaces = [];
    private long _freeBytes;

    /// <summary>An empty page of rows.</summary>
    public ColumnBatch RentPage()
    {
        lock (_lock)
        {
            if (_pages.TryPop(out var page))
            {
                _freeBytes -= page.CapacityBytes;
                return page;
            }
        }

        return new ColumnBatch(context.Schema.RowType, withKinds: true);
    }

    /// <summary>Gives a page back, cleared.</summary>
    public void ReturnPage(ColumnBatch page)
    {
        page.Clear();
        lock (_lock)
        {
            var bytes = page.CapacityBytes;
            if (_freeBytes + bytes <= context.Memory.WriteBufferBytes)
            {
                _freeBytes += bytes;
                _pages.Push(page);
            }
        }
    }

    /// <summary>Room for a flush or a compaction.</summary>
    public FlushSpace RentSpace()
    {
        lock (_lock)
        {
            if (_spaces.TryPop(out var space))
            {
                return space;
            }
        }

        return new FlushSpace(context);
    }

    /// <summary>Gives room back, cleared.</summary>
    public void ReturnSpace(FlushSpace space)
    {
        space.Clear();
        lock (_lock)
        {
            if (_spaces.Count < context.Memory.ParallelTasks)
            {
                _spaces.Push(space);
            }
        }
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// An open lookup file: index and filter in memory, blocks as the cache has room. What it says never changes; it may be retired
/// at any time, after which its blocks in memory are gone and no more are read. Safe for several threads.
/// </summary>
internal sealed class LookupFile
{
    private readonly IInputFile _input;
    private readonly LookupBlockCache _cache;
    private readonly CompressionCodec _codec;
    private readonly LookupFileFooter _footer;
    private readonly byte[] _index;
    private readonly LookupIndexEntry[] _entries;
    private readonly KeyFilter? _filter;
    private readonly ulong _firstPrefix;
    private readonly ulong _lastPrefix;

    // Guards the number of reads under way and whether the file may be closed.
    private readonly Lock _lock = new();
    private int _reads;
    private bool _isClosing;

    private LookupFile(
        IInputFile input, LookupBlockCache cache, CompressionCodec codec, LookupFileFooter footer, byte[] index, KeyFilter? filter)
    {
        _input = input;
        _cache = cache;
        _codec = codec;
        _footer = footer;
        _index = index;
        _filter = filter;
        var keyBytes = PackedKeys.Check(index, footer.BlockCount, footer.IsExact);
        if (footer.BlockCount > 0)
        {
            var keys = new PackedKeys(index, footer.BlockCount, footer.IsExact);
            (_firstPrefix, _lastPrefix) = (keys.Prefix(0), keys.Prefix(footer.BlockCount - 1));
        }

        _entries = LookupIndexEntry.ParseAll(index.AsSpan(keyBytes), footer, input.SizeBytes);
        Slots = new byte[]?[_entries.Length];
        UsedBlocks = new bool[_entries.Length];
        FixedBytes = index.Length + ((long)_entries.Length * (Unsafe.SizeOf<LookupIndexEntry>() + IntPtr.Size + sizeof(bool)))
            + (filter?.Bytes.Length ?? 0);
    }

    /// <summary>The file's path.</summary>
    public string Path => _input.Path;

    /// <summary>The bytes on disk.</summary>
    public long SizeBytes => _input.SizeBytes;

    /// <summary>The bytes in memory beside the blocks.</summary>
    public long FixedBytes { get; }

    /// <summary>The rows.</summary>
    public long RowCount => _footer.RowCount;

    /// <summary>Whether rows have kinds, sequence numbers and values.</summary>
    public bool HasRows => _footer.HasRows;

    /// <summary>The blocks in memory; only the cache changes them.</summary>
    public byte[]?[] Slots { get; }

    /// <summary>The blocks that have been used since the cache looked last; a lost update does no harm.</summary>
    public bool[] UsedBlocks { get; }

    /// <summary>True when no block of it is read any more; only the cache changes it.</summary>
    public bool IsRetired { get; set; }

    /// <summary>True when it was asked since this was set to false; a lost update does no harm.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Opens a file.</summary>
    /// <param name="input">The file, taken over.</param>
    /// <param name="cache">Keeps its blocks.</param>
    /// <param name="codec">What its blocks are compressed with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CorruptDataException">It is no whole lookup file.</exception>
    public static async ValueTask<LookupFile> OpenAsync(
        IInputFile input, LookupBlockCache cache, CompressionCodec codec, CancellationToken cancellationToken)
    {
        try
        {
            var header = new byte[LookupFileFooter.HeaderBytes];
            var tail = new byte[LookupFileFooter.FooterBytes];
            if (input.SizeBytes < header.Length + tail.Length)
            {
                CorruptDataException.Throw($"A lookup file has {header.Length + tail.Length} bytes at least; this one {input.SizeBytes}.");
            }

            await input.ReadAsync(0, header, cancellationToken).ConfigureAwait(false);
            await input.ReadAsync(input.SizeBytes - tail.Length, tail, cancellationToken).ConfigureAwait(false);
            var footer = LookupFileFooter.Parse(header, tail, input.SizeBytes);
            var index = await ReadSectionAsync(input, footer.Index, cancellationToken).ConfigureAwait(false);
            var filter = footer.Filter.SizeBytes == 0
                ? null
                : KeyFilter.Open(await ReadSectionAsync(input, footer.Filter, cancellationToken).ConfigureAwait(false));
            var file = new LookupFile(input, cache, codec, footer, index, filter);
            cache.AddFixed(file.FixedBytes);
            return file;
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            await input.DisposeAsync().ConfigureAwait(false);
            throw e.InFile(input.Path);
        }
        catch
        {
            await input.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The block that has a key if the file has it.</summary>
    /// <param name="keys">Keys of the encoder that the file was written with.</param>
    /// <param name="index">The key looked for.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    /// <param name="share">Where in the block it may be: 0 at the first row to 1 at the last.</param>
    /// <returns>The block's number; -1 when the file does not have the key.</returns>
    public int BlockOf(EncodedKeys keys, int index, ulong hash, out double share)
    {
        share = 0;
        if (!IsUsed)
        {
            IsUsed = true;
        }

        if (_filter is not null && !_filter.MayContain(hash))
        {
            return -1;
        }

        var prefix = keys.Prefixes[index];
        var packed = new PackedKeys(_index, _entries.Length, _footer.IsExact);
        var block = packed.LowerBound(keys, index, (int)(PackedKeys.Share(prefix, _firstPrefix, _lastPrefix) * (_entries.Length - 1)));
        if (block == _entries.Length)
        {
            return -1;
        }

        share = PackedKeys.Share(prefix, block == 0 ? 0 : packed.Prefix(block - 1), packed.Prefix(block));
        return block;
    }

    /// <summary>The rows of the file before a block.</summary>
    /// <param name="index">The block's number.</param>
    public long FirstRowOf(int index) => _entries[index].FirstRow;

    /// <summary>A block, the default where it is not in memory.</summary>
    /// <param name="index">The block's number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LookupBlock Cached(int index)
    {
        var block = Volatile.Read(ref Slots[index]);
        if (block is null)
        {
            return default;
        }

        if (!UsedBlocks[index])
        {
            UsedBlocks[index] = true;
        }

        return new LookupBlock(block);
    }

    /// <summary>Reads a block, unless the file is retired.</summary>
    /// <param name="index">The block's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The default when the file is retired: it is to be asked for again.</returns>
    /// <exception cref="CorruptDataException">The block is damaged.</exception>
    public async ValueTask<LookupBlock> ReadAsync(int index, CancellationToken cancellationToken)
    {
        var cached = Cached(index);
        if (cached.IsPresent || !TryBeginRead())
        {
            return cached;
        }

        try
        {
            var block = await ReadBlockAsync(_entries[index], cancellationToken).ConfigureAwait(false);
            var end = index + 1 < _entries.Length ? _entries[index + 1].FirstRow : _footer.RowCount;
            LookupBlock.Check(block, end - FirstRowOf(index), _footer.IsExact, _footer.HasRows);
            _cache.Add(this, index, block);
            return new LookupBlock(block);
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(Path);
        }
        finally
        {
            await EndReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets the file go: it is closed when the last read has ended. Nothing happens the second time.</summary>
    public async ValueTask RetireAsync()
    {
        _cache.Retire(this);
        bool isLast;
        lock (_lock)
        {
            isLast = !_isClosing && _reads == 0;
            _isClosing = true;
        }

        if (isLast)
        {
            await _input.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<byte[]> ReadSectionAsync(
        IInputFile input, LookupSection section, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(section.SizeBytes);
        await input.ReadAsync(section.Offset, bytes, cancellationToken).ConfigureAwait(false);
        section.Verify(bytes);
        return bytes;
    }

    private async ValueTask<byte[]> ReadBlockAsync(LookupIndexEntry entry, CancellationToken cancellationToken)
    {
        var stored = entry.Stored;
        if (entry.RawBytes == stored.SizeBytes)
        {
            return await ReadSectionAsync(_input, stored, cancellationToken).ConfigureAwait(false);
        }

        var rented = ArrayPool<byte>.Shared.Rent(stored.SizeBytes);
        try
        {
            var bytes = rented.AsMemory(0, stored.SizeBytes);
            await _input.ReadAsync(stored.Offset, bytes, cancellationToken).ConfigureAwait(false);
            stored.Verify(bytes.Span);
            var raw = GC.AllocateUninitializedArray<byte>(entry.RawBytes);
            _codec.Decompress(bytes.Span, raw);
            return raw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryBeginRead()
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                return false;
            }

            _reads++;
            return true;
        }
    }

    private async ValueTask EndReadAsync()
    {
        bool isLast;
        lock (_lock)
        {
            isLast = --_reads == 0 && _isClosing;
        }

        if (isLast)
        {
            await _input.DisposeAsync().ConfigureAwait(false);
        }
    }
}

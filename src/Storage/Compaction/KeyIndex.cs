using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// The places of all keys of a table: in memory as far as a limit allows, then in local sorted files with filters
/// (docs/format.md#lookup-files), the newest of which counts. Beside the limit a file keeps its filter and the last key of each of
/// its blocks in memory, 1 to 2 bytes for a key. Nothing of it outlives the process. One thread.
/// </summary>
internal sealed class KeyIndex : IAsyncDisposable
{
    private const int ChunkRows = 4096;

    private static readonly RowType NoColumns = new([]);

    private readonly StorageEnvironment _environment;
    private readonly LookupOptions _options;
    private readonly KeyEncoder _encoder;
    private readonly KeyPlaceTable _table;
    private readonly LookupBlockCache _cache;
    private readonly List<LookupFile> _files = [];
    private readonly long _limitBytes;
    private ScratchFolder? _folder;
    private ulong[] _hashes = [];

    /// <summary>Makes an empty index.</summary>
    /// <param name="environment">Local files.</param>
    /// <param name="options">Where they are and how they are written.</param>
    /// <param name="encoder">The encoder of the keys.</param>
    /// <param name="limitBytes">What keys and blocks may take in memory, beside the keys of one batch.</param>
    public KeyIndex(StorageEnvironment environment, LookupOptions options, KeyEncoder encoder, long limitBytes)
    {
        _environment = environment;
        _options = options;
        _encoder = encoder;
        _limitBytes = limitBytes;
        _table = new KeyPlaceTable(encoder);
        _cache = new LookupBlockCache(limitBytes / 4);
    }

    /// <summary>The memory in use.</summary>
    public long SizeBytes => _table.SizeBytes + _cache.BlockBytes;

    /// <summary>The local files.</summary>
    public int FileCount => _files.Count;

    /// <summary>Brings what is known of keys into memory.</summary>
    /// <param name="keys">The keys; the next calls speak of them by their numbers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask OpenAsync(EncodedKeys keys, CancellationToken cancellationToken)
    {
        if (_table.SizeBytes > _limitBytes - (_limitBytes / 4))
        {
            await SpillAsync(cancellationToken).ConfigureAwait(false);
        }

        Hash(keys);
        if (_files.Count == 0)
        {
            return;
        }

        for (var key = 0; key < keys.Count; key++)
        {
            if (_table.Find(keys, key, _hashes[key]) < 0
                && await ReadAsync(keys, key, cancellationToken).ConfigureAwait(false) is { } place)
            {
                _table.Add(keys, key, _hashes[key], place, isOnDisk: true);
            }
        }
    }

    /// <summary>The place of a key that was opened.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="key">The key.</param>
    /// <param name="place">Its place.</param>
    /// <returns>The number to move it by; -1 for a key that is not there.</returns>
    public int Find(EncodedKeys keys, int key, out KeyPlace place)
    {
        var entry = _table.Find(keys, key, _hashes[key]);
        place = entry < 0 ? default : _table.PlaceOf(entry);
        return entry;
    }

    /// <summary>Adds a key that was opened and is not there.</summary>
    public void Add(EncodedKeys keys, int key, KeyPlace place) => _table.Add(keys, key, _hashes[key], place);

    /// <summary>Gives a key that is there another place.</summary>
    /// <param name="entry">The number that <see cref="Find"/> gave.</param>
    /// <param name="place">The new place.</param>
    public void Move(int entry, KeyPlace place) => _table.Move(entry, place);

    /// <summary>Removes the local files.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files)
        {
            await file.RetireAsync().ConfigureAwait(false);
        }

        _files.Clear();
        if (_folder is not null)
        {
            await _folder.DisposeAsync().ConfigureAwait(false);
            _folder = null;
        }
    }

    private void Hash(EncodedKeys keys)
    {
        if (_hashes.Length < keys.Count)
        {
            _hashes = new ulong[keys.Count];
        }

        for (var key = 0; key < keys.Count; key++)
        {
            _hashes[key] = KeyHash.Of(keys, key);
        }
    }

    private async ValueTask<KeyPlace?> ReadAsync(EncodedKeys keys, int key, CancellationToken cancellationToken)
    {
        for (var i = _files.Count - 1; i >= 0; i--)
        {
            var file = _files[i];
            var number = file.BlockOf(keys, key, _hashes[key], out var share);
            if (number < 0)
            {
                continue;
            }

            var block = await file.ReadAsync(number, cancellationToken).ConfigureAwait(false);
            if (block.Find(keys, key, share) is >= 0 and var row)
            {
                return KeyPlace.Unpack(block.SequenceOf(row));
            }
        }

        return null;
    }

    private async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        if (_table.NewCount > 0)
        {
            _folder ??= await ScratchFolder.TakeAsync(_environment, _options.Directory, cancellationToken).ConfigureAwait(false);
            var path = $"{_folder.Path}/{_files.Count}.keys";
            var files = _environment.ScratchFiles;
            var output = await files.CreateAsync(path, cancellationToken).ConfigureAwait(false);
            await using (output.ConfigureAwait(false))
            {
                await WriteAsync(output, cancellationToken).ConfigureAwait(false);
            }

            var input = await files.OpenAsync(path, cancellationToken).ConfigureAwait(false);
            _files.Add(await LookupFile.OpenAsync(input, _cache, _options.Codec, cancellationToken).ConfigureAwait(false));
        }

        _table.Clear();
    }

    private async ValueTask WriteAsync(IOutputFile output, CancellationToken cancellationToken)
    {
        var writer = new LookupFileWriter(output, _options, _encoder, NoColumns, _table.NewCount);
        var order = new int[_table.Keys.Count];
        KeySorter.Sort(_table.Keys, order);
        var chunk = new Chunk(_encoder);
        foreach (var entry in order)
        {
            if (!_table.IsNew(entry))
            {
                continue;
            }

            chunk.Keys.Add(_table.Keys, entry);
            chunk.Places.Append(_table.PlaceOf(entry).Pack());
            chunk.Kinds.Append(RowKind.Insert);
            if (chunk.Keys.Count == ChunkRows)
            {
                await chunk.WriteAsync(writer, cancellationToken).ConfigureAwait(false);
            }
        }

        await chunk.WriteAsync(writer, cancellationToken).ConfigureAwait(false);
        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed class Chunk(KeyEncoder encoder)
    {
        public EncodedKeys Keys { get; } = encoder.CreateKeys();

        public FixedVector<long> Places { get; } = new(DataTypes.BigInt.NotNull());

        public FixedVector<RowKind> Kinds { get; } = new(DataTypes.TinyInt.NotNull());

        public async ValueTask WriteAsync(LookupFileWriter writer, CancellationToken cancellationToken)
        {
            await writer.AddAsync(Keys, [], Places, Kinds, cancellationToken).ConfigureAwait(false);
            Keys.Clear();
            Places.Clear();
            Kinds.Clear();
        }
    }
}

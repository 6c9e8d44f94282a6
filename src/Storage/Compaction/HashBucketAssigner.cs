using PaimonSharp.Data.Hashing;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Assigns the rows of a table with dynamic buckets: a key goes to the bucket that it is in, a new one to the first bucket that
/// is not full (docs/format.md#hash-index). Partitions are loaded when rows of them come first and forgotten when their last
/// rows are committed and a commit had none. Only one writer at a time may write a partition. One thread.
/// </summary>
internal sealed class HashBucketAssigner
{
    private readonly FileStore _store;
    private readonly DynamicBucketOptions _options;
    private readonly bool _isOverwrite;
    private readonly IndexFileNames _names;
    private readonly Dictionary<BinaryRowBytes, Entry> _partitions = [];
    private readonly List<string> _written = [];
    private ILookup<BinaryRowBytes, IndexManifestEntry>? _index;
    private string? _indexManifest;
    private long _committed;

    /// <summary>Makes an assigner that knows no key.</summary>
    /// <param name="store">The table.</param>
    /// <param name="options">Limits.</param>
    /// <param name="isOverwrite">True when the table's rows are replaced, so that their keys are of no interest.</param>
    public HashBucketAssigner(FileStore store, DynamicBucketOptions options, bool isOverwrite)
    {
        _store = store;
        _options = options;
        _isOverwrite = isOverwrite;
        _names = new IndexFileNames(store.Environment.Ids);
    }

    /// <summary>The partitions that are kept in memory.</summary>
    public int PartitionCount => _partitions.Count;

    /// <summary>Loads the partitions of rows that are to be assigned.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.CorruptDataException">An index file is damaged.</exception>
    public async ValueTask OpenAsync(IReadOnlyList<BinaryRowBytes> partitions, CancellationToken cancellationToken)
    {
        for (var i = 0; i < partitions.Count; i++)
        {
            if (!_partitions.ContainsKey(partitions[i]))
            {
                var partition = partitions[i];
                _partitions.Add(
                    partition,
                    _isOverwrite
                        ? NewEntry(partition)
                        : await OnNewestAsync(snapshot => LoadAsync(snapshot, partition, cancellationToken), cancellationToken)
                            .ConfigureAwait(false));
            }
        }
    }

    /// <summary>Assigns rows; their partitions must have been opened.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="partitionOf">The number of each row's partition among them; a row with a negative one is passed over.</param>
    /// <param name="hashes">The hashes of the rows' keys; replaced by their buckets.</param>
    public void Assign(IReadOnlyList<BinaryRowBytes> partitions, ReadOnlySpan<int> partitionOf, Span<int> hashes)
    {
        var last = -1;
        Entry? entry = null;
        for (var row = 0; row < hashes.Length; row++)
        {
            var partition = partitionOf[row];
            if (partition < 0)
            {
                continue;
            }

            if (partition != last)
            {
                entry = _partitions[partitions[partition]];
                entry.IsUsed = true;
                last = partition;
            }

            hashes[row] = entry!.Buckets.Assign(hashes[row], AssignerOf(entry.Hash, hashes[row]));
        }
    }

    /// <summary>Writes the index files of the buckets that have new keys, and forgets partitions without rows.</summary>
    /// <param name="number">The number of the commit that is prepared, increasing.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The files, for the commit that has the rows; they are the caller's to remove if it does not happen.</returns>
    /// <exception cref="CommitConflictException">Another writer brought keys to a partition that has rows in the commit.</exception>
    public async ValueTask<IReadOnlyList<HashIndexChange>> PrepareCommitAsync(long number, CancellationToken cancellationToken)
    {
        var changes = new List<HashIndexChange>();
        if (_partitions.Count == 0)
        {
            return changes;
        }

        if (!_isOverwrite)
        {
            Compare(await IndexAsync(cancellationToken).ConfigureAwait(false));
        }

        foreach (var (partition, entry) in _partitions.ToList())
        {
            foreach (var (bucket, hashes) in entry.Buckets.TakeChanged())
            {
                var file = await WriteAsync(partition, bucket, hashes, cancellationToken).ConfigureAwait(false);
                changes.Add(new HashIndexChange(file, entry.Files.GetValueOrDefault(bucket)?.File, entry.Names));
                entry.SetFile(bucket, file, number);
            }

            if (entry.IsUsed)
            {
                entry.LastUse = number;
                entry.IsUsed = false;
            }
            else if (entry.LastUse <= _committed)
            {
                _partitions.Remove(partition);
            }
        }

        _written.Clear();
        return changes;
    }

    /// <summary>
    /// Writes other index files for a commit that was refused for those it had: the table has no longer those that it went on from, as
    /// somebody removed partitions with their rows. Every bucket of these gets an index of all keys that are known: more are known
    /// than needed does no harm.
    /// </summary>
    /// <param name="messages">The commit's messages.</param>
    /// <param name="number">The commit's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The messages with the new files; the files that they replace are removed.</returns>
    /// <exception cref="CommitConflictException">Another writer brought keys to one of the partitions.</exception>
    public async ValueTask<IReadOnlyList<CommitMessage>> RenewAsync(
        IReadOnlyList<CommitMessage> messages, long number, CancellationToken cancellationToken)
    {
        var index = await IndexAsync(cancellationToken).ConfigureAwait(false);
        var renewed = messages.ToDictionary(message => (message.Partition, message.Bucket));
        foreach (var partition in messages.Where(message => message.HasAppend).Select(message => message.Partition).ToHashSet())
        {
            var entry = _partitions[partition];
            var files = index[partition].ToDictionary(file => file.Bucket);
            if (files.Values.FirstOrDefault(file => !entry.Names.Contains(file.FileName)) is { } foreign)
            {
                throw IndexChanges.ForeignKeys(foreign.Bucket, foreign.FileName);
            }

            foreach (var bucket in entry.Buckets.Buckets)
            {
                var message = renewed.GetValueOrDefault((partition, bucket))
                    ?? new CommitMessage(partition, bucket, BucketModes.DynamicBucket);
                var old = files.GetValueOrDefault(bucket);
                if (old is null || message.NewIndexFiles.Count > 0)
                {
                    var file = await WriteAsync(partition, bucket, entry.Buckets.HashesOf(bucket), cancellationToken)
                        .ConfigureAwait(false);
                    entry.SetFile(bucket, file, number);
                    renewed[(partition, bucket)] = message with
                    {
                        NewIndexFiles = [file],
                        DeletedIndexFiles = old is null ? [] : [old],
                        KnownIndexFiles = entry.Names,
                    };
                }
            }
        }

        _written.Clear();
        foreach (var file in messages.SelectMany(message => message.NewIndexFiles))
        {
            await _store.Environment.FileIO.TryDeleteAsync(_store.IndexPath(file)).ConfigureAwait(false);
        }

        return [.. renewed.Values];
    }

    /// <summary>A commit was made.</summary>
    /// <param name="number">What it was prepared under.</param>
    public void EndCommit(long number) => _committed = Math.Max(_committed, number);

    /// <summary>Partitions have lost their rows and index files: what is known of their keys is wrong.</summary>
    /// <param name="partitions">The partitions; those with rows that are not committed yet are kept.</param>
    public void Forget(IReadOnlyList<BinaryRowBytes> partitions)
    {
        foreach (var partition in partitions)
        {
            if (_partitions.TryGetValue(partition, out var entry) && !entry.IsUsed && entry.LastUse <= _committed)
            {
                _partitions.Remove(partition);
            }
        }
    }

    /// <summary>Removes files that were written for a commit that was not prepared to the end.</summary>
    public async ValueTask AbortAsync()
    {
        foreach (var path in _written)
        {
            await _store.Environment.FileIO.TryDeleteAsync(path).ConfigureAwait(false);
        }

        _written.Clear();
    }

    private int AssignerOf(int partitionHash, int keyHash)
    {
        var count = _options.Assigners;
        return count == 1 ? 0 : (Math.Abs(partitionHash % count) + Math.Abs(keyHash % count)) % count;
    }

    // Rows of a partition may have been removed by somebody else, with its index: then all keys known here are written again, as
    // more are known than needed does no harm. Keys that somebody else added are not known here, and could be in two buckets.
    private void Compare(ILookup<BinaryRowBytes, IndexManifestEntry> index)
    {
        foreach (var (partition, entry) in _partitions)
        {
            if (!entry.IsUsed)
            {
                continue;
            }

            var names = index[partition].ToDictionary(file => file.Bucket);
            foreach (var (bucket, known) in entry.Files.ToList())
            {
                if (known.Number <= _committed && !names.ContainsKey(bucket))
                {
                    entry.Files.Remove(bucket);
                    entry.Buckets.MarkChanged(bucket);
                }
            }

            foreach (var file in names.Values)
            {
                if (!entry.Files.TryGetValue(file.Bucket, out var known)
                    || (known.Number <= _committed && known.File.FileName != file.FileName))
                {
                    throw IndexChanges.ForeignKeys(file.Bucket, file.FileName);
                }
            }
        }
    }

    private Entry NewEntry(BinaryRowBytes partition) => new(new PartitionBuckets(_options), Murmur.HashWords(partition.Row));

    /// <summary>Reads something of the newest snapshot; where that expires meanwhile, of the newest one then.</summary>
    private async ValueTask<T> OnNewestAsync<T>(Func<Snapshot?, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            var snapshot = await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await read(snapshot).ConfigureAwait(false);
            }
            catch (FileMissingException)
            {
                // The newest snapshot never expires: there is a newer one, or the table is damaged.
                if (await _store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) == snapshot?.Id)
                {
                    throw;
                }
            }
        }
    }

    private async ValueTask<Entry> LoadAsync(Snapshot? snapshot, BinaryRowBytes partition, CancellationToken cancellationToken)
    {
        var entry = NewEntry(partition);
        var index = await IndexAsync(snapshot, cancellationToken).ConfigureAwait(false);
        foreach (var file in index[partition].OrderBy(file => file.Bucket))
        {
            var hashes = await HashIndexFile
                .ReadAsync(_store.Environment.FileIO, _store.IndexPath(file), cancellationToken).ConfigureAwait(false);
            entry.Buckets.Load(file.Bucket, hashes);
            entry.SetFile(file.Bucket, file, 0);
        }

        return entry;
    }

    private ValueTask<ILookup<BinaryRowBytes, IndexManifestEntry>> IndexAsync(CancellationToken cancellationToken) =>
        OnNewestAsync(snapshot => IndexAsync(snapshot, cancellationToken), cancellationToken);

    private async ValueTask<ILookup<BinaryRowBytes, IndexManifestEntry>> IndexAsync(
        Snapshot? snapshot, CancellationToken cancellationToken)
    {
        if (_index is null || snapshot?.IndexManifest != _indexManifest)
        {
            var entries = snapshot is null
                ? []
                : await _store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false);
            _index = entries.Where(entry => entry.IndexType == IndexManifestEntry.HashIndex)
                .ToLookup(entry => entry.Partition);
            _indexManifest = snapshot?.IndexManifest;
        }

        return _index;
    }

    private async ValueTask<IndexManifestEntry> WriteAsync(
        BinaryRowBytes partition, int bucket, int[] hashes, CancellationToken cancellationToken)
    {
        var name = _names.Next();
        var path = _store.IndexPaths.File(partition, bucket, name);
        await HashIndexFile.WriteAsync(_store.Environment.FileIO, path, hashes, cancellationToken).ConfigureAwait(false);
        _written.Add(path);
        return new IndexManifestEntry
        {
            Kind = FileKind.Add,
            Partition = partition,
            Bucket = bucket,
            IndexType = IndexManifestEntry.HashIndex,
            FileName = name,
            FileSizeBytes = sizeof(int) * (long)hashes.Length,
            RowCount = hashes.Length,
        };
    }

    private sealed class Entry(PartitionBuckets buckets, int hash)
    {
        public PartitionBuckets Buckets { get; } = buckets;

        public int Hash { get; } = hash;

        /// <summary>The index file of each bucket.</summary>
        public Dictionary<int, KnownFile> Files { get; } = [];

        /// <summary>The names of all index files that were loaded or written: what is in them is known.</summary>
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public bool IsUsed { get; set; }

        public long LastUse { get; set; }

        public void SetFile(int bucket, IndexManifestEntry file, long number)
        {
            Names.Add(file.FileName);
            if (!Files.TryGetValue(bucket, out var known) || known.Number <= number)
            {
                Files[bucket] = new KnownFile(file, number);
            }
        }
    }

    /// <param name="File">The file.</param>
    /// <param name="Number">The number of the commit that brings it; 0 for one that the table had.</param>
    private sealed record KnownFile(IndexManifestEntry File, long Number);
}

using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>The files of a bucket in one state of the table, opened when a key is first looked for. Safe for several threads.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore whose wait handle nobody asks for has nothing to dispose.")]
internal sealed class LookupBucket
{
    private readonly LookupStore _store;
    private readonly LookupShape _shape;
    private readonly BucketFiles _bucket;
    private readonly IReadOnlyDictionary<string, DeletionFile> _deletions;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private LookupLevels? _previous;
    private volatile LookupLevels? _levels;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="store">The lookup files.</param>
    /// <param name="shape">The table.</param>
    /// <param name="id">The bucket.</param>
    /// <param name="files">Its data files.</param>
    /// <param name="deletions">Their deletion vectors.</param>
    /// <param name="previous">The bucket in the state before, whose lookup files are kept.</param>
    public LookupBucket(
        LookupStore store,
        LookupShape shape,
        BucketId id,
        IReadOnlyList<DataFileMeta> files,
        IReadOnlyDictionary<string, DeletionFile> deletions,
        LookupBucket? previous)
    {
        _store = store;
        _shape = shape;
        _bucket = shape.Table.BucketOf(id);
        Files = files;
        _deletions = deletions;
        _previous = previous?._levels ?? previous?._previous;
        PartitionValues = _bucket.PartitionValues;
    }

    /// <summary>The data files.</summary>
    public IReadOnlyList<DataFileMeta> Files { get; }

    /// <summary>One row of the partition columns.</summary>
    public ColumnVector[] PartitionValues { get; }

    /// <summary>True when the bucket has these files and deletion vectors.</summary>
    public bool Is(IReadOnlyList<DataFileMeta> files, IReadOnlyDictionary<string, DeletionFile> deletions) =>
        files.Count == Files.Count
        && deletions.Count == _deletions.Count
        && files.Zip(Files).All(pair => pair.First.FileName == pair.Second.FileName && pair.First.Level == pair.Second.Level)
        && deletions.All(pair => _deletions.TryGetValue(pair.Key, out var other) && other == pair.Value);

    /// <summary>Opens the bucket, unless it is open.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<LookupLevels> OpenAsync(CancellationToken cancellationToken)
    {
        if (_levels is { } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_levels is null)
            {
                var deleted = await DeletedRowsAsync(cancellationToken).ConfigureAwait(false);
                var levels = new Levels(Files, _shape.Schema.TrimmedPrimaryKeyType, levelCount: 1);
                _levels = _previous is null
                    ? new LookupLevels(
                        _store, _shape.Schema, _bucket.Readers, _bucket.Directory, levels, hasRows: true, deleted)
                    : await _previous.UpdateAsync(levels, deleted).ConfigureAwait(false);
                _previous = null;
            }

            return _levels;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Finds a key's newest version without waiting.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    /// <param name="newest">Where it is, if anywhere.</param>
    /// <returns>False when it cannot be told without waiting.</returns>
    public bool TryFindNewest(EncodedKeys keys, int key, ulong hash, ref LookupPlace newest)
    {
        newest.Row = -1;
        if (_levels is not { } levels)
        {
            return false;
        }

        var sequence = long.MinValue;
        var higher = 0;
        foreach (var run in levels.RunArray)
        {
            if (newest.Row >= 0 && run.MaxSequenceNumber < sequence)
            {
                continue;
            }

            if (IsPast(run, higher))
            {
                break;
            }

            var place = default(LookupPlace);
            if (!levels.TryFind(run, keys, key, hash, ref place))
            {
                return false;
            }

            TakeNewer(ref newest, ref sequence, place);
            higher = place.Row >= 0 ? run.Level : higher;
        }

        return true;
    }

    /// <summary>Finds a key's newest version.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Where it is, if anywhere.</returns>
    public async ValueTask<LookupPlace> FindNewestAsync(
        EncodedKeys keys, int key, ulong hash, CancellationToken cancellationToken)
    {
        var levels = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var newest = new LookupPlace { Row = -1 };
        var sequence = long.MinValue;
        var higher = 0;
        foreach (var run in levels.Runs)
        {
            if (newest.Row >= 0 && run.MaxSequenceNumber < sequence)
            {
                continue;
            }

            if (IsPast(run, higher))
            {
                break;
            }

            var place = default(LookupPlace);
            while (!levels.TryFind(run, keys, key, hash, ref place))
            {
                place.Loaded = await levels.LoadAsync(place, cancellationToken).ConfigureAwait(false);
            }

            TakeNewer(ref newest, ref sequence, place);
            higher = place.Row >= 0 ? run.Level : higher;
        }

        return newest;
    }

    // Where compactions look keys up, the row of the lowest level above 0 is all that counts of those above 0.
    private bool IsPast(LookupRun run, int higher) => higher > 0 && run.Level > higher && _shape.Plan.CountsLowestLevelOnly;

    // Several writers may give one number twice: then the row that is there wins over the one that is not, as in a merge.
    private static void TakeNewer(ref LookupPlace newest, ref long sequence, in LookupPlace place)
    {
        if (place.Row < 0)
        {
            return;
        }

        var other = place.Block.SequenceOf(place.Row);
        if (newest.Row < 0 || other > sequence || (other == sequence && place.IsAdd && !newest.IsAdd))
        {
            newest = place;
            sequence = other;
        }
    }

    private async ValueTask<Func<string, DeletionVector?>?> DeletedRowsAsync(CancellationToken cancellationToken)
    {
        if (_deletions.Count == 0)
        {
            return null;
        }

        var vectors = new Dictionary<string, DeletionVector>(StringComparer.Ordinal);
        foreach (var file in Files)
        {
            if (_deletions.TryGetValue(file.FileName, out var deletion))
            {
                vectors[file.FileName] = await DeletionVectorFile.ReadAsync(
                    _shape.Table.Environment.FileIO, deletion, cancellationToken).ConfigureAwait(false);
            }
        }

        return vectors.GetValueOrDefault;
    }
}

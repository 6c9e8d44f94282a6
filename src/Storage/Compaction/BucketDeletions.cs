using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// The deletion vectors of one bucket as its writer knows them (docs/format.md#deletion-vectors). What a compaction changes
/// becomes the state of the bucket when <see cref="WriteAsync"/> has made it durable; <see cref="Rollback"/> forgets it. One
/// compaction at a time.
/// </summary>
/// <param name="fileIO">Where the files are.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="names">Names for index files.</param>
/// <param name="is64Bit">Option <c>deletion-vectors.bitmap64</c>: the form of new vectors.</param>
/// <param name="known">The file of the vectors that the table has, null for none.</param>
internal sealed class BucketDeletions(
    IFileIO fileIO, BucketFiles bucket, IndexFileNames names, bool is64Bit, IndexManifestEntry? known)
{
    private Dictionary<string, DeletionVector>? _vectors;
    private Dictionary<string, DeletionVector>? _changed;

    // Vectors that were made or copied by the changes: others belong to the state before them.
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    // The vectors as they were when rows of their files were looked up first.
    private readonly Dictionary<string, DeletionVector?> _whenFirstFound = new(StringComparer.Ordinal);

    /// <summary>Reads the vectors that the table has; nothing happens the second time.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (_vectors is not null)
        {
            return;
        }

        var vectors = new Dictionary<string, DeletionVector>(StringComparer.Ordinal);
        foreach (var range in known?.DeletionVectors ?? [])
        {
            var place = new DeletionFile(bucket.IndexPaths.File(known!), range.Offset, range.Length, range.Cardinality);
            vectors.Add(
                range.DataFileName,
                await DeletionVectorFile.ReadAsync(fileIO, place, cancellationToken).ConfigureAwait(false));
        }

        _vectors = vectors;
    }

    /// <summary>True when rows of a data file are deleted; may be asked before the vectors are read.</summary>
    /// <param name="fileName">The data file.</param>
    public bool Has(string fileName) => _vectors is null
        ? known?.DeletionVectors?.Any(range => range.DataFileName == fileName) == true
        : Of(fileName) is not null;

    /// <summary>The vector of a data file; null when all its rows are there.</summary>
    /// <param name="fileName">The data file.</param>
    public DeletionVector? Of(string fileName) => (_changed ?? _vectors!).GetValueOrDefault(fileName);

    /// <summary>Marks a row that a lookup found as deleted.</summary>
    /// <param name="fileName">The data file.</param>
    /// <param name="position">The row's position in it.</param>
    /// <returns>False when the row was deleted before.</returns>
    public bool Take(string fileName, long position)
    {
        if (Of(fileName)?.IsDeleted(position) == true)
        {
            return false;
        }

        Delete(fileName, position);
        return true;
    }

    /// <summary>
    /// Marks a row that a lookup found as deleted, where an order of fields decides. Rows that the bucket's writer deleted itself are
    /// found again and again, as in Paimon, whose lookup files are as old as their first lookup: such a row may come back.
    /// </summary>
    /// <param name="fileName">The data file.</param>
    /// <param name="position">The row's position in it.</param>
    /// <returns>False when the row was deleted before a row of the file was found for the first time.</returns>
    public bool TakeAsFirstFound(string fileName, long position)
    {
        if (!_whenFirstFound.TryGetValue(fileName, out var vector))
        {
            vector = Of(fileName);
            _whenFirstFound.Add(fileName, vector);
        }

        if (vector?.IsDeleted(position) == true)
        {
            return false;
        }

        Delete(fileName, position);
        return true;
    }

    /// <summary>Marks a row as deleted.</summary>
    /// <param name="fileName">The data file.</param>
    /// <param name="position">The row's position in it.</param>
    public void Delete(string fileName, long position)
    {
        if (Of(fileName)?.IsDeleted(position) == true)
        {
            return;
        }

        var vectors = Change();
        if (!vectors.TryGetValue(fileName, out var vector))
        {
            vector = new DeletionVector(is64Bit);
            vectors.Add(fileName, vector);
        }
        else if (!_own.Contains(fileName))
        {
            var copy = new DeletionVector(vector.Is64Bit);
            copy.Merge(vector);
            vector = copy;
            vectors[fileName] = copy;
        }

        _own.Add(fileName);
        vector.Delete(position);
    }

    /// <summary>Drops the vector of a file that is no longer in the table.</summary>
    /// <param name="fileName">The data file.</param>
    public void Remove(string fileName)
    {
        if (Of(fileName) is not null)
        {
            Change().Remove(fileName);
        }
    }

    /// <summary>Writes all vectors of the bucket when there were changes.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The file, which may hold no vector; null when nothing changed.</returns>
    public async ValueTask<IndexManifestEntry?> WriteAsync(CancellationToken cancellationToken)
    {
        if (_changed is null)
        {
            return null;
        }

        var name = names.Next();
        var (ranges, size) = await DeletionVectorFile.WriteAsync(
            fileIO, bucket.IndexPaths.File(bucket.Id.Partition, bucket.Id.Bucket, name), _changed, cancellationToken)
            .ConfigureAwait(false);
        _vectors = _changed;
        Rollback();
        return new IndexManifestEntry
        {
            Kind = FileKind.Add,
            Partition = bucket.Id.Partition,
            Bucket = bucket.Id.Bucket,
            IndexType = IndexManifestEntry.DeletionVectorsIndex,
            FileName = name,
            FileSizeBytes = size,
            RowCount = ranges.Count,
            DeletionVectors = ranges,
        };
    }

    /// <summary>Forgets the changes that were not written.</summary>
    public void Rollback()
    {
        _changed = null;
        _own.Clear();
    }

    private Dictionary<string, DeletionVector> Change() =>
        _changed ??= new Dictionary<string, DeletionVector>(_vectors!, StringComparer.Ordinal);
}

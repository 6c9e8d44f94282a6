using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// What the writer of a bucket did since its last commit: the files that it flushed, and those that its compactions replaced and
/// made. One thread.
/// </summary>
/// <param name="fileIO">Where the files are.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="totalBuckets">The table's buckets, -1 for a table without.</param>
/// <param name="knownVectors">The file of the bucket's deletion vectors that the table has, null for none.</param>
internal sealed class BucketChanges(
    IFileIO fileIO, BucketFiles bucket, int totalBuckets, IndexManifestEntry? knownVectors = null)
{
    private readonly List<DataFileMeta> _newFiles = [];
    private readonly List<DataFileMeta> _changelogFiles = [];
    private readonly List<DataFileMeta> _compactBefore = [];
    private readonly List<DataFileMeta> _compactAfter = [];
    private readonly List<DataFileMeta> _compactChangelog = [];
    private IndexManifestEntry? _knownVectors = knownVectors;
    private IndexManifestEntry? _vectors;

    /// <summary>True when nothing was done.</summary>
    public bool IsEmpty =>
        _newFiles.Count + _changelogFiles.Count + _compactBefore.Count + _compactAfter.Count + _compactChangelog.Count == 0
        && _vectors is null;

    /// <summary>Adds flushed files.</summary>
    /// <param name="files">Data files.</param>
    /// <param name="changelog">The changelog files of the same rows.</param>
    public void AddFlush(IReadOnlyList<DataFileMeta> files, IReadOnlyList<DataFileMeta> changelog)
    {
        _newFiles.AddRange(files);
        _changelogFiles.AddRange(changelog);
    }

    /// <summary>
    /// Adds a compaction. A file that one compaction made and this one replaced was never visible: both forget it, and it is
    /// removed.
    /// </summary>
    /// <param name="result">What the compaction did.</param>
    public async ValueTask AddCompactionAsync(CompactResult result)
    {
        var replaced = result.Before.Where(_compactAfter.Contains).ToList();
        _compactBefore.AddRange(result.Before.Except(replaced));
        _compactAfter.RemoveAll(replaced.Contains);
        _compactAfter.AddRange(result.After);
        _compactChangelog.AddRange(result.Changelog);
        if (result.DeletionVectors is not null)
        {
            await DeleteVectorsAsync().ConfigureAwait(false);
            _vectors = result.DeletionVectors;
        }

        foreach (var file in replaced)
        {
            // A file that was only moved up, before or now, is still named by other entries.
            if (_compactBefore.All(before => before.FileName != file.FileName)
                && result.After.All(after => after.FileName != file.FileName))
            {
                await bucket.TryDeleteAsync(fileIO, file).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Hands over everything; what follows belongs to the next commit.</summary>
    public CommitMessage Take()
    {
        var message = new CommitMessage(bucket.Id.Partition, bucket.Id.Bucket, totalBuckets)
        {
            NewFiles = [.. _newFiles],
            ChangelogFiles = [.. _changelogFiles],
            CompactBefore = [.. _compactBefore],
            CompactAfter = [.. _compactAfter],
            CompactChangelog = [.. _compactChangelog],
            CompactNewIndexFiles = _vectors is null ? [] : [_vectors],
            CompactDeletedIndexFiles = _vectors is null || _knownVectors is null ? [] : [_knownVectors],
        };
        _knownVectors = _vectors ?? _knownVectors;
        _vectors = null;
        _newFiles.Clear();
        _changelogFiles.Clear();
        _compactBefore.Clear();
        _compactAfter.Clear();
        _compactChangelog.Clear();
        return message;
    }

    /// <summary>Removes the files of everything that was not handed over.</summary>
    public async ValueTask AbortAsync()
    {
        await DropCompactionsAsync().ConfigureAwait(false);
        await DeleteAsync(_newFiles.Concat(_changelogFiles)).ConfigureAwait(false);
    }

    /// <summary>Forgets the compactions, and removes their files.</summary>
    public async ValueTask DropCompactionsAsync()
    {
        // A live file that was only moved up stands in the compaction's lists too, as does a flushed one; these are not merged ones.
        var merged = _compactAfter.Where(file => _compactBefore.All(before => before.FileName != file.FileName));
        await DeleteAsync(merged.Concat(_compactChangelog)).ConfigureAwait(false);
        await DeleteVectorsAsync().ConfigureAwait(false);
        _compactBefore.Clear();
        _compactAfter.Clear();
        _compactChangelog.Clear();
        _vectors = null;
    }

    private async ValueTask DeleteAsync(IEnumerable<DataFileMeta> files)
    {
        foreach (var file in files)
        {
            await bucket.TryDeleteAsync(fileIO, file).ConfigureAwait(false);
        }
    }

    private async ValueTask DeleteVectorsAsync()
    {
        if (_vectors is not null)
        {
            await fileIO.TryDeleteAsync(bucket.IndexPaths.File(_vectors)).ConfigureAwait(false);
        }
    }
}

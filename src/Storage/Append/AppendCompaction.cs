using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Chooses and rewrites small files of one bucket of a table without primary key (docs/format.md#append-compaction). Files
/// that a choice passed over are not looked at again by this writer. One thread.
/// </summary>
internal sealed class AppendCompaction
{
    private const int FullCompactionMinFiles = 3;
    private const long WindowBytes = 16L << 20;

    private readonly PriorityQueue<DataFileMeta, (long Sequence, long Order)> _files = new();
    private readonly BucketDeletions? _deletions;
    private AppendWriteContext _context;
    private long _order;

    /// <summary>Begins with the files of a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="liveFiles">The bucket's live files.</param>
    /// <param name="deletions">The bucket's deletion vectors; null where the table has none.</param>
    public AppendCompaction(
        AppendWriteContext context, IReadOnlyList<DataFileMeta> liveFiles, BucketDeletions? deletions = null)
    {
        _context = context;
        _deletions = deletions;
        Add(liveFiles);
    }

    /// <summary>Adds new files.</summary>
    public void Add(IEnumerable<DataFileMeta> files)
    {
        foreach (var file in files)
        {
            _files.Enqueue(file, (file.MinSequenceNumber, _order++));
        }
    }

    /// <summary>Adds what a compaction made: its last file, while that is small.</summary>
    public void AddResult(IReadOnlyList<DataFileMeta> files)
    {
        if (files is [.., var last] && last.FileSizeBytes < _context.SmallFileBytes)
        {
            Add([last]);
        }
    }

    /// <summary>Goes on with another schema.</summary>
    public void UseContext(AppendWriteContext context) => _context = context;

    /// <summary>The files to rewrite together, oldest first; none when there is no reason to.</summary>
    /// <param name="isFull">
    /// True to take all files of which enough are small; whatever their sizes where there may be deletion vectors.
    /// </param>
    public IReadOnlyList<DataFileMeta> Pick(bool isFull) => isFull ? PickFull() : PickSmall();

    /// <summary>Writes the rows of files to new ones: those that deletion vectors leave.</summary>
    /// <param name="files">The files, oldest first.</param>
    /// <param name="bucket">Where they are.</param>
    /// <param name="cancellationToken">Gives up; new files are removed.</param>
    public async ValueTask<CompactResult> RunAsync(
        IReadOnlyList<DataFileMeta> files, BucketFiles bucket, CancellationToken cancellationToken)
    {
        // It may run while the writer goes on with another schema.
        var context = _context;
        if (_deletions is null)
        {
            return new CompactResult(files, await RewriteAsync(context, files, bucket, cancellationToken).ConfigureAwait(false));
        }

        await _deletions.LoadAsync(cancellationToken).ConfigureAwait(false);
        bucket = bucket with { Readers = bucket.Readers.WithDeletions(_deletions.Of) };
        var written = await RewriteAsync(context, files, bucket, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var file in files)
            {
                _deletions.Remove(file.FileName);
            }

            return new CompactResult(files, written)
            {
                DeletionVectors = await _deletions.WriteAsync(cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            _deletions.Rollback();
            foreach (var file in written)
            {
                await bucket.TryDeleteAsync(context.Environment.FileIO, file).ConfigureAwait(false);
            }

            throw;
        }
    }

    private static async ValueTask<IReadOnlyList<DataFileMeta>> RewriteAsync(
        AppendWriteContext context, IReadOnlyList<DataFileMeta> files, BucketFiles bucket, CancellationToken cancellationToken)
    {
        var type = context.Schema.RowType;
        var rows = new ColumnBatch(type);
        var window = new ReadWindow(WindowBytes);
        var writer = new AppendFileWriter(context, bucket.Directory, FileSource.Compact, files[0].MinSequenceNumber);
        await using var disposeWriter = writer.ConfigureAwait(false);
        foreach (var file in files)
        {
            var reader = await FileGroupReader.OpenAsync(
                [file], type, bucket.Readers.ForRewrite(), cancellationToken).ConfigureAwait(false);
            await using var disposeReader = reader.ConfigureAwait(false);
            window.BeginFile(reader.EstimateRowBytes());
            while (true)
            {
                rows.Clear();
                var count = await reader.ReadAsync(rows.Columns, window.Rows, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                rows.EndRows(count);
                window.Observe(count, rows.SizeBytes / count);
                await writer.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
            }
        }

        return await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    // A window over the files by age: it moves on when two target files would not hold it, and is taken when it is long enough.
    private List<DataFileMeta> PickSmall()
    {
        var bytes = 0L;
        var candidates = new List<DataFileMeta>();
        while (_files.TryDequeue(out var file, out _))
        {
            candidates.Add(file);
            bytes += file.FileSizeBytes;
            if (candidates.Count >= _context.CompactionMinFiles)
            {
                return candidates;
            }

            if (bytes >= _context.TargetFileSizeBytes * 2)
            {
                bytes -= candidates[0].FileSizeBytes;
                candidates.RemoveAt(0);
            }
        }

        Add(candidates);
        return [];
    }

    private List<DataFileMeta> PickFull()
    {
        var takesAny = _context.RewritesAllFiles || _deletions is not null;
        if (!takesAny && _files.Count < FullCompactionMinFiles)
        {
            return [];
        }

        var files = new List<DataFileMeta>();
        while (_files.TryDequeue(out var file, out _))
        {
            if (files.Count > 0 || _context.RewritesAllFiles || IsSmall(file) || _deletions?.Has(file.FileName) == true)
            {
                files.Add(file);
            }
        }

        var small = files.Count(IsSmall);
        return takesAny || (small > files.Count - small && files.Count >= FullCompactionMinFiles) ? files : [];
    }

    private bool IsSmall(DataFileMeta file) => file.FileSizeBytes < _context.SmallFileBytes;
}

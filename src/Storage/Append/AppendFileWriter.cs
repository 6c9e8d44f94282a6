using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Writes rows in the order given to data files of one bucket, a new file whenever one has reached <c>target-file-size</c>.
/// Every finished file is durable and described exactly (docs/format.md#append-tables). One thread. Disposing removes the files
/// that <see cref="FinishAsync"/> has not handed out.
/// </summary>
internal sealed class AppendFileWriter : IAsyncDisposable
{
    private const int RowsPerSizeCheck = 8 * 1024;

    private readonly AppendWriteContext _context;
    private readonly string _directory;
    private readonly FileSource _source;
    private readonly List<DataFileMeta> _files = [];
    private IFormatWriter? _writer;
    private DataFileIndexWriter? _index;
    private string _fileName = "";
    private long _firstSequence;

    /// <summary>Opens no file yet.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="directory">The bucket's directory.</param>
    /// <param name="source">What writes. The files of a compaction all begin at the same sequence number.</param>
    /// <param name="nextSequence">The sequence number of the first row.</param>
    public AppendFileWriter(AppendWriteContext context, string directory, FileSource source, long nextSequence)
    {
        _context = context;
        _directory = directory;
        _source = source;
        _firstSequence = nextSequence;
        NextSequence = nextSequence;
    }

    /// <summary>The sequence number of the next row.</summary>
    public long NextSequence { get; private set; }

    /// <summary>True when there is no file to hand out, nor one that is being written.</summary>
    public bool IsEmpty => _writer is null && _files.Count == 0;

    /// <summary>Bytes that an open file keeps in memory, at most.</summary>
    public long BufferedBytes =>
        _writer is null ? 0 : Math.Min(_writer.EstimatedSizeBytes, _context.FormatOptions.BlockSizeBytes);

    /// <summary>Appends rows.</summary>
    /// <param name="rows">All columns of the schema.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask WriteAsync(ColumnBatch rows, CancellationToken cancellationToken)
    {
        for (var start = 0; start < rows.RowCount; start += RowsPerSizeCheck)
        {
            if (_writer is null)
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            var count = Math.Min(RowsPerSizeCheck, rows.RowCount - start);
            await _writer!.WriteAsync(rows.Columns, start, count, cancellationToken).ConfigureAwait(false);
            _index?.Add(rows.Columns, start, count);
            NextSequence += count;
            if (_writer.EstimatedSizeBytes >= _context.TargetFileSizeBytes)
            {
                await CloseFileAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the open file, if there is one; the next rows begin another.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask CloseFileAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            return;
        }

        var result = await _writer.FinishAsync(cancellationToken).ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _writer = null;
        _files.Add(Describe(result));
        if (_index is not null)
        {
            _files[^1] = await _index.AddToAsync(_files[^1], _context.Environment.FileIO, _directory, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Ends the open file and hands out all files since the last call.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<DataFileMeta>> FinishAsync(CancellationToken cancellationToken)
    {
        await CloseFileAsync(cancellationToken).ConfigureAwait(false);
        DataFileMeta[] files = [.. _files];
        _files.Clear();
        return files;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }

        foreach (var file in _files)
        {
            foreach (var name in file.ExtraFiles.Prepend(file.FileName))
            {
                await _context.Environment.FileIO.TryDeleteAsync($"{_directory}/{name}").ConfigureAwait(false);
            }
        }

        _files.Clear();
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _fileName = _context.NewDataFileName();
        var file = await _context.Environment.FileIO.CreateAsync($"{_directory}/{_fileName}", cancellationToken)
            .ConfigureAwait(false);
        _writer = _context.Format.CreateWriter(file, _context.Schema.RowType, _context.FormatOptions);
        _index = DataFileIndexWriter.TryCreate(_context.FileIndexes);
        if (_source == FileSource.Append)
        {
            _firstSequence = NextSequence;
        }
    }

    private DataFileMeta Describe(FormatWriteResult result)
    {
        var type = _context.Schema.RowType;
        var (stats, columns) = _context.IsStatsDense
            ? SimpleStatsBuilder.BuildDense(type, result.Statistics, _context.StatsModeOf)
            : (SimpleStatsBuilder.Build(type, result.Statistics, _context.StatsModeOf), null);
        return new DataFileMeta
        {
            FileName = _fileName,
            FileSizeBytes = result.SizeBytes,
            RowCount = result.RowCount,
            MinKey = BinaryRowBytes.Empty,
            MaxKey = BinaryRowBytes.Empty,
            KeyStats = SimpleStats.Empty,
            ValueStats = stats,
            ValueStatsColumns = columns,
            MinSequenceNumber = _firstSequence,
            MaxSequenceNumber = _firstSequence + result.RowCount - 1,
            SchemaId = _context.Schema.Id,
            Level = 0,
            CreationTimeMillis = (_context.Environment.TimeProvider.GetLocalNow().DateTime - DateTime.UnixEpoch).Ticks
                / TimeSpan.TicksPerMillisecond,
            DeleteRowCount = 0,
            FileSource = _source,
        };
    }
}

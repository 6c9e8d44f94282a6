using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>What a <see cref="KeyValueFileWriter"/> writes.</summary>
/// <param name="Directory">The bucket's directory.</param>
/// <param name="IsChangelog">True for changelog files, false for data files.</param>
/// <param name="Level">The level of the files.</param>
/// <param name="Source">Who writes them.</param>
internal readonly record struct KeyValueFileTarget(string Directory, bool IsChangelog, int Level, FileSource Source);

/// <summary>
/// Writes rows in key order to data or changelog files, a new file whenever one has reached <c>target-file-size</c>. Every
/// finished file is durable and described exactly. One thread. Disposing before <see cref="FinishAsync"/> removes all files.
/// </summary>
internal sealed class KeyValueFileWriter : IAsyncDisposable
{
    // As in Paimon, a file's size is looked at between blocks of rows.
    private const int RowsPerSizeCheck = 1000;

    private readonly KeyValueWriteContext _context;
    private readonly KeyValueFileTarget _target;
    private readonly DataFileFormat _format;
    private readonly BinaryRowWriter _keyWriter;
    private readonly ColumnVector[] _keyColumns;
    private readonly ColumnVector[] _fileColumns;
    private readonly FixedVector<sbyte> _storedKinds = new(KeyValueLayout.KindField.Type);
    private readonly List<DataFileMeta> _files = [];
    private IFormatWriter? _writer;
    private DataFileIndexWriter? _index;
    private bool _isFinished;
    private string _fileName = "";
    private BinaryRowBytes _minKey = BinaryRowBytes.Empty;
    private BinaryRowBytes _maxKey = BinaryRowBytes.Empty;
    private long _minSequence;
    private long _maxSequence;
    private long _deleteCount;

    /// <summary>Opens no file yet.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="target">Where to and what.</param>
    public KeyValueFileWriter(KeyValueWriteContext context, KeyValueFileTarget target)
    {
        _context = context;
        _target = target;
        _format = context.Formats.Of(target.Level, target.IsChangelog);
        _keyWriter = new BinaryRowWriter(context.KeyType);
        _keyColumns = new ColumnVector[context.Layout.KeyIndexes.Length];
        _fileColumns = new ColumnVector[context.Layout.FileType.Fields.Count];
    }

    /// <summary>Appends rows.</summary>
    /// <param name="batch">All columns of the schema, kinds (none: all +I) and sequence numbers, in key order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        Bind(batch);
        var largestGrowth = (batch.SizeBytes * 4) + (batch.RowCount * 64L);
        for (var start = 0; start < batch.RowCount;)
        {
            // Where no look at the size could end the file, there is none, and all columns of the batch are encoded at once.
            var isFarFromEnd = (_writer?.EstimatedSizeBytes ?? 0) + largestGrowth < _context.TargetFileSizeBytes;
            var count = Math.Min(isFarFromEnd ? batch.RowCount : RowsPerSizeCheck, batch.RowCount - start);
            if (_writer is null)
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
                _minKey = KeyOf(start);
            }

            await _writer!.WriteAsync(_fileColumns, start, count, cancellationToken).ConfigureAwait(false);
            _index?.Add(batch.Columns, start, count);
            Account(batch, start, count);
            _maxKey = KeyOf(start + count - 1);
            start += count;
            if (_writer.EstimatedSizeBytes >= _context.TargetFileSizeBytes)
            {
                await CloseFileAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the last file, and hands none out yet: <see cref="FinishAsync"/> cannot fail any more.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask EndAsync(CancellationToken cancellationToken) => CloseFileAsync(cancellationToken);

    /// <summary>Ends the last file.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>All files written, in key order; none when there were no rows.</returns>
    public async ValueTask<IReadOnlyList<DataFileMeta>> FinishAsync(CancellationToken cancellationToken)
    {
        await CloseFileAsync(cancellationToken).ConfigureAwait(false);
        _isFinished = true;
        return _files;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }

        if (!_isFinished)
        {
            foreach (var file in _files)
            {
                foreach (var name in file.ExtraFiles.Prepend(file.FileName))
                {
                    await _context.Environment.FileIO.TryDeleteAsync($"{_target.Directory}/{name}").ConfigureAwait(false);
                }
            }

            _isFinished = true;
        }
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _fileName = _context.NewFileName(_target.IsChangelog, _format.Extension);
        var file = await _context.Environment.FileIO.CreateAsync($"{_target.Directory}/{_fileName}", cancellationToken)
            .ConfigureAwait(false);
        _writer = _format.Format.CreateWriter(file, _context.Layout.FileType, _format.Options);
        _index = DataFileIndexWriter.TryCreate(_context.FileIndexes);
        _minSequence = long.MaxValue;
        _maxSequence = long.MinValue;
        _deleteCount = 0;
    }

    private void Bind(ColumnBatch batch)
    {
        var layout = _context.Layout;
        _storedKinds.Clear();
        if (batch.Kinds is null)
        {
            _storedKinds.AppendUninitialized(batch.RowCount).Clear();
        }
        else
        {
            _storedKinds.AppendValues(MemoryMarshal.Cast<RowKind, sbyte>(batch.Kinds.Values));
        }

        for (var i = 0; i < _keyColumns.Length; i++)
        {
            _keyColumns[i] = batch.Columns[layout.KeyIndexes[i]];
        }

        var first = layout.FirstValue;
        _fileColumns[first - 2] = batch.Sequences!;
        _fileColumns[first - 1] = _storedKinds;
        if (!layout.IsThin)
        {
            _keyColumns.CopyTo(_fileColumns, 0);
        }

        for (var i = 0; i < batch.Columns.Count; i++)
        {
            _fileColumns[first + i] = batch.Columns[i];
        }
    }

    private void Account(ColumnBatch batch, int start, int count)
    {
        foreach (var sequence in batch.Sequences!.Values.Slice(start, count))
        {
            _minSequence = Math.Min(_minSequence, sequence);
            _maxSequence = Math.Max(_maxSequence, sequence);
        }

        if (batch.Kinds is not null)
        {
            foreach (var kind in batch.Kinds.Values.Slice(start, count))
            {
                _deleteCount += kind.IsRetract() ? 1 : 0;
            }
        }
    }

    private BinaryRowBytes KeyOf(int row) => BinaryRowBytes.FromSerialized(_keyWriter.WriteSerialized(_keyColumns, row));

    private async ValueTask CloseFileAsync(CancellationToken cancellationToken)
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
            _files[^1] = await _index.AddToAsync(_files[^1], _context.Environment.FileIO, _target.Directory, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private DataFileMeta Describe(FormatWriteResult result)
    {
        var layout = _context.Layout;
        var values = result.Statistics.Skip(layout.FirstValue).ToArray();
        var keys = layout.IsThin
            ? layout.KeyIndexes.Select(index => values[index]).ToArray()
            : [.. result.Statistics.Take(layout.KeyIndexes.Length)];
        var rowType = _context.Schema.RowType;
        var (valueStats, valueColumns) = _context.IsStatsDense
            ? SimpleStatsBuilder.BuildDense(rowType, values, column => _format.StatsModes[column])
            : (SimpleStatsBuilder.Build(rowType, values, column => _format.StatsModes[column]), null);
        return new DataFileMeta
        {
            FileName = _fileName,
            FileSizeBytes = result.SizeBytes,
            RowCount = result.RowCount,
            MinKey = _minKey,
            MaxKey = _maxKey,
            KeyStats = SimpleStatsBuilder.Build(_context.KeyType, keys, column => _format.KeyStatsModes[column]),
            ValueStats = valueStats,
            ValueStatsColumns = valueColumns,
            MinSequenceNumber = _minSequence,
            MaxSequenceNumber = _maxSequence,
            SchemaId = _context.Schema.Id,
            Level = _target.Level,
            CreationTimeMillis = (_context.Environment.TimeProvider.GetLocalNow().DateTime - DateTime.UnixEpoch).Ticks
                / TimeSpan.TicksPerMillisecond,
            DeleteRowCount = _deleteCount,
            FileSource = _target.Source,
        };
    }
}

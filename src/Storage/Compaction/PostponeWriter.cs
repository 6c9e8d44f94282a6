using System.Globalization;
using PaimonSharp.Data;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Writes the rows of a partition that wait for their buckets: all of them, in the order of their arrival, without sequence
/// numbers and without changelog (docs/format.md#postponed-buckets). One thread.
/// </summary>
internal sealed class PostponeWriter : IBucketWriter
{
    private const long BlockBytes = 4L << 20;
    private const long NoSequence = -1;

    private readonly BucketFiles _bucket;
    private readonly List<DataFileMeta> _newFiles = [];
    private KeyValueWriteContext _context;
    private KeyValueFileWriter? _writer;
    private ColumnBatch _rows;

    /// <summary>Begins to write.</summary>
    /// <param name="context">Schema, and options as of <see cref="OptionsOf"/>.</param>
    /// <param name="bucket">Where the files are.</param>
    public PostponeWriter(KeyValueWriteContext context, BucketFiles bucket)
    {
        _context = context;
        _bucket = bucket;
        _rows = NewRows(context);
    }

    /// <inheritdoc/>
    public BucketId Id => _bucket.Id;

    /// <inheritdoc/>
    public bool IsCompacting => false;

    /// <inheritdoc/>
    public long BufferedBytes => _rows.RowCount == 0 ? 0 : _rows.CapacityBytes;

    /// <inheritdoc/>
    public bool IsFull => _rows.SizeBytes >= BlockBytes;

    /// <inheritdoc/>
    public bool IsIdle => _rows.RowCount == 0 && _writer is null && _newFiles.Count == 0;

    /// <inheritdoc/>
    public bool IsForgottenWhenIdle => true;

    /// <summary>
    /// The options of a table for the files of such rows: Avro without statistics, where Avro has the columns' types, and names
    /// that tell writers apart, so that a reader can keep the order of each.
    /// </summary>
    /// <param name="schema">The columns.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="commitUser">Who commits.</param>
    /// <param name="ids">Where the writer's number comes from.</param>
    public static TableOptions OptionsOf(TableSchema schema, TableOptions options, string commitUser, IdSource ids)
    {
        var number = int.Parse(ids.NextUuid().AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & int.MaxValue;
        var prefix = options.GetString("data-file.prefix", "data-");
        var changes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["data-file.prefix"] = $"{prefix}-u-{commitUser}-s-{number}-w-",
        };
        if (DataFileFormats.IsWritableAsAvro(schema.RowType))
        {
            changes["file.format"] = "avro";
            changes["metadata.stats-mode"] = "none";
        }

        return options.With(changes);
    }

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, int start, int count)
    {
        _rows.Sequences!.AppendUninitialized(count).Fill(NoSequence);
        _rows.AppendRange(batch, start, count);
    }

    /// <inheritdoc/>
    public void Write(ColumnBatch batch, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < _rows.Columns.Count; i++)
        {
            _rows.Columns[i].AppendGather(batch.Columns[i], rows);
        }

        if (batch.Kinds is null)
        {
            _rows.Kinds!.AppendUninitialized(rows.Length).Clear();
        }
        else
        {
            _rows.Kinds!.AppendGather(batch.Kinds, rows);
        }

        _rows.Sequences!.AppendUninitialized(rows.Length).Fill(NoSequence);
        _rows.EndRows(rows.Length);
    }

    /// <summary>Goes on with another schema; all rows must have been flushed.</summary>
    /// <param name="context">The new schema and its options.</param>
    public void UseContext(KeyValueWriteContext context)
    {
        _context = context;
        _rows = NewRows(context);
    }

    /// <inheritdoc/>
    public async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        if (_rows.RowCount > 0)
        {
            _writer ??= new KeyValueFileWriter(
                _context, new KeyValueFileTarget(_bucket.Directory, IsChangelog: false, 0, FileSource.Append));
            await _writer.WriteAsync(_rows, cancellationToken).ConfigureAwait(false);
            _rows.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await SpillAsync(cancellationToken).ConfigureAwait(false);
        if (_writer is not null)
        {
            _newFiles.AddRange(await _writer.FinishAsync(cancellationToken).ConfigureAwait(false));
            await _writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }
    }

    /// <inheritdoc/>
    public ValueTask StartCompactionAsync(bool isFull, bool wait, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask EndCompactionAsync(bool wait, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public CommitMessage PrepareCommit()
    {
        var message = new CommitMessage(_bucket.Id.Partition, _bucket.Id.Bucket, DataFilePaths.PostponeBucket)
        {
            NewFiles = [.. _newFiles],
        };
        _newFiles.Clear();
        return message;
    }

    /// <inheritdoc/>
    public ValueTask<CommitMessage> LeaveAsync() => ValueTask.FromResult(PrepareCommit());

    /// <inheritdoc/>
    public void Adopt(CommitMessage flushed) => _newFiles.AddRange(flushed.NewFiles);

    /// <inheritdoc/>
    public async ValueTask AbortAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }

        foreach (var name in _newFiles.SelectMany(file => file.ExtraFiles.Prepend(file.FileName)))
        {
            await _context.Environment.FileIO.TryDeleteAsync($"{_bucket.Directory}/{name}").ConfigureAwait(false);
        }
    }

    private static ColumnBatch NewRows(KeyValueWriteContext context) =>
        new(context.Schema.RowType, withKinds: true, withSequences: true);
}

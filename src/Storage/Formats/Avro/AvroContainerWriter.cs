using PaimonSharp.Data;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Writes an Avro object container (see <see cref="AvroContainer"/>). Append a row to <see cref="Rows"/>, then call
/// <see cref="EndRow"/>; when that says so, <see cref="FlushAsync"/>. For one thread.
/// </summary>
internal sealed class AvroContainerWriter : IAsyncDisposable
{
    /// <summary>A block ends with the row that brings it to this size, as other writers do it.</summary>
    public const int BlockBytes = 64_000;

    private readonly IOutputFile _file;
    private readonly AvroCodec _codec;
    private readonly byte[] _sync;
    private readonly AvroEncoder _frame = new();
    private byte[] _compressed = [];
    private long _blockRows;

    /// <summary>Begins a container.</summary>
    /// <param name="file">The empty file; disposed with the writer.</param>
    /// <param name="schema">The schema's JSON text.</param>
    /// <param name="codec">How blocks are compressed.</param>
    /// <param name="ids">Where the marker between blocks comes from.</param>
    public AvroContainerWriter(IOutputFile file, string schema, AvroCodec codec, IdSource ids)
    {
        _file = file;
        _codec = codec;
        _sync = Guid.Parse(ids.NextUuid()).ToByteArray();
        _frame.WriteRaw(AvroContainer.Magic);
        _frame.WriteLong(2);
        _frame.WriteString("avro.schema");
        _frame.WriteString(schema);
        _frame.WriteString("avro.codec");
        _frame.WriteString(codec.Name);
        _frame.WriteLong(0);
        _frame.WriteRaw(_sync);
    }

    /// <summary>The rows of the block that is being filled.</summary>
    public AvroEncoder Rows { get; } = new();

    /// <summary>Rows ended until now.</summary>
    public long RowCount { get; private set; }

    /// <summary>Bytes written plus those still to be compressed.</summary>
    public long EstimatedSizeBytes => _file.Position + _frame.Length + Rows.Length;

    /// <summary>Ends a row.</summary>
    /// <returns>True when the block is full and <see cref="FlushAsync"/> is due.</returns>
    public bool EndRow()
    {
        _blockRows++;
        RowCount++;
        return Rows.Length >= BlockBytes;
    }

    /// <summary>Ends the block.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        if (_blockRows > 0)
        {
            length = _codec.Compress(Rows.Written, ref _compressed);
            _frame.WriteLong(_blockRows);
            _frame.WriteLong(length);
        }

        // The file's header leaves with its first block, or alone when there is none.
        if (_frame.Length > 0)
        {
            await _file.WriteAsync(_frame.WrittenMemory, cancellationToken).ConfigureAwait(false);
            _frame.Clear();
        }

        if (_blockRows > 0)
        {
            await _file.WriteAsync(_compressed.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            await _file.WriteAsync(_sync, cancellationToken).ConfigureAwait(false);
            Rows.Clear();
            _blockRows = 0;
        }
    }

    /// <summary>Ends the file and makes it durable.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The file's exact size.</returns>
    public async ValueTask<long> FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return _file.Position;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

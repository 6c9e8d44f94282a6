using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>Reads some columns of an Avro file forward, a block at a time.</summary>
internal sealed class AvroFormatCursor(AvroContainer container, IReadOnlyList<AvroBlock> blocks, AvroRowMover rows)
    : IFormatCursor
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _nextBlock;
    private long _blockRowsLeft;
    private int _blockPosition;
    private bool _isLoaded;

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(
        IReadOnlyList<ColumnVector> target, int maxRows, CancellationToken cancellationToken)
    {
        var read = 0;
        while (read < maxRows && EnterBlock(cancellationToken))
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            var count = (int)Math.Min(maxRows - read, _blockRowsLeft);
            Decode(target, count);
            read += count;
        }

        return read;
    }

    /// <inheritdoc/>
    public async ValueTask SkipAsync(long rowCount, CancellationToken cancellationToken)
    {
        while (rowCount > 0 && EnterBlock(cancellationToken))
        {
            var count = (int)Math.Min(rowCount, _blockRowsLeft);
            if (count == _blockRowsLeft)
            {
                // The rest of the block is not wanted: it need not even be decompressed.
                Position += count;
                _blockRowsLeft = 0;
            }
            else
            {
                await LoadAsync(cancellationToken).ConfigureAwait(false);
                Decode(null, count);
            }

            rowCount -= count;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool EnterBlock(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_blockRowsLeft == 0)
        {
            if (_nextBlock == blocks.Count)
            {
                return false;
            }

            _blockRowsLeft = blocks[_nextBlock++].RowCount;
            _isLoaded = false;
        }

        return true;
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (!_isLoaded)
        {
            await container.ReadBlockAsync(blocks[_nextBlock - 1], _buffer, cancellationToken).ConfigureAwait(false);
            _blockPosition = 0;
            _isLoaded = true;
        }
    }

    private void Decode(IReadOnlyList<ColumnVector>? target, int count)
    {
        var decoder = new AvroDecoder(_buffer.WrittenSpan, _blockPosition);
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (target is null)
                {
                    decoder.Skip(container.Schema);
                }
                else if (decoder.ReadBranch(container.Schema).Kind == AvroKind.Null)
                {
                    CorruptDataException.Throw("A row of an Avro file is null.", decoder.Position);
                }
                else
                {
                    rows.Read(ref decoder, target);
                }
            }
        }
        catch (CorruptDataException error)
        {
            throw error.InFile(container.Path);
        }

        _blockPosition = decoder.Position;
        _blockRowsLeft -= count;
        Position += count;
        if (_blockRowsLeft == 0 && !decoder.IsAtEnd)
        {
            throw new CorruptDataException("An Avro block holds more bytes than rows.", container.Path, blocks[_nextBlock - 1].DataOffset);
        }
    }
}

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// SAFETY: reads only between a pinned span's two ends, and is disposed before the pin. The bytes of one deflated block for the
/// framework's inflater, which takes the end of its input for the end of the data: a reader that asks for bytes beyond the
/// block's end has therefore met a block that was cut short, and gets an error.
/// </summary>
/// <param name="bytes">The block's first byte.</param>
/// <param name="length">The block's length.</param>
/// <param name="filler">
/// How many zero bytes stand beyond the end. After a whole gzip member the inflater asks once whether another one follows, and
/// a zero byte tells it that none does.
/// </param>
internal sealed unsafe class BlockStream(byte* bytes, int length, int filler) : Stream
{
    private int _position;
    private int _filler = filler;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="EndOfStreamException">The block and its filler were read.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_position < length)
        {
            var count = Math.Min(buffer.Length, length - _position);
            new ReadOnlySpan<byte>(bytes + _position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        if (_filler == 0)
        {
            throw new EndOfStreamException("it ends too early.");
        }

        _filler--;
        buffer[0] = 0;
        return 1;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Buffers;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// An Avro object container open for reading. May be read by several threads at the same time.
/// <code>
/// file   := "Obj" 01, header, sync, block*
/// header := map of string to bytes: avro.schema (JSON), avro.codec
/// block  := rows (long), length (long), compressed rows, sync        sync := 16 random bytes, the same in the whole file
/// </code>
/// </summary>
internal sealed class AvroContainer : IAsyncDisposable
{
    /// <summary>The length of the marker that ends the header and every block.</summary>
    public const int SyncBytes = 16;

    private const int HeadBytes = 64 << 10;
    private const int MaxHeaderBytes = 64 << 20;
    private const int MaxBlockHeaderBytes = 20;
    private const int MaxHeaderEntries = 1024;

    private readonly IInputFile _file;
    private readonly byte[] _head;
    private readonly byte[] _sync;
    private readonly AvroCodec _codec;

    private AvroContainer(IInputFile file, byte[] head, AvroSchema schema, AvroCodec codec, byte[] sync, long firstBlock)
    {
        _file = file;
        _head = head;
        _sync = sync;
        _codec = codec;
        Schema = schema;
        FirstBlockOffset = firstBlock;
    }

    /// <summary>The first bytes of every container.</summary>
    public static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <summary>The schema of a row.</summary>
    public AvroSchema Schema { get; }

    /// <summary>Where the first block begins.</summary>
    public long FirstBlockOffset { get; }

    /// <summary>The file's path, for messages.</summary>
    public string Path => _file.Path;

    /// <summary>Reads the header of a file.</summary>
    /// <param name="file">The file; disposed with the container, and when it cannot be opened.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">
    /// Corrupt: no Avro container. Unsupported: another format or an unknown codec, by name.
    /// </exception>
    public static async ValueTask<AvroContainer> OpenAsync(IInputFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadHeaderAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads what stands before a block's rows; null at the end of the file.</summary>
    /// <param name="offset">Where the block begins.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<AvroBlock?> ReadBlockHeaderAsync(long offset, CancellationToken cancellationToken)
    {
        var left = _file.SizeBytes - offset;
        if (left <= 0)
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MaxBlockHeaderBytes);
        try
        {
            var bytes = buffer.AsMemory(0, (int)Math.Min(MaxBlockHeaderBytes, left));
            await ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
            return ParseBlockHeader(bytes.Span, offset, left);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads and decompresses a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="rows">Takes the rows; what it held is forgotten.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask ReadBlockAsync(AvroBlock block, ArrayBufferWriter<byte> rows, CancellationToken cancellationToken)
    {
        var length = block.DataLength + SyncBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await ReadAsync(block.DataOffset, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            if (!buffer.AsSpan(block.DataLength, SyncBytes).SequenceEqual(_sync))
            {
                throw new CorruptDataException("The marker at the end of an Avro block is wrong.", Path, block.EndOffset);
            }

            _codec.Decompress(buffer.AsSpan(0, block.DataLength), rows);
            if (block.RowCount > rows.WrittenCount)
            {
                throw new CorruptDataException(
                    $"An Avro block of {rows.WrittenCount} bytes cannot hold {block.RowCount} rows.", Path, block.DataOffset);
            }
        }
        catch (CorruptDataException error)
        {
            throw error.InFile(Path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static async ValueTask<AvroContainer> ReadHeaderAsync(IInputFile file, CancellationToken cancellationToken)
    {
        for (long length = HeadBytes; ; length *= 8)
        {
            var head = new byte[Math.Min(Math.Min(length, MaxHeaderBytes), file.SizeBytes)];
            await file.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
            CheckMagic(head, file.Path);
            try
            {
                return ParseHeader(file, head);
            }
            catch (CorruptDataException) when (head.Length < file.SizeBytes && head.Length < MaxHeaderBytes)
            {
                // A header of more columns than usual: read further.
            }
            catch (CorruptDataException error)
            {
                throw error.InFile(file.Path);
            }
        }
    }

    private static void CheckMagic(ReadOnlySpan<byte> head, string path)
    {
        if (head.StartsWith(Magic))
        {
            return;
        }

        var other = head.StartsWith("ORC"u8) ? "orc" : head.StartsWith("PAR1"u8) ? "parquet" : null;
        throw other is null
            ? new CorruptDataException("The file does not begin as an Avro container does.", path, 0)
            : new PaimonException(ErrorKind.Unsupported, $"{path}: an {other} file stands where an avro file is expected.");
    }

    private static AvroContainer ParseHeader(IInputFile file, byte[] head)
    {
        var decoder = new AvroDecoder(head, Magic.Length);
        byte[]? schema = null;
        var codec = "null";
        var entries = 0;
        for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
        {
            if ((entries += count) > MaxHeaderEntries)
            {
                CorruptDataException.Throw($"An Avro header has more than {MaxHeaderEntries} entries.");
            }

            for (var i = 0; i < count; i++)
            {
                var key = decoder.ReadString();
                var value = decoder.ReadBytes();
                if (key == "avro.schema")
                {
                    schema = value.ToArray();
                }
                else if (key == "avro.codec")
                {
                    codec = Encoding.UTF8.GetString(value);
                }
            }
        }

        var sync = decoder.ReadFixed(SyncBytes).ToArray();
        if (schema is null)
        {
            CorruptDataException.Throw("The Avro header has no avro.schema.");
        }

        return new AvroContainer(
            file, head, AvroSchemaParser.Parse(schema), AvroCodec.OfHeader(codec), sync, decoder.Position);
    }

    private AvroBlock ParseBlockHeader(ReadOnlySpan<byte> bytes, long offset, long left)
    {
        try
        {
            var decoder = new AvroDecoder(bytes);
            var rows = decoder.ReadLong();
            var length = decoder.ReadLong();
            if (rows is < 0 or > int.MaxValue || length < 0 || length > Math.Min(left - decoder.Position - SyncBytes, AvroCodec.MaxBlockBytes))
            {
                CorruptDataException.Throw($"An Avro block of {rows} rows and {length} bytes, with {left} bytes left.");
            }

            return new AvroBlock(rows, offset + decoder.Position, (int)length);
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException(error.Detail, Path, offset, error);
        }
    }

    private async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset + buffer.Length <= _head.Length)
        {
            _head.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
            return;
        }

        await _file.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}

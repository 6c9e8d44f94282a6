using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Reads and writes whole metadata files in Avro. Safe for several threads.</summary>
/// <param name="environment">Files, and names of files.</param>
/// <param name="compression">Option <c>manifest.compression</c>.</param>
/// <param name="zstdLevel">Option <c>file.compression.zstd-level</c>.</param>
internal sealed class MetadataFile(StorageEnvironment environment, string compression = "zstd", int zstdLevel = 1)
{
    /// <summary>Reads all rows of a file.</summary>
    /// <exception cref="FileMissingException">There is no such file.</exception>
    /// <exception cref="PaimonException">Corrupt, or Unsupported: another format or version, by name.</exception>
    public async ValueTask<List<T>> ReadAsync<T>(
        string path, MetadataCodec<T> codec, Predicate<T>? accept, CancellationToken cancellationToken)
    {
        var file = await environment.FileIO.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        var container = await AvroContainer.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using (container.ConfigureAwait(false))
        {
            var rows = new List<T>();
            try
            {
                var reader = codec.Bind(container.Schema.AsRecord($"A row of a {codec.Name}"));
                var buffer = new ArrayBufferWriter<byte>();
                var offset = container.FirstBlockOffset;
                while (await container.ReadBlockHeaderAsync(offset, cancellationToken).ConfigureAwait(false) is { } block)
                {
                    await container.ReadBlockAsync(block, buffer, cancellationToken).ConfigureAwait(false);
                    ReadBlock(container.Schema, buffer.WrittenSpan, block.RowCount, reader, accept, rows);
                    offset = block.EndOffset;
                }
            }
            catch (CorruptDataException error)
            {
                throw error.InFile(path);
            }
            catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported && error.InnerException is null)
            {
                throw new PaimonException(ErrorKind.Unsupported, $"{path}: {error.Message}", error);
            }

            return rows;
        }
    }

    /// <summary>Begins a file.</summary>
    public async ValueTask<AvroContainerWriter> CreateAsync<T>(
        string path, MetadataCodec<T> codec, CancellationToken cancellationToken)
    {
        var blockCodec = AvroCodec.OfOption(compression, zstdLevel);
        var file = await environment.FileIO.CreateAsync(path, cancellationToken).ConfigureAwait(false);
        return new AvroContainerWriter(file, codec.Schema, blockCodec, environment.Ids);
    }

    /// <summary>Writes a file of some rows, which may be none.</summary>
    /// <returns>The file's size.</returns>
    public async ValueTask<long> WriteAsync<T>(
        string path, MetadataCodec<T> codec, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        var writer = await CreateAsync(path, codec, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var row in rows)
            {
                codec.Write(writer.Rows, row);
                if (writer.EndRow())
                {
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void ReadBlock<T>(
        AvroSchema schema, ReadOnlySpan<byte> bytes, long rowCount, MetadataRowReader<T> reader, Predicate<T>? accept, List<T> rows)
    {
        var decoder = new AvroDecoder(bytes);
        for (var i = 0L; i < rowCount; i++)
        {
            if (decoder.ReadBranch(schema).Kind == AvroKind.Null)
            {
                CorruptDataException.Throw("A row of a metadata file is null.");
            }

            var row = reader(ref decoder);
            if (accept is null || accept(row))
            {
                rows.Add(row);
            }
        }

        if (!decoder.IsAtEnd)
        {
            CorruptDataException.Throw("An Avro block holds more bytes than rows.", decoder.Position);
        }
    }
}

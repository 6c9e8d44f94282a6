using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// An index file of deletion vectors (docs/format.md#deletion-vectors):
/// <code>
/// 1 byte: version 1; the vectors
/// </code>
/// </summary>
internal static class DeletionVectorFile
{
    private const byte Version = 1;
    private const int PrefixBytes = 4;

    /// <summary>Reads one vector.</summary>
    /// <param name="fileIO">Where the file is.</param>
    /// <param name="file">The vector's place.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CorruptDataException">The file is damaged, or is not what its manifest says.</exception>
    public static async ValueTask<DeletionVector> ReadAsync(
        IFileIO fileIO, DeletionFile file, CancellationToken cancellationToken)
    {
        try
        {
            var input = await fileIO.OpenAsync(file.Path, cancellationToken).ConfigureAwait(false);
            await using var disposeInput = input.ConfigureAwait(false);
            var version = new byte[1];
            await ReadAsync(input, 0, version, cancellationToken).ConfigureAwait(false);
            if (version[0] != Version)
            {
                throw new PaimonException(
                    ErrorKind.Unsupported,
                    $"{file.Path}: index files of deletion vectors of version {version[0]} are not supported; {Version} is.");
            }

            return await ReadVectorAsync(input, file, cancellationToken).ConfigureAwait(false);
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(file.Path);
        }
    }

    /// <summary>Writes the vectors of a bucket's data files.</summary>
    /// <param name="fileIO">Where the file goes.</param>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="vectors">The data files' names and their vectors.</param>
    /// <param name="cancellationToken">Gives up waiting; the file is not there then.</param>
    /// <returns>Where each vector is, and the file's size.</returns>
    public static async ValueTask<(IReadOnlyList<DeletionVectorRange> Ranges, long SizeBytes)> WriteAsync(
        IFileIO fileIO,
        string path,
        IEnumerable<KeyValuePair<string, DeletionVector>> vectors,
        CancellationToken cancellationToken)
    {
        var output = await fileIO.CreateAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposeOutput = output.ConfigureAwait(false);
        await output.WriteAsync(new[] { Version }, cancellationToken).ConfigureAwait(false);
        var ranges = new List<DeletionVectorRange>();
        var offset = 1;
        foreach (var (name, vector) in vectors)
        {
            var bytes = DeletionVectorCodec.Write(vector);
            await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            var length = bytes.Length - DeletionVectorCodec.UncountedBytes(vector.Is64Bit);
            ranges.Add(new DeletionVectorRange(name, offset, length, vector.Cardinality));
            offset = checked(offset + bytes.Length);
        }

        await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (ranges, offset);
    }

    private static async ValueTask<DeletionVector> ReadVectorAsync(
        IInputFile input, DeletionFile file, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixBytes];
        await ReadAsync(input, file.Offset, prefix, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        var total = length + (long)DeletionVectorCodec.UncountedBytes(is64Bit: false);
        if (length < 0 || total > input.SizeBytes - file.Offset)
        {
            throw new CorruptDataException($"A deletion vector claims {length} bytes.", input.Path, file.Offset);
        }

        var bytes = new byte[total];
        await ReadAsync(input, file.Offset, bytes, cancellationToken).ConfigureAwait(false);
        var vector = DeletionVectorCodec.Read(bytes);
        if (file.Length != bytes.Length - DeletionVectorCodec.UncountedBytes(vector.Is64Bit))
        {
            throw new CorruptDataException(
                $"A deletion vector has {bytes.Length} bytes; its manifest states a length of {file.Length}.",
                input.Path,
                file.Offset);
        }

        if (file.Cardinality is { } rows && rows != vector.Cardinality)
        {
            throw new CorruptDataException(
                $"A deletion vector removes {vector.Cardinality} rows; its manifest states {rows}.", input.Path, file.Offset);
        }

        return vector;
    }

    private static ValueTask ReadAsync(IInputFile input, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > input.SizeBytes - buffer.Length)
        {
            throw new CorruptDataException(
                $"The file of {input.SizeBytes} bytes has no {buffer.Length} bytes here.", input.Path, offset);
        }

        return input.ReadAsync(offset, buffer, cancellationToken);
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Reads the small JSON and hint files of a table whole.</summary>
internal static class SmallFiles
{
    /// <summary>A snapshot, schema or hint is a few kilobytes; a larger file is not one.</summary>
    private const int MaxBytes = 64 << 20;

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="FileMissingException">There is no such file.</exception>
    /// <exception cref="CorruptDataException">The file is larger than any file of its kind.</exception>
    public static async ValueTask<byte[]> ReadAsync(IFileIO fileIO, string path, CancellationToken cancellationToken)
    {
        var file = await fileIO.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            if (file.SizeBytes > MaxBytes)
            {
                throw new CorruptDataException($"The file has {file.SizeBytes} bytes; at most {MaxBytes} are read.", path);
            }

            var bytes = new byte[file.SizeBytes];
            await file.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <summary>All bytes of a file, null when there is none.</summary>
    public static async ValueTask<byte[]?> TryReadAsync(IFileIO fileIO, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(fileIO, path, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            return null;
        }
    }

    /// <summary>The numbers of the files in a directory whose names are a prefix and a number, in no order.</summary>
    public static async ValueTask<List<long>> ListIdsAsync(
        IFileIO fileIO, string directory, string prefix, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        foreach (var status in await fileIO.ListAsync(directory, cancellationToken).ConfigureAwait(false))
        {
            if (!status.IsDirectory
                && status.Name.StartsWith(prefix, StringComparison.Ordinal)
                && TryParseId(status.Name.AsSpan(prefix.Length), out var id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static bool TryParseId(ReadOnlySpan<char> text, out long id) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, null, out id);
}

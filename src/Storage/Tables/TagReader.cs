using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>Reads tags: snapshots kept under a name (docs/format.md#tag).</summary>
internal static class TagReader
{
    /// <summary>The snapshot of a tag.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such tag.</exception>
    public static async ValueTask<Snapshot> ReadAsync(FileStore store, string tag, CancellationToken cancellationToken)
    {
        var path = store.Paths.Tag(tag);
        try
        {
            var bytes = await SmallFiles.ReadAsync(store.Environment.FileIO, path, cancellationToken).ConfigureAwait(false);
            return SnapshotJson.Read(bytes, path);
        }
        catch (FileMissingException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"{store.Paths.Root} has no tag '{tag}'.", e);
        }
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>Reads tags: snapshots kept under a name (docs/format.md#tag).</summary>
internal static class TagReader
{
    /// <summary>The snapshot of a tag.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such tag.</exception>
    public static async ValueTask<Snapshot> ReadAsync(FileStore store, string tag, CancellationToken cancellationToken) =>
        await TryReadAsync(store, tag, cancellationToken).ConfigureAwait(false)
        ?? throw new PaimonException(ErrorKind.Invalid, $"{store.Paths.Root} has no tag '{tag}'.");

    /// <summary>The snapshot of a tag, null when there is no such tag.</summary>
    public static async ValueTask<Snapshot?> TryReadAsync(FileStore store, string tag, CancellationToken cancellationToken)
    {
        if (tag.Length == 0 || tag.AsSpan().ContainsAny('/', '\\'))
        {
            return null;
        }

        var path = store.Paths.Tag(tag);
        var bytes = await SmallFiles.TryReadAsync(store.Environment.FileIO, path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : SnapshotJson.Read(bytes, path);
    }
}

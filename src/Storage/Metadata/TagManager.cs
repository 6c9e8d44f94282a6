using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Finds, reads and writes the tags of a table or branch (docs/format.md#tag). Safe for several threads.</summary>
/// <param name="fileIO">Where the table is.</param>
/// <param name="paths">The table or branch.</param>
internal sealed class TagManager(IFileIO fileIO, TablePaths paths)
{
    /// <summary>Reads a tag, null when there is none of the name.</summary>
    /// <exception cref="PaimonException">Invalid: the name is blank.</exception>
    public async ValueTask<Tag?> TryReadAsync(string name, CancellationToken cancellationToken = default)
    {
        var path = paths.Tag(Check(name));
        var bytes = await SmallFiles.TryReadAsync(fileIO, path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : TagJson.Read(name, bytes, path);
    }

    /// <summary>Reads a tag.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such tag.</exception>
    public async ValueTask<Tag> ReadAsync(string name, CancellationToken cancellationToken = default) =>
        await TryReadAsync(name, cancellationToken).ConfigureAwait(false)
        ?? throw new PaimonException(ErrorKind.Invalid, $"{paths.BranchRoot} has no tag '{name}'.");

    /// <summary>True when there is a tag of the name.</summary>
    public ValueTask<bool> ExistsAsync(string name, CancellationToken cancellationToken = default) =>
        fileIO.ExistsAsync(paths.Tag(Check(name)), cancellationToken);

    /// <summary>All tags, ordered by snapshot id, then by name.</summary>
    public async ValueTask<IReadOnlyList<Tag>> ListAsync(CancellationToken cancellationToken = default)
    {
        var tags = new List<Tag>();
        foreach (var file in await fileIO.ListAsync(paths.TagDirectory, cancellationToken).ConfigureAwait(false))
        {
            // One that has been deleted since the listing is passed over.
            if (!file.IsDirectory
                && file.Name.StartsWith(TablePaths.TagPrefix, StringComparison.Ordinal)
                && file.Name.Length > TablePaths.TagPrefix.Length
                && await TryReadAsync(file.Name[TablePaths.TagPrefix.Length..], cancellationToken).ConfigureAwait(false)
                    is { } tag)
            {
                tags.Add(tag);
            }
        }

        tags.Sort((left, right) => left.Snapshot.Id != right.Snapshot.Id
            ? left.Snapshot.Id.CompareTo(right.Snapshot.Id)
            : string.CompareOrdinal(left.Name, right.Name));
        return tags;
    }

    /// <summary>The snapshots that tags keep, each once, oldest first.</summary>
    public async ValueTask<IReadOnlyList<Snapshot>> TaggedSnapshotsAsync(CancellationToken cancellationToken = default)
    {
        var tags = await ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. tags.Select(tag => tag.Snapshot).DistinctBy(snapshot => snapshot.Id)];
    }

    /// <summary>Writes a tag, over one that has the name.</summary>
    public ValueTask WriteAsync(Tag tag, CancellationToken cancellationToken = default) =>
        fileIO.ReplaceAsync(paths.Tag(Check(tag.Name)), TagJson.Write(tag), cancellationToken);

    /// <summary>Writes a tag unless there is one of the name.</summary>
    /// <returns>False when there is one.</returns>
    public ValueTask<bool> TryCreateAsync(Tag tag, CancellationToken cancellationToken = default) =>
        fileIO.TryPublishAsync(paths.Tag(Check(tag.Name)), TagJson.Write(tag), cancellationToken);

    /// <summary>Removes a tag's file and nothing else.</summary>
    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken = default) =>
        fileIO.DeleteAsync(paths.Tag(Check(name)), cancellationToken);

    private static string Check(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny('/', '\\'))
        {
            PaimonException.ThrowInvalid($"A tag's name is not blank and has no '/' or '\\'; found '{name}'.");
        }

        return name;
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The tags of a table or branch: states that stay readable under a name however old they become. Safe for several threads.
/// </summary>
public sealed class TableTags
{
    private readonly Table _table;
    private readonly FileStore _store;

    internal TableTags(Table table)
    {
        _table = table;
        _store = table.Store;
    }

    /// <summary>All tags, ordered by snapshot, then by name.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<TableTag>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await _store.Tags.ListAsync(cancellationToken).ConfigureAwait(false)).Select(TableTag.From)];

    /// <summary>A tag, null when there is none of the name.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<TableTag?> TryGetAsync(string name, CancellationToken cancellationToken = default) =>
        await _store.Tags.TryReadAsync(name, cancellationToken).ConfigureAwait(false) is { } tag ? TableTag.From(tag) : null;

    /// <summary>Makes a tag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="snapshotId">The state it keeps: a snapshot, or one that another tag keeps; the newest by default.</param>
    /// <param name="timeRetained">
    /// How long it is kept; <c>tag.default-time-retained</c> by default, and until it is deleted where that is not set.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the name is blank or taken, there is no such snapshot, or it has another tag whose name is that of an automatic tag, as
    /// this one's is.
    /// </exception>
    public async ValueTask CreateAsync(
        string name, long? snapshotId = null, TimeSpan? timeRetained = null, CancellationToken cancellationToken = default)
    {
        if (await _store.Tags.ExistsAsync(name, cancellationToken).ConfigureAwait(false))
        {
            ThrowTaken(name);
        }

        var snapshot = await FindAsync(snapshotId, cancellationToken).ConfigureAwait(false);
        await TagAutoCreation.CheckAsync(_store, name, snapshot, cancellationToken).ConfigureAwait(false);
        var tag = NewTag(name, snapshot, timeRetained ?? _table.Options.GetDuration("tag.default-time-retained"));
        if (!await _store.Tags.TryCreateAsync(tag, cancellationToken).ConfigureAwait(false))
        {
            ThrowTaken(name);
        }
    }

    /// <summary>Lets a tag keep another state.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="snapshotId">The state it keeps from now on; the newest by default.</param>
    /// <param name="timeRetained">How long it is kept from now on; until it is deleted by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: there is no such tag or snapshot, or two automatic tags would be of one snapshot.</exception>
    public async ValueTask ReplaceAsync(
        string name, long? snapshotId = null, TimeSpan? timeRetained = null, CancellationToken cancellationToken = default)
    {
        var snapshot = await FindAsync(snapshotId, cancellationToken).ConfigureAwait(false);
        await _store.Tags.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        await TagAutoCreation.CheckAsync(_store, name, snapshot, cancellationToken).ConfigureAwait(false);
        await _store.Tags.WriteAsync(NewTag(name, snapshot, timeRetained), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a tag another name.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="newName">Its name from now on.</param>
    /// <param name="cancellationToken">Gives up waiting; both names may then be there.</param>
    /// <exception cref="PaimonException">Invalid: there is no such tag, or the new name is blank or taken.</exception>
    public async ValueTask RenameAsync(string name, string newName, CancellationToken cancellationToken = default)
    {
        var tag = await _store.Tags.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (!await _store.Tags.TryCreateAsync(tag with { Name = newName }, cancellationToken).ConfigureAwait(false))
        {
            ThrowTaken(newName);
        }

        await _store.Tags.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes a tag, and the files that only it kept; nothing happens when it is not there.
    /// </summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="cancellationToken">Gives up waiting; files that are left are found by the orphan clean.</param>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        new TagDeletion(_store).DeleteAsync(name, cancellationToken);

    private Tag NewTag(string name, Snapshot snapshot, TimeSpan? timeRetained) => timeRetained is null
        ? new Tag(name, snapshot)
        : new Tag(name, snapshot, _table.Environment.TimeProvider.GetLocalNow().DateTime, timeRetained);

    private async ValueTask<Snapshot> FindAsync(long? id, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new PaimonException(ErrorKind.Invalid, $"{_table.Path} has no snapshot yet: there is nothing to tag.");
        }

        if (await _store.Snapshots.TryReadAsync(id.Value, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            return snapshot;
        }

        var tagged = await _store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false);
        return tagged.FirstOrDefault(tag => tag.Id == id)
            ?? throw new PaimonException(ErrorKind.Invalid, $"{_table.Path} has no snapshot {id} to tag.");
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void ThrowTaken(string name) =>
        throw new PaimonException(ErrorKind.Invalid, $"{_table.Path} has a tag '{name}' already; delete or replace it.");
}

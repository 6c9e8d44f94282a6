namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What manifests leave behind when they are read in order: an ADD stays until a DELETE of the same identity, a DELETE without
/// an ADD before it stays for the manifests that are not read here. For one thread.
/// </summary>
internal sealed class MergedEntries
{
    private readonly Dictionary<FileIdentity, int> _positions = [];
    private readonly List<ManifestEntry?> _entries = [];

    /// <summary>What is left, in the order in which it came.</summary>
    public IEnumerable<ManifestEntry> Entries => _entries.Where(entry => entry is not null)!;

    /// <summary>What is left of kind ADD.</summary>
    public IEnumerable<ManifestEntry> Added => Entries.Where(entry => entry.Kind == FileKind.Add);

    /// <summary>The DELETEs without an ADD before them.</summary>
    public IEnumerable<ManifestEntry> UnmatchedDeletes => Entries.Where(entry => entry.Kind == FileKind.Delete);

    /// <summary>Takes an entry.</summary>
    /// <exception cref="CommitConflictException">An ADD of a file that is there, or a second DELETE of one that is not.</exception>
    public void Add(ManifestEntry entry)
    {
        var identity = entry.Identity;
        if (!_positions.TryGetValue(identity, out var position))
        {
            _positions.Add(identity, _entries.Count);
            _entries.Add(entry);
            return;
        }

        var before = _entries[position]!;
        if (entry.Kind == FileKind.Delete && before.Kind == FileKind.Add)
        {
            _positions.Remove(identity);
            _entries[position] = null;
            return;
        }

        if (entry.Kind == FileKind.Add && before.Kind == FileKind.Delete)
        {
            // The file went and came back under one identity: the DELETE has done its work on what is not read here.
            _positions[identity] = _entries.Count;
            _entries.Add(entry);
            return;
        }

        throw new CommitConflictException(
            entry.Kind == FileKind.Add
                ? $"The file {identity} is added although it is in the table already."
                : $"The file {identity} is removed twice.",
            [identity.FileName]);
    }
}

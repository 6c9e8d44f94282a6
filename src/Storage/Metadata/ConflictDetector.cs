using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Says whether a commit fits the table as it is (docs/format.md#commit-conflicts): bucket counts stay, files that it removes
/// are there, files that it adds are not, and runs above level 0 do not overlap. Immutable; safe for several threads.
/// </summary>
/// <param name="keyType">The key columns of data files; null or empty for a table without primary key.</param>
internal sealed class ConflictDetector(RowType? keyType)
{
    /// <summary>Checks a commit.</summary>
    /// <param name="baseEntries">The live files of the partitions that the commit changes.</param>
    /// <param name="delta">The commit's own entries, in order.</param>
    /// <param name="kind">What the commit is.</param>
    /// <exception cref="CommitConflictException">It does not fit.</exception>
    public void Check(IReadOnlyList<ManifestEntry> baseEntries, IReadOnlyList<ManifestEntry> delta, CommitKind kind)
    {
        if (kind != CommitKind.Overwrite)
        {
            CheckTotalBuckets(baseEntries, delta);
        }

        CheckDelta(delta);
        var merged = new MergedEntries();
        foreach (var entry in baseEntries)
        {
            merged.Add(entry);
        }

        foreach (var entry in delta)
        {
            merged.Add(entry);
        }

        var missing = merged.UnmatchedDeletes.Select(entry => entry.Identity).ToList();
        if (missing.Count > 0)
        {
            throw new CommitConflictException(
                $"The commit removes files that are not in the table any more, {string.Join(", ", missing.Take(5))}"
                + $"{(missing.Count > 5 ? $" and {missing.Count - 5} others" : string.Empty)}: another writer compacted or"
                + " overwrote the same bucket first. Let one writer at a time compact a bucket, or set 'write-only'.",
                [.. missing.Select(identity => identity.FileName)]);
        }

        if (keyType is { Fields.Count: > 0 })
        {
            CheckRuns(merged.Added, delta);
        }
    }

    /// <summary>Checks that compactions which looked keys up or dropped deletes knew all files above level 0.</summary>
    /// <param name="live">The live files of the partitions that the commit changes.</param>
    /// <param name="messages">The commit's parts.</param>
    /// <exception cref="CommitConflictException">Another compaction added files: a key could be in them too.</exception>
    public static void CheckKnownFiles(IReadOnlyList<ManifestEntry> live, IReadOnlyList<CommitMessage> messages)
    {
        var known = messages.Where(message => message.CompactKnownFiles is not null)
            .ToDictionary(message => (message.Partition, message.Bucket), message => message.CompactKnownFiles!);
        var other = known.Count == 0
            ? null
            : live.FirstOrDefault(entry => entry.File.Level > 0
                && known.TryGetValue((entry.Partition, entry.Bucket), out var files)
                && !files.Contains(entry.File.FileName));
        if (other is not null)
        {
            throw new CommitConflictException(
                $"The compaction looked keys up, or dropped deletes, without the file {other.Identity}: another writer compacted the same bucket first. Let"
                + " one writer at a time compact a bucket, or set 'write-only'.",
                [other.File.FileName]);
        }
    }

    /// <summary>
    /// The files of an overwrite, at the highest level in every bucket where they do not overlap: they are all of their bucket,
    /// and so need no merge (docs/format.md#overwrite).
    /// </summary>
    /// <param name="added">The files added.</param>
    /// <param name="options">The table's options.</param>
    public IReadOnlyList<ManifestEntry> MoveUp(IReadOnlyList<ManifestEntry> added, FileStoreOptions options)
    {
        if (!options.OverwriteUpgrade
            || keyType is not { Fields.Count: > 0 }
            || added.Any(entry => entry.File.Level > 0 || entry.Bucket < 0))
        {
            return added;
        }

        var result = new List<ManifestEntry>();
        foreach (var bucket in added.GroupBy(entry => (entry.Partition, entry.Bucket)))
        {
            ManifestEntry[] files = [.. bucket];
            result.AddRange(FindOverlap(files) is null
                ? files.Select(entry => entry with { File = entry.File with { Level = options.MaxLevel } })
                : files);
        }

        return result;
    }

    private static void CheckTotalBuckets(IReadOnlyList<ManifestEntry> baseEntries, IReadOnlyList<ManifestEntry> delta)
    {
        var totals = new Dictionary<BinaryRowBytes, int>();
        foreach (var entry in baseEntries)
        {
            if (entry.TotalBuckets > 0)
            {
                totals[entry.Partition] = entry.TotalBuckets;
            }
        }

        foreach (var entry in delta)
        {
            if (entry.TotalBuckets > 0
                && totals.TryGetValue(entry.Partition, out var total)
                && total != entry.TotalBuckets)
            {
                throw new CommitConflictException(
                    $"The commit writes {entry.TotalBuckets} buckets to a partition of {total}: the table's bucket count"
                    + " changed; overwrite the partition to give it the new count.",
                    [entry.File.FileName]);
            }
        }
    }

    private static void CheckDelta(IReadOnlyList<ManifestEntry> delta)
    {
        var kinds = new Dictionary<FileIdentity, FileKind>();
        foreach (var entry in delta)
        {
            if (!kinds.TryAdd(entry.Identity, entry.Kind))
            {
                throw new CommitConflictException(
                    $"The commit names the file {entry.Identity} twice.", [entry.File.FileName]);
            }
        }
    }

    private void CheckRuns(IEnumerable<ManifestEntry> live, IReadOnlyList<ManifestEntry> delta)
    {
        // Only runs that this commit adds a file to can have become wrong by it.
        var touched = delta
            .Where(entry => entry.Kind == FileKind.Add && entry.File.Level > 0)
            .Select(entry => (entry.Partition, entry.Bucket, entry.File.Level))
            .ToHashSet();
        if (touched.Count == 0)
        {
            return;
        }

        foreach (var run in live
            .Where(entry => touched.Contains((entry.Partition, entry.Bucket, entry.File.Level)))
            .GroupBy(entry => (entry.Partition, entry.Bucket, entry.File.Level)))
        {
            CheckRun([.. run]);
        }
    }

    private void CheckRun(ManifestEntry[] files)
    {
        if (FindOverlap(files) is var (left, right))
        {
            throw new CommitConflictException(
                $"The files {left.Identity} and {right.Identity} of one sorted run would overlap: another writer compacted the"
                + " same bucket first. Let one writer at a time compact a bucket, or set 'write-only'.",
                [left.File.FileName, right.File.FileName]);
        }
    }

    /// <summary>Two files whose keys overlap, null when there are none.</summary>
    private (ManifestEntry Left, ManifestEntry Right)? FindOverlap(ManifestEntry[] files)
    {
        var minKeys = Encode(files, file => file.MinKey);
        var maxKeys = Encode(files, file => file.MaxKey);
        var order = Enumerable.Range(0, files.Length).ToArray();
        Array.Sort(order, minKeys.Compare);
        for (var i = 1; i < order.Length; i++)
        {
            var (before, after) = (order[i - 1], order[i]);
            if (maxKeys.Compare(before, minKeys, after) >= 0)
            {
                return (files[before], files[after]);
            }
        }

        return null;
    }

    private EncodedKeys Encode(ManifestEntry[] files, Func<DataFileMeta, BinaryRowBytes> keyOf)
    {
        var reader = new BinaryRowReader(keyType!);
        var columns = keyType!.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
        foreach (var file in files)
        {
            reader.ReadSerialized(keyOf(file.File).Serialized, columns);
        }

        var encoder = new KeyEncoder(keyType);
        var keys = encoder.CreateKeys();
        encoder.Encode(columns, 0, files.Length, keys);
        return keys;
    }
}

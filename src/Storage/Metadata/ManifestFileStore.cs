using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The manifests of a table: reads them, and writes entries to new ones of about a target size. Safe for several threads.</summary>
/// <param name="paths">Where the table is.</param>
/// <param name="files">Reads and writes metadata files.</param>
/// <param name="partitionType">The partition columns.</param>
/// <param name="targetSizeBytes">Where a manifest ends and the next begins.</param>
internal sealed class ManifestFileStore(TablePaths paths, MetadataFile files, RowType partitionType, long targetSizeBytes)
{
    /// <summary>Reads the entries of a manifest.</summary>
    /// <param name="name">The manifest.</param>
    /// <param name="accept">The entries wanted; null for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<List<ManifestEntry>> ReadAsync(
        string name, Predicate<ManifestEntry>? accept, CancellationToken cancellationToken) =>
        files.ReadAsync(paths.Manifest(name), ManifestEntryCodec.Instance, accept, cancellationToken);

    /// <summary>Writes entries in order to as many manifests as they need.</summary>
    /// <returns>The manifests' lines for a list; none for no entry.</returns>
    public async ValueTask<List<ManifestFileMeta>> WriteAsync(
        IReadOnlyList<ManifestEntry> entries, ManifestNames names, CancellationToken cancellationToken)
    {
        var metas = new List<ManifestFileMeta>();
        for (var next = 0; next < entries.Count;)
        {
            var (meta, count) = await WriteOneAsync(entries, next, names.NextManifest(), cancellationToken)
                .ConfigureAwait(false);
            metas.Add(meta);
            next += count;
        }

        return metas;
    }

    private async ValueTask<(ManifestFileMeta Meta, int Count)> WriteOneAsync(
        IReadOnlyList<ManifestEntry> entries, int start, string name, CancellationToken cancellationToken)
    {
        var writer = await files.CreateAsync(paths.Manifest(name), ManifestEntryCodec.Instance, cancellationToken)
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var next = start;
            while (next < entries.Count && writer.EstimatedSizeBytes < targetSizeBytes)
            {
                ManifestEntryCodec.Instance.Write(writer.Rows, entries[next++]);
                if (writer.EndRow())
                {
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            // A header alone may pass a tiny target: every manifest still takes an entry.
            if (next == start)
            {
                ManifestEntryCodec.Instance.Write(writer.Rows, entries[next++]);
                writer.EndRow();
            }

            var size = await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
            return (Describe(entries, start, next, name, size), next - start);
        }
    }

    private ManifestFileMeta Describe(IReadOnlyList<ManifestEntry> entries, int start, int end, string name, long sizeBytes)
    {
        var stats = new PartitionStatistics(partitionType);
        var first = entries[start];
        var (added, schemaId) = (0L, long.MinValue);
        var (minBucket, maxBucket, minLevel, maxLevel) = (first.Bucket, first.Bucket, first.File.Level, first.File.Level);
        var (minRowId, maxRowId, allRowIds) = (long.MaxValue, long.MinValue, true);
        for (var i = start; i < end; i++)
        {
            var entry = entries[i];
            stats.Add(entry.Partition);
            added += entry.Kind == FileKind.Add ? 1 : 0;
            schemaId = Math.Max(schemaId, entry.File.SchemaId);
            minBucket = Math.Min(minBucket, entry.Bucket);
            maxBucket = Math.Max(maxBucket, entry.Bucket);
            minLevel = Math.Min(minLevel, entry.File.Level);
            maxLevel = Math.Max(maxLevel, entry.File.Level);
            allRowIds &= entry.File.FirstRowId is not null;
            minRowId = Math.Min(minRowId, entry.File.FirstRowId ?? long.MaxValue);
            maxRowId = Math.Max(maxRowId, entry.File.FirstRowId + entry.File.RowCount - 1 ?? long.MinValue);
        }

        return new ManifestFileMeta
        {
            FileName = name,
            FileSizeBytes = sizeBytes,
            AddedFileCount = added,
            DeletedFileCount = end - start - added,
            PartitionStats = stats.Finish(),
            SchemaId = schemaId,
            MinBucket = minBucket,
            MaxBucket = maxBucket,
            MinLevel = minLevel,
            MaxLevel = maxLevel,
            MinRowId = allRowIds ? minRowId : null,
            MaxRowId = allRowIds ? maxRowId : null,
        };
    }
}

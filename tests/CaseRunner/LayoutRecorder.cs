using System.Buffers.Binary;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>The live files of a snapshot as its manifests list them.</summary>
internal static class LayoutRecorder
{
    public static async Task<JsonArray> RecordAsync(Table table, Snapshot snapshot, bool withStatistics)
    {
        var layout = new JsonArray();
        var entries = await table.Store.Scan.LiveAsync(snapshot, ScanFilter.All);
        var indexes = await table.Store.IndexEntriesAsync(snapshot);
        var deletions = new DeletionFiles(indexes, table.Store.IndexPaths);
        foreach (var entry in entries
            .OrderBy(entry => table.Store.DataPaths.Partitions.Path(entry.Partition), StringComparer.Ordinal)
            .ThenBy(entry => entry.Bucket).ThenBy(entry => entry.File.Level).ThenBy(entry => entry.File.MinSequenceNumber))
        {
            var schema = await table.Store.Schemas.ReadAsync(entry.File.SchemaId);
            var described = Describe(schema, entry, withStatistics);
            if (deletions.OfBucket(entry.Partition, entry.Bucket).TryGetValue(entry.File.FileName, out var deletion))
            {
                var vector = await DeletionVectorFile.ReadAsync(table.Store.Environment.FileIO, deletion, default);
                described["deletedPositions"] = new JsonArray([.. Enumerable.Range(0, (int)entry.File.RowCount)
                    .Where(row => vector.IsDeleted(row)).Select(row => JsonValue.Create(row))]);
            }

            layout.Add(described);
        }

        foreach (var entry in indexes.Where(entry => entry.IndexType == IndexManifestEntry.HashIndex))
        {
            layout.Add(new JsonObject
            {
                ["index"] = entry.IndexType,
                ["partition"] = Values(table.Schema.PartitionType, entry.Partition),
                ["bucket"] = entry.Bucket,
                ["rowCount"] = entry.RowCount,
                ["hashes"] = await HashesAsync(table, entry),
            });
        }

        return layout;
    }

    private static async Task<JsonArray> HashesAsync(Table table, IndexManifestEntry entry)
    {
        var path = entry.ExternalPath ?? table.Store.Paths.Index(entry.FileName);
        var bytes = await SmallFiles.ReadAsync(table.Store.Environment.FileIO, path, default);
        var hashes = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(i * sizeof(int)));
        }

        return new JsonArray([.. hashes.Order().Select(hash => JsonValue.Create(hash))]);
    }

    /// <summary>A file as a layout shows it.</summary>
    /// <param name="schema">The schema that it was written with.</param>
    /// <param name="entry">The file.</param>
    /// <param name="withStatistics">True to show the bounds of its columns.</param>
    public static JsonObject Describe(TableSchema schema, ManifestEntry entry, bool withStatistics = false)
    {
        var file = entry.File;
        var result = new JsonObject
        {
            ["partition"] = Values(schema.PartitionType, entry.Partition),
            ["bucket"] = entry.Bucket,
            ["totalBuckets"] = entry.TotalBuckets,
            ["level"] = file.Level,
            ["rowCount"] = file.RowCount,
            ["deleteRowCount"] = file.DeleteRowCount,
            ["minKey"] = Values(schema.TrimmedPrimaryKeyType, file.MinKey),
            ["maxKey"] = Values(schema.TrimmedPrimaryKeyType, file.MaxKey),
            ["minSeq"] = file.MinSequenceNumber,
            ["maxSeq"] = file.MaxSequenceNumber,
            ["schemaId"] = file.SchemaId,
            ["source"] = file.FileSource?.ToString().ToUpperInvariant(),
            ["format"] = file.FileName[(file.FileName.LastIndexOf('.') + 1)..],
            ["size"] = file.FileSizeBytes,
        };
        if (withStatistics)
        {
            var columns = file.ValueStatsColumns;
            result["keyStats"] = Statistics(schema.TrimmedPrimaryKeyType, file.KeyStats);
            result["valueStatsCols"] = columns is null ? null : new JsonArray([.. columns.Select(name => JsonValue.Create(name))]);
            result["valueStats"] = Statistics(
                columns is null ? schema.RowType : schema.RowType.Project(schema.IndexesOf(columns)), file.ValueStats);
        }

        return result;
    }

    private static JsonObject? Statistics(RowType type, SimpleStats stats) => new()
    {
        ["min"] = Values(type, stats.MinValues),
        ["max"] = Values(type, stats.MaxValues),
        ["nullCounts"] = new JsonArray([.. stats.NullCounts.Select(count => JsonValue.Create(count))]),
    };

    private static JsonArray Values(RowType type, BinaryRowBytes row)
    {
        if (row.Arity != type.Fields.Count || row.Arity == 0)
        {
            return [];
        }

        var nullable = new RowType([.. type.Fields.Select(field => field with { Type = field.Type.Nullable() })]);
        return RowRecorder.Values(BinaryRows.Read(nullable, row));
    }
}

using System.IO.Compression;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Metadata;

public sealed class GoldenManifestTests
{
    [Fact]
    public async Task Every_golden_snapshot_lists_its_live_files_and_its_row_count()
    {
        var (snapshots, refused) = (0, 0);
        await foreach (var (io, root) in TablesAsync())
        {
            var paths = new TablePaths(root);
            var files = new MetadataFile(new StorageEnvironment(io));
            var lists = new ManifestListStore(paths, files);
            var scan = new FileStoreScan(lists, new ManifestFileStore(paths, files, PaimonSharp.Data.Types.DataTypes.Row(), 1));
            var manager = new SnapshotManager(io, paths);
            foreach (var id in await manager.ListIdsAsync())
            {
                var snapshot = await manager.ReadAsync(id);
                try
                {
                    var live = await scan.LiveAsync(snapshot, ScanFilter.All);
                    var delta = await scan.DeltaAsync(snapshot, ScanFilter.All);
                    var changelog = await scan.ChangelogAsync(snapshot, ScanFilter.All);
                    if (snapshot.TimeMillis > 0 && !root.Contains("0.2", StringComparison.Ordinal))
                    {
                        Assert.Equal(
                            $"{root} {id}: {snapshot.TotalRecordCount} {snapshot.DeltaRecordCount} {snapshot.ChangelogRecordCount ?? 0}",
                            $"{root} {id}: {live.Sum(entry => entry.File.RowCount)} {delta.Sum(SignedRows)}"
                            + $" {changelog.Sum(SignedRows)}");
                    }

                    snapshots++;
                }
                catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
                {
                    Assert.Matches("orc|parquet", error.Message);
                    refused++;
                }
            }
        }

        Assert.True(snapshots > 2000, $"{snapshots} snapshots read");
        Assert.True(refused > 0, "no ORC manifest was met");
    }

    [Fact]
    public async Task Manifests_are_written_with_the_schema_text_that_Paimon_writes()
    {
        var schemas = new Dictionary<string, string>
        {
            ["manifest-list-"] = ManifestFileMetaCodec.Instance.Schema,
            ["manifest-"] = ManifestEntryCodec.Instance.Schema,
            ["index-manifest-"] = IndexManifestCodec.Instance.Schema,
        };
        var seen = new HashSet<string>();
        await foreach (var (io, root) in TablesAsync("cases"))
        {
            foreach (var file in await io.ListAsync($"{root}/manifest"))
            {
                var prefix = schemas.Keys.Where(key => file.Name.StartsWith(key, StringComparison.Ordinal)).MaxBy(key => key.Length)!;
                var bytes = await SmallFiles.ReadAsync(io, file.Path, default);
                var header = System.Text.Encoding.Latin1.GetString(bytes);
                if (header.StartsWith("Obj", StringComparison.Ordinal))
                {
                    Assert.Contains(schemas[prefix], header);
                    seen.Add(prefix);
                }
            }
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task Entries_written_again_are_read_as_they_were()
    {
        var entries = new List<ManifestEntry>();
        var metas = new List<ManifestFileMeta>();
        await foreach (var (io, root) in TablesAsync("cases"))
        {
            var paths = new TablePaths(root);
            var files = new MetadataFile(new StorageEnvironment(io));
            foreach (var file in await io.ListAsync(paths.ManifestDirectory))
            {
                if (file.Name.StartsWith("manifest-list", StringComparison.Ordinal))
                {
                    metas.AddRange(await files.ReadAsync(file.Path, ManifestFileMetaCodec.Instance, null, default));
                }
                else if (file.Name.StartsWith("manifest-", StringComparison.Ordinal))
                {
                    entries.AddRange(await files.ReadAsync(file.Path, ManifestEntryCodec.Instance, null, default));
                }
            }
        }

        foreach (var compression in new[] { "null", "deflate", "snappy", "zstd" })
        {
            var files = new MetadataFile(new StorageEnvironment(new MemoryFileIO()), compression);
            await files.WriteAsync("/t/entries", ManifestEntryCodec.Instance, entries, default);
            await files.WriteAsync("/t/metas", ManifestFileMetaCodec.Instance, metas, default);
            var again = await files.ReadAsync("/t/entries", ManifestEntryCodec.Instance, null, default);
            Assert.Equal(entries.Select(Bytes), again.Select(Bytes));
            Assert.Equal(metas.Select(Bytes), (await files.ReadAsync("/t/metas", ManifestFileMetaCodec.Instance, null, default)).Select(Bytes));
        }
    }

    private static long SignedRows(ManifestEntry entry) =>
        entry.Kind == FileKind.Add ? entry.File.RowCount : -entry.File.RowCount;

    private static string Bytes(ManifestEntry entry)
    {
        var encoder = new AvroEncoder();
        ManifestEntryCodec.Instance.Write(encoder, entry);
        return Convert.ToHexString(encoder.Written);
    }

    private static string Bytes(ManifestFileMeta meta)
    {
        var encoder = new AvroEncoder();
        ManifestFileMetaCodec.Instance.Write(encoder, meta);
        return Convert.ToHexString(encoder.Written);
    }

    /// <summary>All golden tables with a snapshot folder; zipped ones unpacked into memory.</summary>
    private static async IAsyncEnumerable<(IFileIO FileIO, string Root)> TablesAsync(string folder = "")
    {
        var golden = GoldenData.GoldenPath(folder);
        Assert.SkipUnless(Directory.Exists(golden), $"no golden tables at {golden}");
        foreach (var snapshots in Directory.EnumerateDirectories(golden, "snapshot", SearchOption.AllDirectories))
        {
            if (!snapshots.Contains("/branch/", StringComparison.Ordinal))
            {
                yield return (new LocalFileIO(), Path.GetDirectoryName(snapshots)!);
            }
        }

        foreach (var zip in Directory.EnumerateFiles(golden, "table.zip", SearchOption.AllDirectories))
        {
            var memory = new MemoryFileIO();
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries)
            {
                if (entry.FullName.Contains("/manifest/", StringComparison.Ordinal)
                    || entry.FullName.Contains("/snapshot/", StringComparison.Ordinal))
                {
                    await using var stream = entry.Open();
                    using var bytes = new MemoryStream();
                    await stream.CopyToAsync(bytes);
                    await memory.ReplaceAsync($"{zip}/{entry.FullName}", bytes.ToArray());
                }
            }

            yield return (memory, $"{zip}/table");
        }
    }
}

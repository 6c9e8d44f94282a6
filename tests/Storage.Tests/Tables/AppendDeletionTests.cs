using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Compactions of tables without primary key from which another engine deleted rows by deletion vectors.</summary>
public class AppendDeletionTests
{
    private static readonly string[] Left = ["{\"id\":1}", "{\"id\":3}", "{\"id\":4}", "{\"id\":5}"];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Rows_that_were_deleted_are_left_out_and_their_vectors_go(bool isFull, bool is64Bit)
    {
        var table = await CreateAsync(("deletion-vectors.bitmap64", is64Bit ? "true" : "false"));
        await WriteAsync(table);
        await DeleteAsync(table, is64Bit, (0, 0), (2, 0));
        Assert.Equal(Left, await TableKit.RowsAsync(table.NewScan()));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.CompactAsync(isFull);
            Assert.Equal("COMPACT", Assert.Single(await writer.CommitAsync()).CommitKind);
        }

        Assert.Equal(Left, await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(4, (await LiveAsync(table)).Sum(entry => entry.File.RowCount));
        Assert.Empty(await VectorsAsync(table));
    }

    [Fact]
    public async Task Large_files_stay_up_to_the_first_with_deleted_rows()
    {
        var table = await CreateAsync(("target-file-size", "1 b"));
        await WriteAsync(table);
        await DeleteAsync(table, is64Bit: false, (4, 0));
        await using (var writer = table.NewWriter("job"))
        {
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        // Of that file nothing is left; the one after it was rewritten.
        Assert.Equal([1, 1, 1, 1, 1], (await LiveAsync(table)).Select(entry => entry.File.RowCount));
        Assert.Empty(await VectorsAsync(table));
        Assert.Equal(5, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Rows_that_are_deleted_meanwhile_stay_deleted()
    {
        var table = await CreateAsync();
        await WriteAsync(table);
        await using (var writer = table.NewWriter("job"))
        {
            await writer.CompactAsync();
            await DeleteAsync(table, is64Bit: false, (0, 0), (2, 0));
            await writer.CommitAsync();
            Assert.Equal(1, writer.LostCompactions);
            Assert.Equal(Left, await TableKit.RowsAsync(table.NewScan()));
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        Assert.Equal(Left, await TableKit.RowsAsync(table.NewScan()));
        Assert.Single(await LiveAsync(table));
    }

    private static async Task<Table> CreateAsync(params (string Key, string Value)[] options)
    {
        var definition = new TableDefinition().Column("id", DataTypes.Int)
            .Option("bucket", "1").Option("bucket-key", "id").Option("deletion-vectors.enabled", "true");
        var catalog = await TableKit.OpenCatalogAsync();
        return await catalog.CreateTableAsync(
            new Identifier("db", "t"), options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }

    private static async Task WriteAsync(Table table)
    {
        await using var writer = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" }).NewWriter("writer");
        for (var id = 0; id < 6; id++)
        {
            await writer.UpsertAsync(id);
            await writer.CommitAsync();
        }
    }

    // What an engine does that deletes rows: one file of vectors for the bucket.
    private static async Task DeleteAsync(Table table, bool is64Bit, params (int File, long Position)[] rows)
    {
        var live = await LiveAsync(table);
        var vectors = rows.ToDictionary(row => live[row.File].File.FileName, row =>
        {
            var vector = new DeletionVector(is64Bit);
            vector.Delete(row.Position);
            return vector;
        });
        var entry = new IndexManifestEntry
        {
            Kind = FileKind.Add,
            Partition = BinaryRowBytes.Empty,
            Bucket = 0,
            IndexType = IndexManifestEntry.DeletionVectorsIndex,
            FileName = "index-of-another-engine-0",
            FileSizeBytes = 0,
            RowCount = vectors.Count,
        };
        var (ranges, size) = await DeletionVectorFile.WriteAsync(
            table.Environment.FileIO, table.Store.IndexPath(entry), vectors, CancellationToken.None);
        var message = new CommitMessage(BinaryRowBytes.Empty, 0, 1)
        {
            NewIndexFiles = [entry with { FileSizeBytes = size, DeletionVectors = ranges }],
        };
        await table.Store.NewCommit("engine").CommitAsync(new Committable(1, [message]));
    }

    private static async Task<List<ManifestEntry>> LiveAsync(Table table) =>
    [
        .. (await table.Store.Scan.LiveAsync((await table.Store.Snapshots.LatestAsync())!, ScanFilter.All))
            .OrderBy(entry => entry.File.MinSequenceNumber),
    ];

    private static async Task<IReadOnlyList<DeletionVectorRange>> VectorsAsync(Table table) =>
    [
        .. (await table.Store.IndexEntriesAsync((await table.Store.Snapshots.LatestAsync())!, CancellationToken.None))
            .SelectMany(entry => entry.DeletionVectors ?? []),
    ];
}

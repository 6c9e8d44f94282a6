using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>File indexes of tables that Paimon wrote: made again from the data they are the same bytes, and they miss no row.</summary>
public class GoldenFileIndexTests
{
    [Theory]
    [InlineData("format-index-bitmap-embedded")]
    [InlineData("format-index-bloom-filter-side")]
    [InlineData("format-index-bsi-embedded")]
    [InlineData("format-index-range-bitmap-side")]
    public async Task Indexes_made_from_the_data_are_the_bytes_that_Paimon_wrote(string name)
    {
        var folder = GoldenData.GoldenPath("cases", name);
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is absent: set PAIMON_GOLDEN.");
        using var recorded = GoldenCase.TryOpen(folder);
        var table = await Table.OpenAsync(recorded!.Table);
        var count = 0;
        foreach (var (file, path, columns) in await FilesAsync(table))
        {
            var expected = await IndexOfAsync(file, path);
            var options = FileIndexOptions.From(table.Schema.RowType, table.Options);
            var writer = DataFileIndexWriter.TryCreate(options);
            writer!.Add(columns, 0, (int)file.RowCount);
            using var folderOfIndex = new TempDirectory("index");
            var indexed = await writer.AddToAsync(
                file with { EmbeddedFileIndex = null, ExtraFiles = [] },
                table.Environment.FileIO,
                folderOfIndex.Path,
                TestContext.Current.CancellationToken);
            var actual = indexed.EmbeddedFileIndex?.ToArray()
                ?? await File.ReadAllBytesAsync(folderOfIndex.File(indexed.ExtraFiles[0]));
            Assert.Equal(file.ExtraFiles, indexed.ExtraFiles);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
            count++;
        }

        Assert.True(count > 0, "the table has no file");
    }

    [Fact]
    public async Task No_condition_loses_a_row_by_an_index_and_some_are_answered_by_it()
    {
        var index = GoldenData.GoldenPath("paimon-cpp-parquet");
        Assert.SkipUnless(Directory.Exists(index), $"{index} is absent: set PAIMON_GOLDEN.");
        var (answered, tables) = (0, 0);
        foreach (var folder in Directory.GetDirectories(index).Where(folder => Directory.Exists(Path.Combine(folder, "schema"))))
        {
            var table = await Table.OpenAsync(folder);
            if (!table.Options.Texts.Keys.Any(key => key.StartsWith("file-index.", StringComparison.Ordinal)))
            {
                continue;
            }

            tables++;
            foreach (var (file, path, columns) in await FilesAsync(table))
            {
                var batch = new ColumnBatch(table.Schema.RowType, columns, (int)file.RowCount);
                var schema = await table.Store.Schemas.ReadAsync(file.SchemaId, TestContext.Current.CancellationToken);
                foreach (var leaf in LeavesOf(batch))
                {
                    var filter = FileIndexFilter.TryCreate(leaf, table.Schema, table.Options)!;
                    var result = await filter.TestAsync(
                        file, schema, table.Environment.FileIO, path, TestContext.Current.CancellationToken);
                    var selection = new RowSelection();
                    leaf.Evaluate(batch, selection);
                    for (var row = 0; row < batch.RowCount; row++)
                    {
                        Assert.True(
                            !selection[row] || result.Rows is null || result.Rows.Contains((uint)row), $"{folder}: {leaf}, row {row}");
                    }

                    answered += result.Rows is null ? 0 : 1;
                }
            }
        }

        Assert.True(tables > 0 && answered > 0, $"{answered} conditions were answered in {tables} tables");
    }

    private static IEnumerable<LeafPredicate> LeavesOf(ColumnBatch batch)
    {
        for (var column = 0; column < batch.Columns.Count; column++)
        {
            var values = batch.Columns[column];
            if (values is ListVector or MapVector or StructVector)
            {
                continue;
            }

            for (var row = 0; row < Math.Min(4, batch.RowCount); row++)
            {
                if (values.IsNull(row))
                {
                    continue;
                }

                var literal = ColumnVector.Create(values.Type.Nullable());
                literal.AppendRange(values, row, 1);
                foreach (var comparison in (PredicateOperator[])[PredicateOperator.Equal, PredicateOperator.NotEqual,
                    PredicateOperator.GreaterThan, PredicateOperator.LessOrEqual])
                {
                    yield return new LeafPredicate(batch.RowType.Fields[column].Name, comparison, literal);
                }
            }
        }
    }

    private static async Task<byte[]> IndexOfAsync(DataFileMeta file, string path)
    {
        if (file.EmbeddedFileIndex is { } embedded)
        {
            return embedded.ToArray();
        }

        var name = Assert.Single(file.ExtraFiles);
        return await File.ReadAllBytesAsync(Path.Combine(Path.GetDirectoryName(path)!, name));
    }

    // The live files of a table with the rows as they are stored, all columns of the table's schema.
    private static async Task<List<(DataFileMeta File, string Path, ColumnVector[] Columns)>> FilesAsync(Table table)
    {
        var token = TestContext.Current.CancellationToken;
        var files = new List<(DataFileMeta, string, ColumnVector[])>();
        if (await table.Store.Snapshots.LatestAsync(token) is not { } snapshot)
        {
            return files;
        }

        List<ManifestEntry> entries;
        try
        {
            entries = await table.Store.Scan.LiveAsync(snapshot, ScanFilter.All, token);
        }
        catch (Data.Errors.PaimonException e) when (e.Kind == Data.Errors.ErrorKind.Unsupported)
        {
            return files;
        }

        // Files of older schemas are tested by the reads of those tables.
        foreach (var entry in entries.Where(entry => entry.File.SchemaId == table.Schema.Id))
        {
            var bucket = table.BucketOf(new BucketId(entry.Partition, entry.Bucket));
            var columns = table.Schema.RowType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
            await using var reader = await bucket.Readers.OpenAsync(entry.File, token);
            while (await reader.ReadAsync(table.Schema.RowType, columns, null, null, 1000, token) > 0)
            {
            }

            files.Add((entry.File, table.Store.DataPaths.File(entry.Partition, entry.Bucket, entry.File), columns));
        }

        return files;
    }
}

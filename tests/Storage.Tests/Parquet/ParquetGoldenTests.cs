using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Reading;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Parquet files written by Apache Paimon.</summary>
public sealed class ParquetGoldenTests
{
    [Fact]
    public async Task Every_golden_file_is_read_and_written_again_with_equal_rows()
    {
        var files = 0;
        foreach (var (name, content) in GoldenFiles())
        {
            var io = new MemoryFileIO();
            await io.ReplaceAsync("/golden.parquet", content, TestContext.Current.CancellationToken);
            var (rowType, columns) = await ReadAsync(io, "/golden.parquet");
            await ParquetFiles.WriteAsync(io, "/ours.parquet", rowType, columns, new FormatWriterOptions());
            var (_, ours) = await ReadAsync(io, "/ours.parquet");
            VectorAssert.Equal(columns, ours);
            Assert.True(columns[0].Length > 0, name);
            files++;
        }

        TestContext.Current.SendDiagnosticMessage($"{files} golden Parquet files");
        Assert.True(files > 0);
    }

    [Fact]
    public async Task Our_schema_of_a_golden_files_types_is_the_one_that_Paimon_wrote()
    {
        var compared = 0;
        foreach (var (name, content) in GoldenFiles())
        {
            var footer = await FooterAsync(content);
            if (!footer.CreatedBy!.StartsWith("parquet-mr", StringComparison.Ordinal)
                || footer.Schema[0].Name != "paimon_schema" || footer.Schema.Skip(1).All(element => element.FieldId is null))
            {
                continue;
            }

            var ours = PaimonSchema.Build(InferredSchema.Of(footer.Schema));
            Assert.True(ours.SequenceEqual(footer.Schema), $"{name}\n{Text(footer.Schema)}\nours\n{Text(ours)}");
            compared++;
        }

        Assert.True(compared > 0);
    }

    [Fact]
    public async Task Append_tables_of_one_file_hold_the_rows_that_are_expected()
    {
        Assert.SkipUnless(Directory.Exists(GoldenData.Golden), $"no golden data in {GoldenData.Golden}");
        var compared = 0;
        foreach (var expectation in Directory.EnumerateFiles(GoldenData.Golden, "*.expected.jsonl", SearchOption.AllDirectories))
        {
            var table = expectation[..^".expected.jsonl".Length];
            var files = Directory.Exists(table) ? Directory.GetFiles(table, "*", SearchOption.AllDirectories) : [];
            if (files.Count(IsData) != 1 || files.Count(file => file.EndsWith(".parquet", StringComparison.Ordinal)) != 1
                || files.Count(file => Path.GetFileName(file).StartsWith("schema-", StringComparison.Ordinal)) != 1)
            {
                continue;
            }

            var lines = await File.ReadAllLinesAsync(expectation, TestContext.Current.CancellationToken);
            var io = new MemoryFileIO();
            await io.ReplaceAsync(
                "/t.parquet",
                await File.ReadAllBytesAsync(files.First(IsData), TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken);
            var (rowType, columns) = await ReadAsync(io, "/t.parquet");
            if (rowType.Fields.Any(field => field.Name.StartsWith('_')) || lines.Length != columns[0].Length)
            {
                continue;
            }

            // DECIMAL, precision and names are in the file; only the order of rows and columns is open.
            var ours = Enumerable.Range(0, columns[0].Length).Select(row => Canonical(Row(rowType, columns, row)));
            var theirs = lines.Select(Canonical).Order(StringComparer.Ordinal).ToArray();
            if (ours.Order(StringComparer.Ordinal).SequenceEqual(theirs))
            {
                compared++;
            }
            else
            {
                Assert.True(IsKnownOtherType(rowType), $"{table}: {string.Join('\n', ours)}\nexpected\n{string.Join('\n', theirs)}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{compared} tables equal their expected rows");
        Assert.True(compared > 0);
    }

    private static bool IsData(string file) =>
        Path.GetFileName(file).StartsWith("data-", StringComparison.Ordinal)
        && Path.GetExtension(file) is ".parquet" or ".orc" or ".avro" or ".blob";

    // INT96 keeps neither the precision nor whether it is an instant; the precision of TIMESTAMP(0) is not kept either.
    private static bool IsKnownOtherType(RowType rowType) => rowType.Fields.Any(field => field.Type is TemporalType);

    private static string Row(RowType rowType, ColumnVector[] columns, int row)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            JsonValueWriter.WriteRow(writer, new ColumnBatch(rowType, columns, columns[0].Length), row);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        var members = document.RootElement.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
        return string.Join(',', members.Select(member => $"{member.Name}={JsonSerializer.Serialize(member.Value)}"));
    }

    private static async Task<(RowType RowType, ColumnVector[] Columns)> ReadAsync(IFileIO io, string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        RowType rowType;
        await using (var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync(path, cancel), cancel))
        {
            rowType = InferredSchema.Of(((ParquetReader)reader).Footer.Schema);
        }

        return (rowType, await ParquetFiles.ReadAsync(io, path, rowType));
    }

    private static async Task<FileFooter> FooterAsync(byte[] content)
    {
        var cancel = TestContext.Current.CancellationToken;
        var io = new MemoryFileIO();
        await io.ReplaceAsync("/f.parquet", content, cancel);
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync("/f.parquet", cancel), cancel);
        return ((ParquetReader)reader).Footer;
    }

    private static string Text(IEnumerable<SchemaElement> elements) => string.Join('\n', elements);

    private static IEnumerable<(string Name, byte[] Content)> GoldenFiles()
    {
        Assert.SkipUnless(Directory.Exists(GoldenData.Golden), $"no golden data in {GoldenData.Golden}");
        foreach (var path in Directory.EnumerateFiles(GoldenData.Golden, "*.parquet", SearchOption.AllDirectories))
        {
            yield return (path, File.ReadAllBytes(path));
        }

        foreach (var path in Directory.EnumerateFiles(GoldenData.Golden, "*.zip", SearchOption.AllDirectories))
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".parquet", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                yield return ($"{path}!{entry.FullName}", content.ToArray());
            }
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PaimonSharp.Data;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Formats.Parquet.Schema;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Docs;

/// <summary>
/// The worked examples of docs/format.md are what the code writes. An example is a fenced block after a line
/// <c>&lt;!-- example: name --&gt;</c>; one of bytes holds hexadecimal digits, and two blanks begin a remark.
/// </summary>
public sealed class FormatExampleTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(GoldenData.Root, "docs", "format.md"));

    [Fact]
    public async Task Table_of_the_examples_is_what_is_written()
    {
        var files = new MemoryFileIO();
        await WriteTableAsync(files);
        const string Root = "/warehouse/shop.db/orders";

        AssertText("schema", Encoding.UTF8.GetString(await ReadAsync(files, $"{Root}/schema/schema-0")));
        AssertText("snapshot", Encoding.UTF8.GetString(await ReadAsync(files, $"{Root}/snapshot/snapshot-1")));
        AssertText("files", await ListAsync(files, Root));
        var snapshot = SnapshotJson.Read(await ReadAsync(files, $"{Root}/snapshot/snapshot-1"), "snapshot-1");
        AssertBytes("manifest-list", RowsOf(await ReadAsync(files, $"{Root}/manifest/{snapshot.DeltaManifestList}")));
        var manifest = (await files.ListAsync($"{Root}/manifest")).Select(file => file.Name)
            .Where(name => name.StartsWith("manifest-0", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        AssertBytes("manifest-entry", RowsOf(await ReadAsync(files, $"{Root}/manifest/{manifest}")));
    }

    [Fact]
    public void Rows_keys_and_buckets_of_the_examples_are_what_is_made()
    {
        var type = new RowType(
        [
            new DataField(0, "id", DataTypes.Int.NotNull()), new DataField(1, "code", DataTypes.String),
            new DataField(2, "name", DataTypes.String), new DataField(3, "price", DataTypes.Decimal(20, 2)),
            new DataField(4, "at", DataTypes.Timestamp(6)),
        ]);
        var row = Columns(
            type, 7, "ab", "hello world", null, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(10));
        AssertBytes("binary-row", new BinaryRowWriter(type).Write(row, 0));

        var keyType = new RowType([new DataField(0, "a", DataTypes.String.NotNull()), new DataField(1, "b", DataTypes.Int)]);
        var encoder = new KeyEncoder(keyType);
        var keys = encoder.CreateKeys();
        encoder.Encode(Columns(keyType, "x\0y", -1), 0, 1, keys);
        AssertBytes("key-bytes", keys[0]);

        var bucketType = new RowType([new DataField(0, "id", DataTypes.BigInt.NotNull())]);
        var buckets = new StringBuilder();
        foreach (var id in (long[])[1, 2, 3])
        {
            var bytes = new BinaryRowWriter(bucketType).Write(Columns(bucketType, id), 0).ToArray();
            var bucket = new int[1];
            BucketFunction.Create(BucketFunctionType.Default, bucketType).Assign(Columns(bucketType, id), 0, 4, bucket);
            buckets.Append(CultureInfo.InvariantCulture, $"id {id}  row {Hex(bytes)}  ")
                .Append(CultureInfo.InvariantCulture, $"hash {Murmur.HashWords(bytes)}  bucket {bucket[0]} of 4\n");
        }

        AssertText("buckets", buckets.ToString());
    }

    [Fact]
    public void Bounds_of_the_examples_are_those_that_are_kept()
    {
        var text = new StringBuilder();
        string[] values =
        [
            "abcdefghijklmnopqrst", "abcdefghijklmno\uD7FFz", "abcdefghijklmno\U0010FFFFz",
            string.Concat(Enumerable.Repeat("\U0010FFFF", 17)),
        ];
        foreach (var value in values)
        {
            var type = new RowType([new DataField(0, "c", DataTypes.String)]);
            var bound = Columns(type, value)[0];
            var stats = SimpleStatsBuilder.Build(type, [new ColumnStatistics(0, bound, bound)], _ => StatsMode.Default);
            text.Append(CultureInfo.InvariantCulture, $"{Escape(value)}  {Bound(type, stats.MinValues)} .. {Bound(type, stats.MaxValues)}\n");
        }

        AssertText("bounds", text.ToString());
    }

    [Fact]
    public void Parquet_schema_of_the_examples_is_what_is_written()
    {
        var fields = new[]
        {
            new DataField(0, "id", DataTypes.BigInt.NotNull()), new DataField(1, "status", DataTypes.String),
            new DataField(2, "amount", DataTypes.Decimal(10, 2)), new DataField(3, "tags", DataTypes.Array(DataTypes.String)),
        };
        var text = new StringBuilder();
        foreach (var element in PaimonSchema.Build(new RowType(fields)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{element.Name} {element.Repetition?.ToString() ?? "-"} ")
                .Append(element.Type?.ToString() ?? "group").Append(' ')
                .Append(element.Logical.Kind == default ? "-" : element.Logical.Kind.ToString())
                .Append(CultureInfo.InvariantCulture, $" {element.FieldId?.ToString(CultureInfo.InvariantCulture) ?? "-"}\n");
        }

        AssertText("parquet-schema", text.ToString());
    }

    [Fact]
    public async Task Index_files_of_the_examples_are_what_is_written()
    {
        AssertBytes("hash-index", HashIndexFile.Write([1, -1]));

        var files = new MemoryFileIO();
        var few = new DeletionVector();
        var run = new DeletionVector(is64Bit: true);
        foreach (var row in (int[])[1, 2, 3])
        {
            few.Delete(row);
        }

        for (var row = 1; row <= 100; row++)
        {
            run.Delete(row);
        }

        await DeletionVectorFile.WriteAsync(
            files, "/index", [new("a", few), new("b", run)], TestContext.Current.CancellationToken);
        AssertBytes("deletion-vectors", await ReadAsync(files, "/index"));

        var column = new BooleanVector(DataTypes.Boolean);
        column.AppendNulls(4);
        column.Append(false);
        var writer = FileIndexWriter.Create(FileIndexKind.Bitmap, "c", column.Type, Data.Options.TableOptions.Empty);
        writer.Add(column, 0, column.Length);
        AssertBytes("file-index", FileIndexContainer.Write([("c", FileIndexKind.Bitmap, writer.Finish())]));
    }

    private static async Task WriteTableAsync(MemoryFileIO files)
    {
        var environment = new StorageEnvironment(files) { Ids = new CountingIds(), TimeProvider = new ManualTime() };
        var catalog = await Catalog.OpenAsync("/warehouse", environment);
        var table = await catalog.CreateTableAsync(new Identifier("shop", "orders"), new TableDefinition()
            .Column("id", DataTypes.BigInt).Column("status", DataTypes.String).PrimaryKey("id")
            .Option("bucket", "1").Option("file.format", "avro")
            .Option("file.compression", "null").Option("manifest.compression", "null"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1L, "PAID");
        await writer.UpsertAsync(3L, "NEW");
        await writer.CommitAsync(
            new CommitOptions { Properties = new Dictionary<string, string> { ["position"] = "binlog.000001:4" } });
    }

    private static async Task<byte[]> ReadAsync(MemoryFileIO files, string path)
    {
        await using var file = await files.OpenAsync(path);
        var bytes = new byte[file.SizeBytes];
        await file.ReadAsync(0, bytes);
        return bytes;
    }

    private static async Task<string> ListAsync(MemoryFileIO files, string directory)
    {
        var text = new StringBuilder();
        foreach (var entry in (await files.ListAsync(directory)).OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            text.Append(entry.IsDirectory
                ? await ListAsync(files, entry.Path)
                : entry.Path["/warehouse/shop.db/orders/".Length..] + "\n");
        }

        return text.ToString();
    }

    /// <summary>The rows of an uncompressed container of one block: what lies between the block's head and its marker.</summary>
    private static byte[] RowsOf(byte[] container)
    {
        var marker = container[^16..];
        var head = container.AsSpan().IndexOf(marker) + marker.Length;
        var block = container.AsSpan(head, container.Length - head - marker.Length);
        var at = 0;
        for (var number = 0; number < 2; number++)
        {
            while ((block[at++] & 0x80) != 0)
            {
            }
        }

        return block[at..].ToArray();
    }

    private static ColumnVector[] Columns(RowType type, params object?[] values)
    {
        var columns = type.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            ValueAppender.Append(columns[i], values[i]);
        }

        return columns;
    }

    private static string Bound(RowType type, BinaryRowBytes row)
    {
        var columns = type.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
        new BinaryRowReader(type).ReadSerialized(row.Serialized, columns);
        return columns[0].IsNull(0) ? "unknown" : Escape((string)ValueReader.GetValue(columns[0], 0)!);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.IsAscii ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"<{rune.Value:X}>"));
        }

        return escaped.ToString();
    }

    private static void AssertText(string example, string written) =>
        Assert.Equal(written.TrimEnd('\n'), Block(example, written), ignoreLineEndingDifferences: true);

    private static void AssertBytes(string example, ReadOnlySpan<byte> made)
    {
        var digits = Block(example, Hex(made)).Split('\n').Select(line => line.Split("  ")[0].Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Hex(made), string.Concat(digits));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Block(string example, string made)
    {
        var mark = $"<!-- example: {example} -->\n```";
        var start = Document.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/format.md has no example '{example}', which would be:\n{made}");
        start = Document.IndexOf('\n', start + mark.Length) + 1;
        return Document[start..Document.IndexOf("\n```", start, StringComparison.Ordinal)];
    }

    /// <summary>Ids that a reader can tell apart.</summary>
    private sealed class CountingIds : IdSource
    {
        private int _next;

        public override string NextUuid()
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteInt32BigEndian(bytes[12..], ++_next);
            return new Guid(bytes, bigEndian: true).ToString("D");
        }
    }
}

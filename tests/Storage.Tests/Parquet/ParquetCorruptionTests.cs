using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet.Reading;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Parquet;

public sealed class ParquetCorruptionTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    public async Task Damaged_files_give_rows_or_a_typed_error_and_nothing_else(string codec)
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf(
        [
            DataTypes.BigInt.NotNull(), DataTypes.String, DataTypes.Decimal(38, 2), DataTypes.Boolean,
            DataTypes.Array(DataTypes.String), DataTypes.Timestamp(9),
        ]);
        var rows = new RandomRows(1);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => rows.Vector(field.Type, 300))];
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(
            io, "/f.parquet", rowType, columns, new FormatWriterOptions { Compression = codec, PageSizeBytes = 700 });
        var whole = await ReadAllAsync(io, "/f.parquet");
        var random = new Random(17);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var bytes = whole;
            Fuzz.Damage(ref bytes, random);
            await io.ReplaceAsync("/damaged.parquet", bytes, cancel);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                await ParquetFiles.ReadAsync(io, "/damaged.parquet", rowType);
            }
            catch (CorruptDataException error)
            {
                Assert.Equal("/damaged.parquet", error.Path);
            }
            catch (PaimonException error)
            {
                Assert.Equal(ErrorKind.Unsupported, error.Kind);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chunk_that_lost_its_dictionary_does_not_use_the_one_before(bool ofNumbers)
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf([ofNumbers ? DataTypes.BigInt : DataTypes.String]);
        var column = ColumnVector.Create(rowType.Fields[0].Type);
        for (var row = 0; row < 3 * 4096; row++)
        {
            if (ofNumbers)
            {
                ((FixedVector<long>)column).Append(row / 4096);
            }
            else
            {
                ((BinaryVector)column).Append($"group {row / 4096}".AsSpan());
            }
        }

        var io = new MemoryFileIO();
        var options = new FormatWriterOptions { Compression = "none", BlockSizeBytes = 1 };
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, [column], options, batch: 4096);
        long dictionary;
        await using (var reader = await ParquetReader.OpenAsync(await io.OpenAsync("/f.parquet", cancel), cancel))
        {
            dictionary = ((ParquetReader)reader).Footer.RowGroups[1].Columns[0].DictionaryPageOffset!.Value;
        }

        // The header's first field, the page's kind: from 2, a dictionary page, to 1, an index page, which is passed over.
        var bytes = await ReadAllAsync(io, "/f.parquet");
        Assert.Equal([0x15, 0x04], bytes.AsSpan((int)dictionary, 2).ToArray());
        bytes[dictionary + 1] = 0x02;
        await io.ReplaceAsync("/f.parquet", bytes, cancel);
        var error = await Assert.ThrowsAsync<CorruptDataException>(() => ParquetFiles.ReadAsync(io, "/f.parquet", rowType));
        Assert.Contains("dictionary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_corrupt()
    {
        var cancel = TestContext.Current.CancellationToken;
        var rowType = ParquetTypes.RowOf([DataTypes.Int]);
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, [new RandomRows(2).Vector(DataTypes.Int, 50)], new FormatWriterOptions());
        var whole = await ReadAllAsync(io, "/f.parquet");
        for (var length = 0; length < whole.Length; length++)
        {
            await io.ReplaceAsync("/cut.parquet", whole.AsMemory(0, length), cancel);
            var error = await Assert.ThrowsAsync<CorruptDataException>(
                () => ParquetFiles.ReadAsync(io, "/cut.parquet", rowType));
            Assert.Equal("/cut.parquet", error.Path);
        }
    }

    [Fact]
    public async Task A_column_of_another_type_is_named_in_the_error()
    {
        var io = new MemoryFileIO();
        await ParquetFiles.WriteAsync(
            io, "/f.parquet", ParquetTypes.RowOf([DataTypes.String]), [new RandomRows(2).Vector(DataTypes.String, 5)], new FormatWriterOptions());
        var error = await Assert.ThrowsAsync<CorruptDataException>(
            () => ParquetFiles.ReadAsync(io, "/f.parquet", ParquetTypes.RowOf([DataTypes.BigInt])));
        Assert.Contains("c0", error.Message, StringComparison.Ordinal);
        Assert.Contains("BIGINT", error.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAllAsync(IFileIO io, string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var file = await io.OpenAsync(path, cancel);
        var bytes = new byte[file.SizeBytes];
        await file.ReadAsync(0, bytes, cancel);
        return bytes;
    }
}

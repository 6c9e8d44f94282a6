using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tests.Parquet;

public class DeltaWriterTests
{
    [Fact]
    public void Differences_are_stored_as_the_format_says()
    {
        Assert.Equal("8001040502" + "0200000000", Convert.ToHexStringLower(Write([1, 2, 3, 4, 5], isInt32: false)));
        Assert.Equal(
            "800104080e" + "0302000000" + "c03f000000000000",
            Convert.ToHexStringLower(Write([7, 5, 3, 1, 2, 3, 4, 5], isInt32: true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Integers_of_every_width_are_read_back(bool isInt32)
    {
        var random = new Random(5);
        for (var width = 0; width <= (isInt32 ? 32 : 64); width++)
        {
            foreach (var count in (int[])[1, 2, 31, 33, 128, 129, 130, 1000])
            {
                var values = new long[count];
                for (var i = 0; i < count; i++)
                {
                    var bits = width == 0 ? 0 : random.NextInt64(long.MinValue, long.MaxValue) >> (64 - width);
                    values[i] = isInt32 ? (int)bits : bits;
                }

                AssertReadBack(values, isInt32);
            }
        }

        AssertReadBack([int.MinValue, int.MaxValue, int.MinValue, 0, int.MaxValue], isInt32);
        if (!isInt32)
        {
            AssertReadBack([long.MinValue, long.MaxValue, long.MinValue, 0, long.MaxValue], isInt32);
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("lz4_raw")]
    [InlineData("none")]
    public async Task Ascending_numbers_take_next_to_nothing_unless_the_first_version_of_the_format_is_asked_for(string codec)
    {
        var rowType = ParquetTypes.RowOf([DataTypes.BigInt.NotNull()]);
        var numbers = new FixedVector<long>(DataTypes.BigInt.NotNull());
        numbers.AppendValues([.. Enumerable.Range(0, 100_000).Select(i => 3L * i)]);
        var sizes = new List<long>();
        foreach (var version in (string[])["PARQUET_2_0", "PARQUET_1_0"])
        {
            var io = new MemoryFileIO();
            var table = new TableOptions(new Dictionary<string, string>
            {
                ["file.compression"] = codec,
                ["parquet.writer.version"] = version,
            });
            var options = DataFileFormats.WriterOptions(table, MemoryBudget.Of(table));
            var result = await ParquetFiles.WriteAsync(io, "/f.parquet", rowType, [numbers], options);
            sizes.Add(result.SizeBytes);
        }

        Assert.InRange(sizes[0], 1, 10_000);
        Assert.InRange(sizes[1], 100_000, 900_000);
    }

    private static void AssertReadBack(long[] values, bool isInt32)
    {
        var bytes = Write(values, isInt32);
        var reader = new DeltaReader();
        reader.Begin([.. bytes, .. new byte[PageBuffer.Slack]], 0, bytes.Length);
        Assert.Equal(values.Length, reader.Left);
        var read = new long[values.Length];
        var first = Math.Min(40, values.Length);
        reader.Read(read.AsSpan(0, first));
        reader.Read(read.AsSpan(first));
        Assert.Equal(values, isInt32 ? [.. read.Select(value => (long)(int)value)] : read);
        Assert.Equal(bytes.Length, reader.Position);
        if (isInt32)
        {
            Assert.InRange(bytes.Length, 1, 32 + (values.Length + 31) / 32 * 32 * 4 + ((values.Length / 128) + 1) * 14);
        }
    }

    private static byte[] Write(long[] values, bool isInt32)
    {
        var buffer = new GrowingBuffer();
        DeltaWriter.Write(values, isInt32, buffer);
        return buffer.Span.ToArray();
    }
}

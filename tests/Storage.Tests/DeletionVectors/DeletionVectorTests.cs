using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.DeletionVectors;

public sealed class DeletionVectorTests
{
    private const string Path = "/table/index/index-1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_live_rows_of_a_window_are_those_that_were_not_deleted(bool is64Bit)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var vector = new DeletionVector(is64Bit);
            var model = new HashSet<long>();
            var rows = random.Next(1, 100_000);
            for (var i = random.Next(rows); i > 0; i--)
            {
                var position = random.Next(rows);
                Assert.Equal(model.Add(position), vector.Delete(position));
            }

            Assert.Equal(model.Count, vector.Cardinality);
            var start = random.Next(rows);
            var count = random.Next(1, 20_000);
            var live = new int[count];
            var found = vector.FindLive(start, count, live);
            Assert.Equal(Enumerable.Range(0, count).Where(row => !model.Contains(start + row)), live[..found]);
            Assert.Equal(count - found, vector.CountDeleted(start, count));
        }
    }

    [Fact]
    public void A_window_may_cross_the_bound_of_two_bitmaps()
    {
        const long Bound = 1L << 32;
        var vector = new DeletionVector(is64Bit: true);
        vector.Delete(Bound - 1);
        vector.Delete(Bound);
        vector.Delete(Bound + 7);
        var live = new int[12];
        var found = vector.FindLive(Bound - 3, 12, live);
        Assert.Equal([0, 1, 4, 5, 6, 7, 8, 9, 11], live[..found]);
        Assert.Equal(3, vector.CountDeleted(Bound - 3, 12));
        Assert.True(vector.IsDeleted(Bound + 7));
        Assert.False(vector.IsDeleted(7));
        var read = DeletionVectorCodec.Read(DeletionVectorCodec.Write(vector));
        Assert.True(read.IsDeleted(Bound + 7) && read.Cardinality == 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_vectors_of_an_index_file_are_found_by_their_ranges(bool is64Bit)
    {
        var files = new MemoryFileIO();
        var vectors = Enumerable.Range(1, 5).ToDictionary(i => $"data-{i}", i =>
        {
            var vector = new DeletionVector(is64Bit);
            for (var row = 0; row < 1000; row += i)
            {
                vector.Delete(row);
            }

            return vector;
        });
        var token = TestContext.Current.CancellationToken;
        var (ranges, size) = await DeletionVectorFile.WriteAsync(files, Path, vectors, token);
        Assert.Equal(1, ranges[0].Offset);
        Assert.Equal((await files.ListAsync("/table/index", token))[0].SizeBytes, size);
        foreach (var range in ranges)
        {
            var file = new DeletionFile(Path, range.Offset, range.Length, range.Cardinality);
            var read = await DeletionVectorFile.ReadAsync(files, file, token);
            Assert.Equal(
                DeletionVectorCodec.Write(vectors[range.DataFileName]), DeletionVectorCodec.Write(read));
            await Assert.ThrowsAsync<CorruptDataException>(
                async () => await DeletionVectorFile.ReadAsync(files, file with { Length = file.Length + 1 }, token));
            await Assert.ThrowsAsync<CorruptDataException>(
                async () => await DeletionVectorFile.ReadAsync(files, file with { Cardinality = 1001 }, token));
            await Assert.ThrowsAsync<CorruptDataException>(
                async () => await DeletionVectorFile.ReadAsync(files, file with { Offset = size }, token));
        }
    }

    [Fact]
    public void A_changed_byte_is_found_by_the_checksum()
    {
        var vector = new DeletionVector();
        vector.Delete(5);
        var bytes = DeletionVectorCodec.Write(vector);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            Assert.Throws<CorruptDataException>(() => DeletionVectorCodec.Read(damaged));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_damage_is_read_as_a_vector_or_refused(bool is64Bit)
    {
        var random = new Random(11);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var vector = new DeletionVector(is64Bit);
            for (var i = random.Next(40); i > 0; i--)
            {
                vector.Delete(random.Next(is64Bit ? int.MaxValue : 70_000) * (is64Bit ? 9L : 1L));
            }

            var bytes = DeletionVectorCodec.Write(vector)[4..^4];
            Fuzz.Damage(ref bytes, random);

            // With a checksum that is right, so that the parser sees the damage.
            var whole = new byte[bytes.Length + 8];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(whole, bytes.Length);
            bytes.CopyTo(whole, 4);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
                whole.AsSpan(4 + bytes.Length), Data.Hashing.Crc32.Compute(bytes));
            try
            {
                Assert.True(DeletionVectorCodec.Read(whole).Cardinality >= 0);
            }
            catch (CorruptDataException)
            {
            }
        }
    }
}

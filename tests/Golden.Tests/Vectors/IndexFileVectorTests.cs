using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Vectors;

public sealed class IndexFileVectorTests
{
    [Fact]
    public void Deletion_vectors_are_the_bytes_that_Paimon_writes_and_read_back()
    {
        foreach (var line in GoldenVectors.Read("deletion-vector.jsonl"))
        {
            var vector = new DeletionVector(line.GetProperty("bits").GetInt32() == 64);
            if (line.TryGetProperty("error", out _))
            {
                var error = Assert.Throws<PaimonException>(() => DeleteAll(line, vector));
                Assert.Equal(ErrorKind.Invalid, error.Kind);
                continue;
            }

            var deleted = DeleteAll(line, vector);
            var expected = GoldenVectors.Bytes(line, "serializedHex")!;
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(DeletionVectorCodec.Write(vector)));
            var read = DeletionVectorCodec.Read(expected);
            Assert.Equal(line.GetProperty("cardinality").GetInt64(), read.Cardinality);
            Assert.Equal(vector.Is64Bit, read.Is64Bit);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(DeletionVectorCodec.Write(read)));
            Assert.Equal(deleted, DeletedOf(read, deleted));
        }
    }

    [Fact]
    public void Hash_indexes_are_the_bytes_that_Paimon_writes_and_read_back()
    {
        foreach (var line in GoldenVectors.Read("hash-index.jsonl"))
        {
            var hashes = line.GetProperty("hashes").EnumerateArray().Select(hash => hash.GetInt32()).ToArray();
            var expected = GoldenVectors.Bytes(line, "fileHex")!;
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(HashIndexFile.Write(hashes)));
            Assert.Equal(hashes, HashIndexFile.Read(expected));
        }
    }

    private static List<long> DeleteAll(JsonElement line, DeletionVector vector)
    {
        var deleted = new List<long>();
        foreach (var position in line.GetProperty("positions").EnumerateArray())
        {
            var isRange = position.ValueKind == JsonValueKind.Array;
            var (first, last) = isRange
                ? (position[0].GetInt64(), position[1].GetInt64())
                : (position.GetInt64(), position.GetInt64());
            for (var row = first; row <= last; row++)
            {
                Assert.True(vector.Delete(row));
                deleted.Add(row);
            }
        }

        return deleted;
    }

    // Looked up by windows around each position, as readers do.
    private static List<long> DeletedOf(DeletionVector vector, List<long> deleted)
    {
        var found = new SortedSet<long>();
        var live = new int[1000];
        foreach (var window in deleted.Select(position => position / 1000).Distinct())
        {
            var start = window * 1000;
            var count = vector.FindLive(start, live.Length, live);
            Assert.Equal(live.Length - count, vector.CountDeleted(start, live.Length));
            found.UnionWith(Enumerable.Range(0, live.Length).Except(live[..count]).Select(row => start + row));
        }

        return [.. found];
    }
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.FileIndexes;

public class DamagedIndexTests
{
    private const int Rows = 300;

    [Theory]
    [InlineData(FileIndexKind.BloomFilter)]
    [InlineData(FileIndexKind.Bitmap)]
    [InlineData(FileIndexKind.Bsi)]
    [InlineData(FileIndexKind.RangeBitmap)]
    public void Any_damage_of_an_index_is_answered_or_refused(string kind)
    {
        var random = new Random(3);
        var fields = (DataField[])[new(0, "c", DataTypes.BigInt), new(1, "d", DataTypes.String)];
        if (!FileIndexKind.Supports(kind, DataTypes.String))
        {
            fields = fields[..1];
        }

        var whole = FileIndexContainer.Write(
            [.. fields.Select(field => (field.Name, kind, Write(kind, field, random)))]);
        for (var round = 0; round < Fuzz.Rounds; round++)
        {
            var bytes = whole.ToArray();
            Fuzz.Damage(ref bytes, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var predicate = new FileIndexPredicate(
                    FileIndexContainer.Read(bytes), name => fields.FirstOrDefault(field => field.Name == name));
                foreach (var leaf in Leaves(fields))
                {
                    var result = predicate.Test(leaf);
                    Assert.True(result.Rows is null || result.Rows.Cardinality <= 1L << 32);
                }
            }
            catch (PaimonException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
        }
    }

    [Fact]
    public void Any_bytes_of_hashes_are_read_or_refused()
    {
        Assert.Equal([1, -1], HashIndexFile.Read([0, 0, 0, 1, 255, 255, 255, 255]));
        Assert.Throws<CorruptDataException>(() => HashIndexFile.Read([0, 0, 0, 1, 0]));
    }

    [Fact]
    public void An_index_of_a_kind_or_version_that_is_not_known_answers_nothing()
    {
        Assert.Null(FileIndexReader.TryOpen("lumina", DataTypes.Int, new byte[10]));
        Assert.Null(FileIndexReader.TryOpen(FileIndexKind.Bitmap, DataTypes.Int, new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 0, 0 }));
        Assert.Null(FileIndexReader.TryOpen(FileIndexKind.Bsi, DataTypes.Int, new byte[] { 9, 0, 0, 0, 0, 0, 0 }));
        var container = FileIndexContainer.Read(FileIndexContainer.Write([("c", "lumina", [1, 2, 3])]));
        var field = new DataField(0, "c", DataTypes.Int);
        var leaf = Predicate.Leaf(DataTypes.Row(field), "c", PredicateOperator.Equal, 1);
        Assert.Null(new FileIndexPredicate(container, _ => field).Test(leaf).Rows);
    }

    private static byte[]? Write(string kind, DataField field, Random random)
    {
        var options = new TableOptions(new Dictionary<string, string>
        {
            ["items"] = "300",
            ["chunk-size"] = "64 b",
            ["index-block-size"] = "128 b",
        });
        var writer = FileIndexWriter.Create(kind, field.Name, field.Type, options);
        var column = ColumnVector.Create(field.Type);
        for (var row = 0; row < Rows; row++)
        {
            switch (column)
            {
                case FixedVector<long> numbers when random.Next(9) > 0:
                    numbers.Append(random.Next(-40, 40));
                    break;
                case BinaryVector texts when random.Next(9) > 0:
                    texts.Append(System.Text.Encoding.UTF8.GetBytes($"text {random.Next(40)}"));
                    break;
                default:
                    column.AppendNull();
                    break;
            }
        }

        writer.Add(column, 0, Rows);
        return writer.Finish();
    }

    private static IEnumerable<LeafPredicate> Leaves(DataField[] fields)
    {
        var type = DataTypes.Row(fields);
        yield return (LeafPredicate)Predicate.Leaf(type, "c", PredicateOperator.Equal, 7);
        yield return (LeafPredicate)Predicate.Leaf(type, "c", PredicateOperator.NotEqual, -7);
        yield return (LeafPredicate)Predicate.Leaf(type, "c", PredicateOperator.LessThan, 3);
        yield return (LeafPredicate)Predicate.Leaf(type, "c", PredicateOperator.GreaterOrEqual, -3);
        yield return (LeafPredicate)Predicate.Leaf(type, "c", PredicateOperator.IsNull);
        if (fields.Length > 1)
        {
            yield return (LeafPredicate)Predicate.Leaf(type, "d", PredicateOperator.Equal, "text 7");
            yield return (LeafPredicate)Predicate.Leaf(type, "d", PredicateOperator.GreaterThan, "text 3");
        }
    }
}

using System.Text.Json;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Rows;

public class BinaryRowVectorTests
{
    [Fact]
    public void Rows_are_written_byte_for_byte_as_Paimon_writes_them()
    {
        foreach (var line in GoldenVectors.Read("binary-row.jsonl"))
        {
            var rowType = GoldenValues.RowTypeOf(line.GetProperty("types"));
            var columns = GoldenValues.ToColumns(rowType, line.GetProperty("values"));
            var writer = new BinaryRowWriter(rowType);
            Assert.Equal(line.GetProperty("bytesHex").GetString(), Convert.ToHexStringLower(writer.Write(columns, 0)));
            Assert.Equal(line.GetProperty("serializedHex").GetString(), Convert.ToHexStringLower(writer.WriteSerialized(columns, 0)));
            Assert.Equal(line.GetProperty("hash").GetInt32(), writer.Hash(columns, 0));
            var function = BucketFunction.Create(BucketFunctionType.Default, rowType);
            foreach (var expected in line.GetProperty("buckets").EnumerateObject())
            {
                var bucket = new int[1];
                function.Assign(columns, 0, int.Parse(expected.Name), bucket);
                Assert.Equal(expected.Value.GetInt32(), bucket[0]);
            }
        }
    }

    [Fact]
    public void Rows_that_Paimon_wrote_are_read_back_and_shown_by_the_JSON_conventions()
    {
        foreach (var line in GoldenVectors.Read("binary-row.jsonl"))
        {
            var rowType = GoldenValues.RowTypeOf(line.GetProperty("types"));
            var columns = rowType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
            new BinaryRowReader(rowType).ReadSerialized(Convert.FromHexString(line.GetProperty("serializedHex").GetString()!), columns);
            var expected = line.GetProperty("values").EnumerateArray().ToArray();
            var source = GoldenValues.ToColumns(rowType, line.GetProperty("values"));
            for (var i = 0; i < expected.Length; i++)
            {
                // Maps stand in the vectors in the order they were made; shown they are sorted.
                var type = rowType.Fields[i].Type;
                var isSorted = type.ToString().Contains("MAP<", StringComparison.Ordinal) || type is MultisetType;
                Assert.Equal(Normalize(isSorted ? JsonOf(source[i]) : expected[i], type), Normalize(JsonOf(columns[i]), type));
            }
        }
    }

    internal static JsonElement JsonOf(ColumnVector column, int row = 0)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            JsonValueWriter.Write(writer, column, row);
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    // Numbers are compared as numbers: 1E7 and 10000000.0 are the same.
    private static string Normalize(JsonElement value, DataType type) => value.ValueKind switch
    {
        JsonValueKind.Number when type.Root == TypeRoot.Float => value.GetSingle().ToString("R"),
        JsonValueKind.Number when type.Root == TypeRoot.Double => value.GetDouble().ToString("R"),
        _ => JsonSerializer.Serialize(value),
    };
}

using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Schemas;

public class TableSchemaTests
{
    private static readonly DataField[] Fields =
    [
        new(0, "dt", DataTypes.Date.NotNull()),
        new(1, "id", DataTypes.BigInt.NotNull(), "the \"key\"\n\u0001 of Zoë"),
        new(2, "v", DataTypes.Array(DataTypes.Row(new DataField(3, "x", DataTypes.Decimal(20, 2), DefaultValue: "0")))),
    ];

    [Fact]
    public void Schema_files_are_read_and_written_as_Paimon_does()
    {
        foreach (var line in GoldenVectors.Read("schema-json.jsonl"))
        {
            var input = Encoding.UTF8.GetBytes(line.GetProperty("input").GetString()!);
            if (line.TryGetProperty("error", out _))
            {
                var error = Assert.ThrowsAny<PaimonException>(() => TableSchemaJson.Read(input));
                Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, error.ToString());
                continue;
            }

            var schema = TableSchemaJson.Read(input);
            Assert.Equal(line.GetProperty("written").GetString(), Encoding.UTF8.GetString(TableSchemaJson.Write(schema)));
        }
    }

    [Fact]
    public void A_schema_survives_its_file()
    {
        var schema = Schema(["dt"], ["dt", "id"], new() { ["bucket"] = "4", ["x.y"] = "ü \\ \t" });
        var read = TableSchemaJson.Read(TableSchemaJson.Write(schema));
        Assert.Equal(schema, read);
        Assert.Equal(schema.GetHashCode(), read.GetHashCode());
        Assert.NotEqual(schema, read with { Comment = "other" });
        Assert.NotEqual(schema, read with { Options = new Dictionary<string, string>() });
    }

    [Fact]
    public void Keys_are_split_by_the_role_of_their_columns()
    {
        var schema = Schema(["dt"], ["dt", "id"], []);
        Assert.Equal(["id"], schema.TrimmedPrimaryKeys);
        Assert.Equal(["id"], schema.BucketKeys);
        Assert.Equal(["dt"], schema.PartitionType.Fields.Select(field => field.Name));
        Assert.Equal("BIGINT NOT NULL", schema.TrimmedPrimaryKeyType.Fields[0].Type.ToString());
        Assert.Equal([1, 0], schema.IndexesOf(["id", "dt"]));
        Assert.Equal(["v"], (schema with { Options = new Dictionary<string, string> { ["bucket-key"] = "v" } }).BucketKeys);
    }

    [Fact]
    public void A_key_that_names_no_column_is_refused()
    {
        var error = Assert.Throws<PaimonException>(() => Schema([], ["nope"], []));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("'nope' is no column", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"version\": 3")]
    [InlineData("{\"version\":3,\"id\":0,\"fields\":[],\"highestFieldId\":0,\"partitionKeys\":[\"a\"],\"primaryKeys\":[],\"options\":{}}")]
    [InlineData("{\"version\":3,\"id\":\"0\",\"fields\":[],\"highestFieldId\":0,\"partitionKeys\":[],\"primaryKeys\":[],\"options\":{}}")]
    [InlineData("{\"version\":3,\"id\":0,\"fields\":[],\"highestFieldId\":0,\"partitionKeys\":[],\"primaryKeys\":[],\"options\":{},\"comment\":7}")]
    [InlineData("{\"version\":3,\"id\":0,\"fields\":[],\"highestFieldId\":0,\"partitionKeys\":[],\"primaryKeys\":[],\"options\":{},\"comment\":\"\\ud800\"}")]
    public void A_broken_schema_file_is_corrupt(string text) =>
        Assert.Throws<CorruptDataException>(() => TableSchemaJson.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_newer_layout_is_refused_by_number()
    {
        var json = Encoding.UTF8.GetString(TableSchemaJson.Write(Schema([], [], []))).Replace("\"version\" : 3", "\"version\" : 4", StringComparison.Ordinal);
        var error = Assert.Throws<PaimonException>(() => TableSchemaJson.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    private static TableSchema Schema(string[] partitionKeys, string[] primaryKeys, Dictionary<string, string> options) =>
        new(2, Fields, 7, partitionKeys, primaryKeys, options, null, 1_700_000_000_000);
}

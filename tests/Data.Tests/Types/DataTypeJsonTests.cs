using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Types;

public class DataTypeJsonTests
{
    [Fact]
    public void Types_are_read_and_written_as_Paimon_does()
    {
        foreach (var line in GoldenVectors.Read("type-json.jsonl"))
        {
            var input = line.GetProperty("input");
            if (line.TryGetProperty("error", out _))
            {
                var error = Assert.ThrowsAny<PaimonException>(() => DataTypeJson.Read(input));
                Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported, error.ToString());
                continue;
            }

            var type = DataTypeJson.Read(input);
            var writer = new PrettyJsonWriter();
            DataTypeJson.Write(writer, type);
            var expected = JsonNode.Parse(line.GetProperty("normalized").GetRawText());
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(writer.ToString())), $"{input} gave {writer}");
            Assert.Equal(line.GetProperty("sql").GetString(), type.ToString());
            Assert.Equal(line.GetProperty("nullable").GetBoolean(), type.IsNullable);
            Assert.Equal(type, DataTypeJson.Parse(writer.ToString()));
        }
    }

    [Theory]
    [InlineData("TIMESTAMP_LTZ(3)", "TIMESTAMP(3) WITH LOCAL TIME ZONE")]
    [InlineData("numeric", "DECIMAL(10, 0)")]
    [InlineData("  time\t( 3 )  not\n null ", "TIME(3) NOT NULL")]
    public void Synonyms_and_white_space_are_understood(string text, string expected) =>
        Assert.Equal(expected, DataTypeText.Parse(text).ToString());

    [Theory]
    [InlineData("DECIMAL(39, 0)")]
    [InlineData("DECIMAL(5, 6)")]
    [InlineData("TIMESTAMP(10)")]
    [InlineData("CHAR(99999999999)")]
    [InlineData("INT INT")]
    [InlineData("")]
    public void A_text_that_is_no_type_is_refused_with_the_text(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<CorruptDataException>(() => DataTypeText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("GEOMETRY")]
    [InlineData("HUGEINT")]
    public void A_type_of_a_later_release_is_refused_by_name(string text)
    {
        var error = Assert.Throws<PaimonException>(() => DataTypeText.Parse(text));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_an_error_and_not_a_crash()
    {
        var json = string.Concat(Enumerable.Repeat("""{"type":"ARRAY","element":""", 5000));
        Assert.Throws<CorruptDataException>(() => DataTypeJson.Parse(json));
    }
}

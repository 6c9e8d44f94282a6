using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Tests.Types;

/// <summary>A column type that a later server may have is refused by name, never guessed.</summary>
public class UnknownColumnTypeTests
{
    [Theory]
    [InlineData("hypercube(3)")]
    [InlineData("INTERVAL DAY TO SECOND")]
    [InlineData("xmltype")]
    [InlineData("")]
    public void An_unknown_type_is_refused_with_its_text(string columnType)
    {
        var error = Assert.ThrowsAny<PaimonException>(() => ColumnTypeParser.Parse(columnType, "utf8mb4"));

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains($"'{columnType}'", error.Message, StringComparison.Ordinal);
    }
}

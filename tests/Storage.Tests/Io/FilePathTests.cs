using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Io;

/// <summary>Paths as metadata names them.</summary>
public class FilePathTests
{
    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("file:/a/b", "/a/b")]
    [InlineData("FILE:/a/b", "/a/b")]
    [InlineData("file:///a/b", "/a/b")]
    public void Locations_on_the_local_disk_are_paths(string location, string path) =>
        Assert.Equal(path, FilePath.OfLocation(location));

    [Theory]
    [InlineData("s3://bucket/a")]
    [InlineData("file://host/a")]
    [InlineData("a/b")]
    public void Other_locations_are_refused_by_name(string location)
    {
        var error = Assert.Throws<PaimonException>(() => FilePath.OfLocation(location));

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(location, error.Message, StringComparison.Ordinal);
    }
}

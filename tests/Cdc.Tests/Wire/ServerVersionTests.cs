using PaimonSharp.Cdc.Wire;

namespace PaimonSharp.Cdc.Tests.Wire;

public sealed class ServerVersionTests
{
    [Theory]
    [InlineData("9.7.4-2", ServerFlavor.MySql, 9, 7, 4)]
    [InlineData("5.7.44-log", ServerFlavor.MySql, 5, 7, 44)]
    [InlineData("5.5.5-10.11.18-MariaDB-0+deb12u1-log", ServerFlavor.MariaDb, 10, 11, 18)]
    [InlineData("11.8.9-MariaDB-4 from Debian-log", ServerFlavor.MariaDb, 11, 8, 9)]
    [InlineData("5.5.5-m3", ServerFlavor.MySql, 5, 5, 5)]
    [InlineData("proxy", ServerFlavor.MySql, 0, 0, 0)]
    public void Family_and_numbers_are_read(string text, ServerFlavor flavor, int major, int minor, int patch) =>
        Assert.Equal(new ServerVersion(flavor, major, minor, patch, text), ServerVersion.Parse(text));

    [Fact]
    public void Later_numbers_weigh_less()
    {
        var version = ServerVersion.Parse("8.2.0");

        Assert.True(version.IsAtLeast(8, 2));
        Assert.True(version.IsAtLeast(5, 7, 99));
        Assert.False(version.IsAtLeast(8, 2, 1));
        Assert.False(version.IsAtLeast(8, 3));
    }
}

using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Tests.Wire;

public sealed class MySqlUrlTests
{
    [Fact]
    public void All_parts_are_read_and_decoded()
    {
        var options = MySqlUrl.Parse(
            "mysql://us%40er:p%3Aw%2Fd@db.example.com:3307/sh%20op?ssl-mode=VERIFY_CA&ssl-ca=%2Fetc%2Fca.pem"
            + "&get-server-public-key=true&connect-timeout=3&read-timeout=60&max-packet=20000000");

        Assert.Equal(("db.example.com", 3307, "us@er", "p:w/d", "sh op"),
            (options.Host, options.Port, options.User, options.Password.Reveal(), options.Database));
        Assert.Equal((SslMode.VerifyCa, "/etc/ca.pem", true), (options.SslMode, options.SslCaFile, options.MayFetchPublicKey));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60), 20_000_000),
            (options.ConnectTimeout, options.ReadTimeout, options.MaxPacketBytes));
    }

    [Theory]
    [InlineData("mariadb://root@localhost/", "localhost", SslMode.Preferred)]
    [InlineData("mysql://127.0.0.1", "127.0.0.1", SslMode.Preferred)]
    [InlineData("mysql://[::1]:3306/db", "::1", SslMode.Preferred)]
    [InlineData("MYSQL://db.example.com/db", "db.example.com", SslMode.VerifyIdentity)]
    [InlineData("mysql://[2001:db8::1]/db", "2001:db8::1", SslMode.VerifyIdentity)]
    public void Tls_is_verified_by_default_except_on_loopback(string url, string host, SslMode mode)
    {
        var options = MySqlUrl.Parse(url);

        Assert.Equal((host, 3306, mode), (options.Host, options.Port, options.EffectiveSslMode));
        Assert.Equal(mode == SslMode.Preferred, options.MayFetchPublicKey);
    }

    [Theory]
    [InlineData("postgres://h/", "mysql://")]
    [InlineData("mysql:///db", "no host")]
    [InlineData("mysql://h:0/", "port")]
    [InlineData("mysql://h:x/", "port")]
    [InlineData("mysql://[::1/", "']'")]
    [InlineData("mysql://::1/", "brackets")]
    [InlineData("mysql://h/a/b", "one database")]
    [InlineData("mysql://h/?ssl-mode=maybe", "maybe")]
    [InlineData("mysql://h/?sslmode=required", "'sslmode'")]
    [InlineData("mysql://h/?password=x", "'password'")]
    [InlineData("mysql://h/?connect-timeout=-1", "connect-timeout")]
    [InlineData("mysql://h/?ssl-mode=disabled&ssl-ca=x", "ssl-ca")]
    [InlineData("mysql://h/%zz", "database")]
    public void Wrong_part_is_named(string url, string named)
    {
        var error = Assert.Throws<PaimonException>(() => MySqlUrl.Parse(url));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://u:hunter2@h:99999/")]
    [InlineData("mysql://u:hunter2%zz@h/")]
    [InlineData("mysql://u:hunter2@/")]
    [InlineData("mysql://u:hunter2@h/?nosuch=1")]
    [InlineData("http://u:hunter2@h/")]
    public void Password_is_never_shown_by_an_error(string url) => Assert.DoesNotContain(
        "hunter2", Assert.Throws<PaimonException>(() => MySqlUrl.Parse(url)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Password_is_never_shown_by_the_options()
    {
        var options = MySqlUrl.Parse("mysql://u:hunter2@h/d");

        Assert.DoesNotContain("hunter2", $"{options} {options.Password}", StringComparison.Ordinal);
        Assert.Equal("mysql://u@h:3306/d (ssl-mode verify-identity)", options.ToString());
    }
}

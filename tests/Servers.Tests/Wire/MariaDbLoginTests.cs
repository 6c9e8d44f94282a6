using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Servers;
using PaimonSharp.Testing.Wire;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>Logins and TLS on a real MariaDB server, which offers no TLS until it is given a certificate.</summary>
public sealed class MariaDbLoginTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private RealServer Server => fixture.Server;

    [Fact]
    public async Task Native_password_logs_in_and_a_wrong_one_is_refused()
    {
        await WireServer.CreateAsync(Server, "nat", $"IDENTIFIED VIA mysql_native_password USING PASSWORD('{WireServer.Password}')");

        await using var connection = await MySqlConnection.ConnectAsync(WireServer.Options(Server, "nat"));
        var wrong = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "nat", "other")));

        Assert.Equal("nat@%", await WireServer.ScalarAsync(connection, "SELECT CURRENT_USER()"));
        Assert.Equal((ServerFlavor.MariaDb, 10, 11), (connection.Server.Flavor, connection.Server.Major, connection.Server.Minor));
        Assert.Equal((1045, ErrorKind.Refused), (wrong.Code, wrong.Kind));
    }

    [Fact]
    public async Task Empty_password_logs_in()
    {
        await using var connection = await WireServer.ConnectRootAsync(Server);

        Assert.False(connection.IsEncrypted);
        await connection.PingAsync();
    }

    [Fact]
    public async Task Tls_that_the_server_does_not_offer_is_demanded_in_vain()
    {
        foreach (var mode in (SslMode[])[SslMode.Required, SslMode.VerifyCa, SslMode.VerifyIdentity])
        {
            var error = await Assert.ThrowsAsync<PaimonException>(
                () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "root", "") with { SslMode = mode }));

            Assert.Equal(ErrorKind.Refused, error.Kind);
            Assert.Contains("offers no TLS", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Account_by_socket_only_is_refused_with_the_reason()
    {
        await Server.ExecuteAsync("CREATE OR REPLACE USER 'sock'@'%' IDENTIFIED VIA unix_socket");

        var error = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "sock")));

        Assert.Equal((1698, ErrorKind.Refused), (error.Code, error.Kind));
    }

    [Fact]
    public async Task Locked_account_is_refused()
    {
        await WireServer.CreateAsync(Server, "locked", $"IDENTIFIED BY '{WireServer.Password}'");
        await Server.ExecuteAsync("ALTER USER 'locked'@'%' ACCOUNT LOCK");

        var error = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "locked")));

        Assert.Equal((4151, ErrorKind.Refused), (error.Code, error.Kind));
    }

    [Fact]
    public async Task Plugin_of_mariadb_alone_is_refused_by_name()
    {
        await using var server = await RealServer.StartAsync(ServerKind.MariaDb1011, "--plugin-load-add=auth_ed25519");
        await WireServer.CreateAsync(server, "ed", $"IDENTIFIED VIA ed25519 USING PASSWORD('{WireServer.Password}')");

        var error = await Assert.ThrowsAsync<PaimonException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(server, "ed")));

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("client_ed25519", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_is_verified_and_required_per_account()
    {
        using var folder = new TempDirectory("tls");
        TestCertificates.WriteServerFiles(folder);
        await using var server = await RealServer.StartAsync(
            ServerKind.MariaDb1011, $"--ssl-ca={folder.File("ca.pem")}", $"--ssl-cert={folder.File("server.pem")}",
            $"--ssl-key={folder.File("server.key")}");
        await WireServer.CreateAsync(server, "tls", $"IDENTIFIED BY '{WireServer.Password}' REQUIRE SSL");
        var options = WireServer.Options(server, "tls");

        await using var connection = await MySqlConnection.ConnectAsync(
            options with { SslMode = SslMode.VerifyIdentity, SslCaFile = folder.File("ca.pem") });
        var plain = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(options with { SslMode = SslMode.Disabled }));

        Assert.True(connection.IsEncrypted);
        Assert.Equal(1045, plain.Code);
    }
}

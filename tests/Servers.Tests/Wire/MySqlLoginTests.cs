using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Servers;
using PaimonSharp.Testing.Wire;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>Logins and TLS on a real MySQL server.</summary>
public sealed class MySqlLoginTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>
{
    private RealServer Server => fixture.Server;

    private string Authority => Path.Combine(Server.DataFolder, "ca.pem");

    [Fact]
    public async Task Caching_sha2_logs_in_by_the_full_exchange_over_rsa_and_then_by_the_fast_path()
    {
        await WireServer.CreateAsync(Server, "sha2", $"IDENTIFIED BY '{WireServer.Password}'");
        var byKey = WireServer.Options(Server, "sha2") with { SslMode = SslMode.Disabled };
        var noKey = byKey with { GetServerPublicKey = false };

        var refused = await Assert.ThrowsAsync<PaimonException>(() => MySqlConnection.ConnectAsync(noKey));
        await using (var full = await MySqlConnection.ConnectAsync(byKey))
        {
            Assert.False(full.IsEncrypted);
            Assert.Equal("sha2@%", await WireServer.ScalarAsync(full, "SELECT CURRENT_USER()"));
        }

        // The server has the password in its cache now: no key is needed.
        await using var fast = await MySqlConnection.ConnectAsync(noKey);

        Assert.Equal("sha2@%", await WireServer.ScalarAsync(fast, "SELECT CURRENT_USER()"));
        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Contains("get-server-public-key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caching_sha2_logs_in_by_a_key_file()
    {
        await WireServer.CreateAsync(Server, "pinned", $"IDENTIFIED BY '{WireServer.Password}'");
        var options = WireServer.Options(Server, "pinned") with
        {
            SslMode = SslMode.Disabled,
            GetServerPublicKey = false,
            ServerPublicKeyFile = Path.Combine(Server.DataFolder, "public_key.pem"),
        };

        await using var connection = await MySqlConnection.ConnectAsync(options);

        Assert.Equal("pinned@%", await WireServer.ScalarAsync(connection, "SELECT CURRENT_USER()"));
    }

    [Fact]
    public async Task Caching_sha2_logs_in_by_the_full_exchange_over_tls()
    {
        await WireServer.CreateAsync(Server, "sha2tls", $"IDENTIFIED BY '{WireServer.Password}'");
        var options = WireServer.Options(Server, "sha2tls") with { SslMode = SslMode.Required, GetServerPublicKey = false };

        await using var connection = await MySqlConnection.ConnectAsync(options);

        Assert.True(connection.IsEncrypted);
        Assert.StartsWith("TLS", (await connection.QueryRowsAsync("SHOW STATUS LIKE 'Ssl_version'"))[0][1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferred_takes_tls_when_the_server_has_it()
    {
        await using var connection = await WireServer.ConnectRootAsync(Server);

        Assert.True(connection.IsEncrypted);
        Assert.Equal(ServerFlavor.MySql, connection.Server.Flavor);
        Assert.True(connection.Server.IsAtLeast(9, 7));
    }

    [Theory]
    [InlineData(SslMode.Disabled)]
    [InlineData(SslMode.Required)]
    public async Task Sha256_logs_in_with_and_without_tls(SslMode mode)
    {
        await WireServer.CreateAsync(Server, "sha256", $"IDENTIFIED WITH sha256_password BY '{WireServer.Password}'");

        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(Server, "sha256") with { SslMode = mode });

        Assert.Equal("sha256@%", await WireServer.ScalarAsync(connection, "SELECT CURRENT_USER()"));
    }

    [Theory]
    [InlineData(SslMode.Disabled, "")]
    [InlineData(SslMode.Required, "WITH sha256_password ")]
    public async Task Empty_password_logs_in(SslMode mode, string plugin)
    {
        await WireServer.CreateAsync(Server, "nopass", $"IDENTIFIED {plugin}BY ''");

        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(Server, "nopass", "") with { SslMode = mode });

        Assert.Equal("nopass@%", await WireServer.ScalarAsync(connection, "SELECT CURRENT_USER()"));
    }

    [Theory]
    [InlineData(SslMode.Disabled)]
    [InlineData(SslMode.Required)]
    public async Task Wrong_password_and_unknown_user_are_refused_without_showing_the_password(SslMode mode)
    {
        await WireServer.CreateAsync(Server, "wrong", $"IDENTIFIED BY '{WireServer.Password}'");
        foreach (var user in (string[])["wrong", "nobody"])
        {
            var options = WireServer.Options(Server, user, "hunter2") with { SslMode = mode };

            var error = await Assert.ThrowsAsync<MySqlServerException>(() => MySqlConnection.ConnectAsync(options));

            Assert.Equal((1045, "28000", ErrorKind.Refused), (error.Code, error.SqlState, error.Kind));
            Assert.False(error.IsTransient);
            Assert.Contains($"as '{user}'", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Locked_account_and_unknown_database_are_named()
    {
        await WireServer.CreateAsync(Server, "locked", $"IDENTIFIED BY '{WireServer.Password}' ACCOUNT LOCK");
        await WireServer.CreateAsync(Server, "nodb", $"IDENTIFIED BY '{WireServer.Password}'");

        var locked = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "locked")));
        var database = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(Server, "nodb") with { Database = "nosuch" }));

        Assert.Equal((3118, ErrorKind.Refused), (locked.Code, locked.Kind));
        Assert.Equal(1049, database.Code);
    }

    [Fact]
    public async Task Account_that_requires_tls_logs_in_over_tls_only()
    {
        await WireServer.CreateAsync(Server, "tlsonly", $"IDENTIFIED BY '{WireServer.Password}' REQUIRE SSL");
        var options = WireServer.Options(Server, "tlsonly");

        var plain = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(options with { SslMode = SslMode.Disabled }));
        await using var encrypted = await MySqlConnection.ConnectAsync(options with { SslMode = SslMode.Required });

        Assert.Equal(1045, plain.Code);
        Assert.Contains("REQUIRE SSL", plain.Message, StringComparison.Ordinal);
        Assert.True(encrypted.IsEncrypted);
    }

    [Theory]
    [InlineData(SslMode.VerifyCa)]
    [InlineData(SslMode.VerifyIdentity)]
    public async Task Certificate_of_an_unknown_authority_is_refused(SslMode mode)
    {
        var options = WireServer.Options(Server, "root", "") with { SslMode = mode };

        var error = await Assert.ThrowsAsync<PaimonException>(() => MySqlConnection.ConnectAsync(options));

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("trusted authority", error.Message, StringComparison.Ordinal);
        Assert.Contains("ssl-ca", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_another_authority_is_refused_in_every_mode_that_names_one()
    {
        using var folder = new TempDirectory("other-ca");
        var other = folder.File("ca.pem");
        await File.WriteAllTextAsync(other, TestCertificates.CreateAuthorityPem());
        foreach (var mode in (SslMode[])[SslMode.Preferred, SslMode.Required, SslMode.VerifyCa, SslMode.VerifyIdentity])
        {
            var options = WireServer.Options(Server, "root", "") with { SslMode = mode, SslCaFile = other };

            var error = await Assert.ThrowsAsync<PaimonException>(() => MySqlConnection.ConnectAsync(options));

            Assert.Equal(ErrorKind.Refused, error.Kind);
        }
    }

    [Fact]
    public async Task Verify_ca_accepts_the_servers_authority_and_verify_identity_wants_the_host_name()
    {
        var options = WireServer.Options(Server, "root", "") with { SslCaFile = Authority };

        await using var connection = await MySqlConnection.ConnectAsync(options with { SslMode = SslMode.VerifyCa });
        var error = await Assert.ThrowsAsync<PaimonException>(
            () => MySqlConnection.ConnectAsync(options with { SslMode = SslMode.VerifyIdentity }));

        Assert.True(connection.IsEncrypted);
        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("verify-ca", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_identity_accepts_a_certificate_that_names_the_host()
    {
        using var folder = new TempDirectory("tls");
        TestCertificates.WriteServerFiles(folder);
        await using var server = await RealServer.StartAsync(
            ServerKind.MySql97, $"--ssl-ca={folder.File("ca.pem")}", $"--ssl-cert={folder.File("server.pem")}",
            $"--ssl-key={folder.File("server.key")}", "--require-secure-transport=ON");
        var options = WireServer.Options(server, "root", "") with { SslCaFile = folder.File("ca.pem") };

        await using var connection = await MySqlConnection.ConnectAsync(options with { SslMode = SslMode.VerifyIdentity });
        await using var byName = await MySqlConnection.ConnectAsync(
            options with { SslMode = SslMode.VerifyIdentity, Host = "localhost" });
        var plain = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(options with { SslMode = SslMode.Disabled, SslCaFile = null }));

        Assert.True(connection.IsEncrypted);
        Assert.True(byName.IsEncrypted);
        Assert.Equal((3159, ErrorKind.Refused), (plain.Code, plain.Kind));
    }

    [Fact]
    public async Task Too_many_connections_is_transient()
    {
        await using var server = await RealServer.StartAsync(ServerKind.MySql97, "--max-connections=1");
        await WireServer.CreateAsync(server, "plain", "IDENTIFIED BY ''");
        await using var first = await MySqlConnection.ConnectAsync(WireServer.Options(server, "plain", ""));

        var error = await Assert.ThrowsAsync<MySqlServerException>(
            () => MySqlConnection.ConnectAsync(WireServer.Options(server, "plain", "")));

        Assert.Equal(1040, error.Code);
        Assert.True(error.IsTransient);
    }
}

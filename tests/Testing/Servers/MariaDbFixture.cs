namespace PaimonSharp.Testing.Servers;

/// <summary>A MariaDB 10.11 server with its default settings and the binary log in ROW format.</summary>
public sealed class MariaDbFixture() : ServerFixture(ServerKind.MariaDb1011);

namespace PaimonSharp.Testing.Servers;

/// <summary>A MySQL 9.7 server with its default settings.</summary>
public sealed class MySqlFixture() : ServerFixture(ServerKind.MySql97);

namespace PaimonSharp.Testing.Servers;

/// <summary>A real database server that tests can run.</summary>
public enum ServerKind
{
    /// <summary>MySQL 9.7.</summary>
    MySql97,

    /// <summary>MariaDB 10.11.</summary>
    MariaDb1011,

    /// <summary>MariaDB 11.8; not fetched unless asked for.</summary>
    MariaDb118,
}

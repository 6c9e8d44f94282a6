namespace PaimonSharp.Cdc.Wire;

/// <summary>The family of a server: they differ in GTIDs, commands and variables.</summary>
public enum ServerFlavor
{
    /// <summary>MySQL and what descends from it (Percona Server, Aurora).</summary>
    MySql,

    /// <summary>MariaDB.</summary>
    MariaDb,
}

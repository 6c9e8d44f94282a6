namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>How the changes between two snapshots are found: option <c>incremental-between-scan-mode</c>.</summary>
internal enum IncrementalMode
{
    /// <summary><see cref="Changelog"/> where the table records one, else <see cref="Delta"/>.</summary>
    Auto,

    /// <summary>The rows that the snapshots in between added.</summary>
    Delta,

    /// <summary>The changelog files of the snapshots in between.</summary>
    Changelog,

    /// <summary>What differs between the two states.</summary>
    Diff,
}

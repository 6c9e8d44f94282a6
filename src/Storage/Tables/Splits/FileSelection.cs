namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Which files of a state count at all, whatever the condition of the read. Immutable.</summary>
internal sealed record FileSelection
{
    /// <summary>All files.</summary>
    public static FileSelection All { get; } = new();

    /// <summary>The smallest level that is read.</summary>
    public int MinLevel { get; init; }

    /// <summary>The time that files must have been made at or after, in milliseconds since 1970-01-01 UTC; null for all.</summary>
    public long? CreatedSinceMillis { get; init; }

    /// <summary>False to read the rows too that wait in the postpone bucket.</summary>
    public bool OnlyRealBuckets { get; init; }
}

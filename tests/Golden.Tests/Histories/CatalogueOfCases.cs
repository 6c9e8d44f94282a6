namespace PaimonSharp.Golden.Tests.Histories;

/// <summary>What README.md says of the recorded histories, as far as a test keeps it true.</summary>
internal static class CatalogueOfCases
{
    /// <summary>Histories outside of the plain format that are performed as recorded, at least.</summary>
    public const int OtherReplaysAtLeast = 10;

    /// <summary>Recorded tables of which everything is read as recorded, at least.</summary>
    public const int ReadsAtLeast = 209;

    /// <summary>Histories of the plain format that are not performed as recorded, and why.</summary>
    public static IReadOnlyDictionary<string, string> Gaps { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["evolve-decimal-overflow-a"] =
            "a compaction makes NULL of a DECIMAL that its narrowed column cannot hold; Paimon's fails when it is committed",
    };
}

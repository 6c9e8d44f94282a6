namespace PaimonSharp.Storage.Tables;

/// <summary>What an orphan clean found.</summary>
/// <param name="Paths">The files, ordered.</param>
/// <param name="SizeBytes">Their size together.</param>
/// <param name="AreRemoved">False when the clean was a dry run.</param>
public sealed record OrphanFiles(IReadOnlyList<string> Paths, long SizeBytes, bool AreRemoved);

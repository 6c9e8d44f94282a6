using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// Lets a strategy choose as if the files had the sizes that were recorded: what it chooses depends on nothing else that two
/// writers of one format may do differently. One thread.
/// </summary>
/// <param name="inner">Chooses.</param>
/// <param name="schema">The schema of the table.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="sizes">The recorded sizes.</param>
internal sealed class RecordedSizeStrategy(ICompactStrategy inner, TableSchema schema, BucketId bucket, RecordedSizes sizes)
    : ICompactStrategy
{
    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels)
    {
        var recorded = levels.Files
            .Select(file => file with { FileSizeBytes = sizes.Of(schema, bucket, file) ?? file.FileSizeBytes }).ToList();
        return inner.Pick(levels.Replace(levels.Files, recorded)) is { } unit
            ? unit with { Files = [.. unit.Files.Select(file => levels.Files.Single(own => own.FileName == file.FileName))] }
            : null;
    }
}

namespace PaimonSharp.Bench.Compaction;

/// <summary>Who compacts a table while rows come in.</summary>
internal enum Compactor
{
    /// <summary>The writer, in the background.</summary>
    Writer,

    /// <summary>A compact job beside a writer that does not compact.</summary>
    Job,

    /// <summary>Nobody until all rows are in: then all is merged, in the measured time.</summary>
    None,
}

using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lookup;

/// <summary>A data file of a bucket and its lookup file, once somebody has asked for it. Safe for several threads.</summary>
/// <param name="meta">The data file.</param>
/// <param name="id">What its lookup file is known by.</param>
internal sealed class LookupRunFile(DataFileMeta meta, LookupFileId id)
{
    private volatile LookupFile? _lookup;

    /// <summary>The data file.</summary>
    public DataFileMeta Meta => meta;

    /// <summary>What its lookup file is known by.</summary>
    public LookupFileId Id => id;

    /// <summary>Its lookup file, null when it has to be asked for.</summary>
    public LookupFile? Lookup
    {
        get => _lookup;
        set => _lookup = value;
    }
}

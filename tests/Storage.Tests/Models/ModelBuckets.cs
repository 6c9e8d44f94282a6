namespace PaimonSharp.Storage.Tests.Models;

/// <summary>How a model's table finds the bucket of a row.</summary>
internal enum ModelBuckets
{
    Fixed,
    Dynamic,

    /// <summary>Rows wait for their buckets until they are compacted.</summary>
    Postponed,

    /// <summary>Dynamic, and a key lives in one partition at a time.</summary>
    CrossPartition,
}

using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Bucket modes of tables.</summary>
internal static class BucketModes
{
    /// <summary>The value of option <c>bucket</c> that stands for dynamic or no buckets, also its default.</summary>
    public const int DynamicBucket = -1;

    /// <summary>The mode of a table.</summary>
    /// <param name="schema">Its keys.</param>
    /// <param name="options">Its options.</param>
    public static BucketMode Of(TableSchema schema, TableOptions options) =>
        options.GetInt32("bucket", DynamicBucket) switch
        {
            DataFilePaths.PostponeBucket when schema.PrimaryKeys.Count > 0 => BucketMode.Postponed,
            DynamicBucket when schema.PrimaryKeys.Count == 0 => BucketMode.Unaware,
            DynamicBucket when schema.PartitionKeys.All(schema.PrimaryKeys.Contains) => BucketMode.Dynamic,
            DynamicBucket => BucketMode.CrossPartition,
            _ => BucketMode.Fixed,
        };
}

using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>One bucket of one partition: the home of an LSM tree.</summary>
/// <param name="Partition">The partition's values.</param>
/// <param name="Bucket">The bucket's number.</param>
internal readonly record struct BucketId(BinaryRowBytes Partition, int Bucket);

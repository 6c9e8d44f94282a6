using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>Where the files of a bucket are and how they are opened. Immutable; safe for several threads.</summary>
/// <param name="Id">The bucket.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="PartitionValues">One row of the partition columns.</param>
/// <param name="Readers">Opens its files.</param>
/// <param name="IndexPaths">Where its index files are.</param>
internal sealed record BucketFiles(
    BucketId Id,
    string Directory,
    ColumnVector[] PartitionValues,
    KeyValueFileReaderFactory Readers,
    IndexFilePaths IndexPaths);

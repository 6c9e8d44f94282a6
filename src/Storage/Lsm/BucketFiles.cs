using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
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
    IndexFilePaths IndexPaths)
{
    /// <summary>
    /// Removes a file that was never part of the table, with what belongs to it. Where that fails it stays behind, for the
    /// removal of orphans to find.
    /// </summary>
    /// <param name="fileIO">Where the files are.</param>
    /// <param name="file">A data or changelog file in <see cref="Directory"/>.</param>
    public async ValueTask TryDeleteAsync(IFileIO fileIO, DataFileMeta file)
    {
        foreach (var name in file.ExtraFiles.Prepend(file.FileName))
        {
            await fileIO.TryDeleteAsync($"{Directory}/{name}").ConfigureAwait(false);
        }
    }
}

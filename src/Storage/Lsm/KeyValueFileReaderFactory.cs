using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>Opens the files of one bucket. Immutable; safe for several threads.</summary>
/// <param name="environment">Where the files are; its clock's zone is that of casts between times with and without zone.</param>
/// <param name="schemas">The table's schemas: a file is read with the one that it was written with.</param>
/// <param name="bucketDirectory">The bucket's directory.</param>
/// <param name="deletions">The deletion vectors of the bucket's files, for tables that have some.</param>
/// <param name="noteLoss">True to note values that a cast turns into NULL.</param>
/// <param name="vectors">Gives deletion vectors that are in memory, instead of <paramref name="deletions"/>.</param>
internal sealed class KeyValueFileReaderFactory(
    StorageEnvironment environment,
    SchemaManager schemas,
    string bucketDirectory,
    IReadOnlyDictionary<string, DeletionFile>? deletions = null,
    bool noteLoss = false,
    Func<string, DeletionVector?>? vectors = null)
{
    /// <summary>The same bucket, whose files lack the rows that are deleted.</summary>
    /// <param name="files">The deletion vectors by the files' names.</param>
    public KeyValueFileReaderFactory WithDeletions(IReadOnlyDictionary<string, DeletionFile> files) =>
        files.Count == 0 ? this : new KeyValueFileReaderFactory(environment, schemas, bucketDirectory, files, noteLoss);

    /// <summary>The same bucket, whose files lack the rows that a writer knows to be deleted.</summary>
    /// <param name="ofFile">The deletion vector of a file by its name, null for none.</param>
    public KeyValueFileReaderFactory WithDeletions(Func<string, DeletionVector?> ofFile) =>
        new(environment, schemas, bucketDirectory, null, noteLoss, ofFile);

    /// <summary>
    /// The same bucket for a rewrite of its files: a value that the column's new type cannot hold is an error where its row
    /// stays, as it would be lost for good.
    /// </summary>
    public KeyValueFileReaderFactory ForRewrite() =>
        new(environment, schemas, bucketDirectory, deletions, noteLoss: true, vectors);

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.PaimonException">Unsupported: the file is of a format that is not read.</exception>
    public async ValueTask<KeyValueFileReader> OpenAsync(DataFileMeta file, CancellationToken cancellationToken) =>
        (await TryOpenAsync(file, filter: null, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Opens a file for the rows that may meet a condition.</summary>
    /// <param name="file">The file, which is read without a merge.</param>
    /// <param name="filter">Finds the rows; null for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when no row can meet the condition.</returns>
    /// <exception cref="Data.Errors.PaimonException">Unsupported: the file is of a format that is not read.</exception>
    public async ValueTask<KeyValueFileReader?> TryOpenAsync(
        DataFileMeta file, FileIndexFilter? filter, CancellationToken cancellationToken)
    {
        var path = file.ExternalPath is null ? $"{bucketDirectory}/{file.FileName}" : FilePath.OfLocation(file.ExternalPath);
        var format = DataFileFormats.OfFile(path);
        var schema = await schemas.ReadAsync(file.SchemaId, cancellationToken).ConfigureAwait(false);
        var wanted = filter is null
            ? FileIndexResult.All
            : await filter.TestAsync(file, schema, environment.FileIO, path, cancellationToken).ConfigureAwait(false);
        if (wanted.IsNone)
        {
            return null;
        }

        var deleted = deletions is not null && deletions.TryGetValue(file.FileName, out var deletion)
            ? await DeletionVectorFile.ReadAsync(environment.FileIO, deletion, cancellationToken).ConfigureAwait(false)
            : vectors?.Invoke(file.FileName);
        var input = await environment.FileIO.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            var reader = await format.OpenAsync(input, cancellationToken).ConfigureAwait(false);
            if (filter is not null)
            {
                wanted = wanted.And(await filter.FindRowsAsync(reader, schema, cancellationToken).ConfigureAwait(false));
                if (wanted.IsNone)
                {
                    await reader.DisposeAsync().ConfigureAwait(false);
                    return null;
                }

                deleted = Without(wanted, file, deleted);
            }

            var columns = RowTracking.FileColumns(schema.RowType, file.WriteColumns, reader.ColumnNames);
            return new KeyValueFileReader(path, file, reader, columns, environment.TimeProvider.LocalTimeZone, deleted, noteLoss);
        }
        catch (Data.Errors.CorruptDataException e) when (e.Path is null)
        {
            await input.DisposeAsync().ConfigureAwait(false);
            throw e.InFile(path);
        }
        catch
        {
            await input.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Rows that are not wanted are passed over as deleted ones are.
    private static DeletionVector? Without(FileIndexResult wanted, DataFileMeta file, DeletionVector? deleted)
    {
        if (wanted.Rows is not { } rows || file.RowCount > int.MaxValue)
        {
            return deleted;
        }

        var unwanted = DeletionVector.Of([RoaringBitmap.AndNot(RoaringBitmap.OfRange(0, file.RowCount), rows)], is64Bit: false);
        if (deleted is not null)
        {
            unwanted.Merge(deleted);
        }

        return unwanted;
    }
}

using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Schemas;
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
/// <param name="expiry">Which rows a rewrite leaves out; null for none.</param>
internal sealed class KeyValueFileReaderFactory(
    StorageEnvironment environment,
    SchemaManager schemas,
    string bucketDirectory,
    IReadOnlyDictionary<string, DeletionFile>? deletions = null,
    bool noteLoss = false,
    Func<string, DeletionVector?>? vectors = null,
    RecordExpiry? expiry = null)
{
    /// <summary>Where the files are.</summary>
    public StorageEnvironment Environment => environment;

    /// <summary>Which rows a rewrite leaves out; null for none.</summary>
    public RecordExpiry? Expiry => expiry;

    /// <summary>The same bucket, whose files lack the rows that are deleted.</summary>
    /// <param name="files">The deletion vectors by the files' names.</param>
    public KeyValueFileReaderFactory WithDeletions(IReadOnlyDictionary<string, DeletionFile> files) =>
        files.Count == 0
            ? this
            : new KeyValueFileReaderFactory(environment, schemas, bucketDirectory, files, noteLoss, vectors: null, expiry);

    /// <summary>The same bucket, whose files lack the rows that a writer knows to be deleted.</summary>
    /// <param name="ofFile">The deletion vector of a file by its name, null for none.</param>
    public KeyValueFileReaderFactory WithDeletions(Func<string, DeletionVector?> ofFile) =>
        new(environment, schemas, bucketDirectory, null, noteLoss, ofFile, expiry);

    /// <summary>The same bucket, of which a rewrite leaves rows out that have expired.</summary>
    /// <param name="records">Which; null for none.</param>
    public KeyValueFileReaderFactory WithExpiry(RecordExpiry? records) =>
        records is null ? this : new(environment, schemas, bucketDirectory, deletions, noteLoss, vectors, records);

    /// <summary>
    /// The same bucket for a rewrite of its files: rows that have expired are left out, and a value that the column's new type
    /// cannot hold is an error where its row stays, as it would be lost for good.
    /// </summary>
    public KeyValueFileReaderFactory ForRewrite() =>
        new(environment, schemas, bucketDirectory, deletions, noteLoss: true, vectors, expiry);

    /// <summary>Reads the schemas of files, so that <see cref="HasExpiredRows"/> knows them; nothing happens where no rows expire.</summary>
    /// <param name="files">The files.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask PrepareAsync(IEnumerable<DataFileMeta> files, CancellationToken cancellationToken)
    {
        foreach (var id in expiry is null ? [] : files.Select(file => file.SchemaId).Distinct())
        {
            await schemas.ReadAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True for a file that has rows which a rewrite leaves out, as they have expired.</summary>
    /// <param name="file">The file, one that <see cref="PrepareAsync"/> was told of or that this process wrote.</param>
    public bool HasExpiredRows(DataFileMeta file) =>
        expiry is not null && schemas.TryGetKnown(file.SchemaId) is { } schema && expiry.HasExpiredRows(file, schema);

    /// <summary>A file that was written with a newer schema of other columns; null when there is none.</summary>
    /// <param name="files">Files of the bucket.</param>
    /// <param name="schema">The schema to compare with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<DataFileMeta?> FindNewerColumnsAsync(
        IReadOnlyList<DataFileMeta> files, TableSchema schema, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (file.SchemaId > schema.Id)
            {
                var newer = await schemas.ReadAsync(file.SchemaId, cancellationToken).ConfigureAwait(false);
                if (!newer.Fields.Select(field => (field.Id, field.Type)).SequenceEqual(
                    schema.Fields.Select(field => (field.Id, field.Type))))
                {
                    return file;
                }
            }
        }

        return null;
    }

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
            if (noteLoss && expiry is not null)
            {
                var times = new FileProjection(expiry.TimeType, columns, environment.TimeProvider.LocalTimeZone, path);
                var expired = await expiry.FindAsync(file, schema, reader, times, cancellationToken).ConfigureAwait(false);
                deleted = Both(expired, deleted);
            }

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

        return Both(
            DeletionVector.Of([RoaringBitmap.AndNot(RoaringBitmap.OfRange(0, file.RowCount), rows)], is64Bit: false), deleted);
    }

    /// <summary>What two vectors delete; the first is changed, the second is not.</summary>
    private static DeletionVector? Both(DeletionVector? first, DeletionVector? second)
    {
        if (first is not null && second is not null)
        {
            first.Merge(second);
        }

        return first ?? second;
    }
}

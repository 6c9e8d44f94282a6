using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Finds by the indexes of data files, and by the statistics inside of them, which of their rows may meet a condition. Only for
/// files that are read without a merge: a row that is left out could hide older versions of its key. Immutable; safe for several threads.
/// </summary>
internal sealed class FileIndexFilter
{
    /// <summary>Larger index files are not read: scanning the data costs less.</summary>
    private const long MaxFileBytes = 64L << 20;

    private readonly Predicate _predicate;
    private readonly TableSchema _schema;
    private readonly bool _usesIndexes;

    private FileIndexFilter(Predicate predicate, TableSchema schema, bool usesIndexes)
    {
        _predicate = predicate;
        _schema = schema;
        _usesIndexes = usesIndexes;
    }

    /// <summary>Makes the filter of a read; null when there is no condition.</summary>
    /// <param name="predicate">The condition.</param>
    /// <param name="schema">The schema whose columns it names.</param>
    /// <param name="options">The table's options: <c>file-index.read.enabled</c>.</param>
    public static FileIndexFilter? TryCreate(Predicate? predicate, TableSchema schema, TableOptions options) => predicate is null
        ? null
        : new FileIndexFilter(predicate, schema, options.GetBoolean("file-index.read.enabled", true));

    /// <summary>The rows of an open file that may meet the condition, by what the file itself says.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<FileIndexResult> FindRowsAsync(
        IFormatReader reader, TableSchema fileSchema, CancellationToken cancellationToken) =>
        reader.FindRowsAsync(_predicate, name => FieldOf(name, fileSchema), cancellationToken);

    /// <summary>The rows of a file that may meet the condition, by what its manifest entry holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    /// <exception cref="CorruptDataException">The index is damaged.</exception>
    public FileIndexResult TestEmbedded(DataFileMeta file, TableSchema fileSchema) =>
        _usesIndexes && file.EmbeddedFileIndex is { } index ? Test(index, fileSchema, file.FileName) : FileIndexResult.All;

    /// <summary>The rows of a file that may meet the condition.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    /// <param name="fileIO">Where files are.</param>
    /// <param name="path">The data file; an index file is beside it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CorruptDataException">The index is damaged.</exception>
    public async ValueTask<FileIndexResult> TestAsync(
        DataFileMeta file, TableSchema fileSchema, IFileIO fileIO, string path, CancellationToken cancellationToken)
    {
        var result = TestEmbedded(file, fileSchema);
        foreach (var extra in file.ExtraFiles)
        {
            if (_usesIndexes && !result.IsNone && extra.EndsWith(DataFileIndexWriter.Suffix, StringComparison.Ordinal))
            {
                var indexPath = path[..(path.LastIndexOf('/') + 1)] + extra;
                var bytes = await ReadAsync(fileIO, indexPath, cancellationToken).ConfigureAwait(false);
                result = bytes is null ? result : result.And(Test(bytes, fileSchema, indexPath));
            }
        }

        return result;
    }

    private static async ValueTask<byte[]?> ReadAsync(IFileIO fileIO, string path, CancellationToken cancellationToken)
    {
        var input = await fileIO.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposeInput = input.ConfigureAwait(false);
        if (input.SizeBytes > MaxFileBytes)
        {
            return null;
        }

        var bytes = new byte[input.SizeBytes];
        await input.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private FileIndexResult Test(ReadOnlyMemory<byte> index, TableSchema fileSchema, string where)
    {
        try
        {
            return new FileIndexPredicate(FileIndexContainer.Read(index), name => FieldOf(name, fileSchema)).Test(_predicate);
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(where);
        }
    }

    private DataField? FieldOf(string name, TableSchema fileSchema) =>
        _schema.RowType.IndexOf(name) is >= 0 and var column
        && fileSchema.RowType.IndexOfId(_schema.Fields[column].Id) is >= 0 and var stored
            ? fileSchema.Fields[stored]
            : null;
}

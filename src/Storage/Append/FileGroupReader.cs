using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Append;

/// <summary>
/// Reads files that hold the same rows side by side: of each column the newest file that has it (docs/format.md#data-evolution).
/// Most groups are of one file. One thread.
/// </summary>
internal sealed class FileGroupReader : IAsyncDisposable
{
    private readonly AppendFileReader?[] _files;
    private readonly int[][] _columnsOf;
    private readonly ColumnVector[][] _targets;

    private FileGroupReader(AppendFileReader?[] files, int[][] columnsOf)
    {
        _files = files;
        _columnsOf = columnsOf;
        _targets = [.. columnsOf.Select(columns => new ColumnVector[columns.Length])];
    }

    /// <summary>The next row to be read.</summary>
    public long Position { get; private set; }

    /// <summary>Opens the files of a group that hold a column wanted.</summary>
    /// <param name="files">The files, newest first.</param>
    /// <param name="type">The columns to read.</param>
    /// <param name="readers">Opens files.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CorruptDataException">The files do not hold the same rows.</exception>
    public static async ValueTask<FileGroupReader> OpenAsync(
        IReadOnlyList<DataFileMeta> files, RowType type, KeyValueFileReaderFactory readers, CancellationToken cancellationToken) =>
        (await TryOpenAsync(files, type, readers, filter: null, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Opens the files of a group for the rows that may meet a condition.</summary>
    /// <param name="files">The files, newest first.</param>
    /// <param name="type">The columns to read.</param>
    /// <param name="readers">Opens files.</param>
    /// <param name="filter">Finds the rows of a file that is alone; rows of several files side by side are all read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when no row can meet the condition.</returns>
    /// <exception cref="CorruptDataException">The files do not hold the same rows.</exception>
    public static async ValueTask<FileGroupReader?> TryOpenAsync(
        IReadOnlyList<DataFileMeta> files,
        RowType type,
        KeyValueFileReaderFactory readers,
        FileIndexFilter? filter,
        CancellationToken cancellationToken)
    {
        var opened = new KeyValueFileReader?[files.Count];
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                opened[i] = await readers.TryOpenAsync(files[i], files.Count == 1 ? filter : null, cancellationToken)
                    .ConfigureAwait(false);
            }

            if (opened[0] is null)
            {
                return null;
            }

            var columnsOf = Assign(opened, type);
            var parts = new AppendFileReader?[files.Count];
            for (var i = 0; i < files.Count; i++)
            {
                if (i > 0 && columnsOf[i].Length == 0)
                {
                    await opened[i]!.DisposeAsync().ConfigureAwait(false);
                    continue;
                }

                parts[i] = new AppendFileReader(opened[i]!, files[i], type.Project(columnsOf[i]));
            }

            return new FileGroupReader(parts, columnsOf);
        }
        catch
        {
            foreach (var reader in opened.OfType<KeyValueFileReader>())
            {
                await reader.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>The bytes of a row by the files' metadata.</summary>
    public long EstimateRowBytes() => _files.Sum(file => file?.EstimateRowBytes() ?? 0);

    /// <summary>Appends the next rows.</summary>
    /// <param name="columns">A vector for each column.</param>
    /// <param name="maxRows">At most so many rows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended, 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(
        IReadOnlyList<ColumnVector> columns, int maxRows, CancellationToken cancellationToken)
    {
        var rows = await ReadPartAsync(0, columns, maxRows, cancellationToken).ConfigureAwait(false);
        for (var i = 1; i < _files.Length; i++)
        {
            for (var read = 0; _files[i] is not null && read < rows;)
            {
                read += await ReadPartAsync(i, columns, rows - read, cancellationToken).ConfigureAwait(false);
            }
        }

        Position += rows;
        return rows;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files.OfType<AppendFileReader>())
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Files that hold none of a column read it as NULL: that falls to the first one.
    private static int[][] Assign(KeyValueFileReader?[] files, RowType type)
    {
        var columnsOf = files.Select(_ => new List<int>()).ToArray();
        for (var column = 0; column < type.Fields.Count; column++)
        {
            var field = type.Fields[column];
            var file = RowTracking.IsTracked(field)
                ? 0
                : Array.FindIndex(files, reader => reader!.FileColumns.IndexOfId(field.Id) >= 0);
            if (file < 0 && files.Length > 1 && !field.Type.IsNullable)
            {
                CorruptDataException.Throw($"None of the files that hold its rows has the column {field}, which is NOT NULL.");
            }

            columnsOf[Math.Max(0, file)].Add(column);
        }

        return [.. columnsOf.Select(columns => columns.ToArray())];
    }

    private ValueTask<int> ReadPartAsync(
        int part, IReadOnlyList<ColumnVector> columns, int maxRows, CancellationToken cancellationToken)
    {
        var targets = _targets[part];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = columns[_columnsOf[part][i]];
        }

        return _files[part]!.ReadAsync(targets, maxRows, cancellationToken);
    }
}

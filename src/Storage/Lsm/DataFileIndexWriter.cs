using System.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>Collects the indexes of one data file (docs/format.md#file-indexes). For one thread.</summary>
internal sealed class DataFileIndexWriter
{
    /// <summary>What follows a data file's name in that of its index file.</summary>
    public const string Suffix = ".index";

    private readonly FileIndexOptions _options;
    private readonly (FileIndexColumn Column, FileIndexWriter Writer, byte[]? MapKey)[] _writers;

    private DataFileIndexWriter(FileIndexOptions options)
    {
        _options = options;
        _writers =
        [
            .. options.Indexes.Select(index => (
                index,
                FileIndexWriter.Create(index.Kind, index.Name, index.Type, index.Options),
                index.MapKey is null ? null : Encoding.UTF8.GetBytes(index.MapKey))),
        ];
    }

    /// <summary>Begins the indexes of a file; null when the options ask for none.</summary>
    public static DataFileIndexWriter? TryCreate(FileIndexOptions options) =>
        options.Indexes.Count == 0 ? null : new DataFileIndexWriter(options);

    /// <summary>Adds rows, in the order of the file.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public void Add(IReadOnlyList<ColumnVector> columns, int start, int count)
    {
        foreach (var (column, writer, mapKey) in _writers)
        {
            if (mapKey is null)
            {
                writer.Add(columns[column.Column], start, count);
            }
            else
            {
                AddMapValues(writer, (MapVector)columns[column.Column], mapKey, start, count);
            }
        }
    }

    /// <summary>Ends the indexes: small ones are kept in the manifest, others written beside the data file.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="fileIO">Where files are.</param>
    /// <param name="directory">The data file's directory.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The data file with its indexes.</returns>
    public async ValueTask<DataFileMeta> AddToAsync(
        DataFileMeta file, IFileIO fileIO, string directory, CancellationToken cancellationToken)
    {
        var bytes = FileIndexContainer.Write(
            [.. _writers.Select(writer => (writer.Column.Name, writer.Column.Kind, writer.Writer.Finish()))]);
        if (bytes.Length <= _options.ManifestBytes)
        {
            return file with { EmbeddedFileIndex = bytes };
        }

        var name = file.FileName + Suffix;
        var output = await fileIO.CreateAsync($"{directory}/{name}", cancellationToken).ConfigureAwait(false);
        await using var disposeOutput = output.ConfigureAwait(false);
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return file with { ExtraFiles = [name] };
    }

    private static void AddMapValues(FileIndexWriter writer, MapVector maps, ReadOnlySpan<byte> mapKey, int start, int count)
    {
        var keys = (BinaryVector)maps.Keys;
        for (var row = start; row < start + count; row++)
        {
            var entry = maps.Offsets[row];
            var end = maps.Offsets[row + 1];
            while (entry < end && !keys[entry].SequenceEqual(mapKey))
            {
                entry++;
            }

            if (entry < end)
            {
                writer.Add(maps.MapValues, entry, 1);
            }
            else
            {
                writer.AddNulls(1);
            }
        }
    }
}

using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// Makes lookup files of data files: all their rows, those that deletion vectors delete too, so that a row's number is its
/// position in the data file and a lookup file stays good when more rows are deleted. Immutable; safe for several threads.
/// </summary>
internal sealed class LookupFileBuilder
{
    private const long WindowBytes = 4 << 20;
    private const int ReadAheadBytes = 1 << 20;

    private readonly LookupOptions _options;
    private readonly KeyValueFileReaderFactory _files;
    private readonly bool _hasRows;
    private readonly RowType _readType;
    private readonly int[] _keyIndexes;

    /// <summary>Prepares to read a bucket's files.</summary>
    /// <param name="options">Compression, filter.</param>
    /// <param name="schema">The schema to read with.</param>
    /// <param name="files">Opens the bucket's files; without deletion vectors.</param>
    /// <param name="hasRows">Whether to keep rows, or keys alone.</param>
    public LookupFileBuilder(LookupOptions options, TableSchema schema, KeyValueFileReaderFactory files, bool hasRows)
    {
        _options = options;
        _files = files;
        _hasRows = hasRows;
        Encoder = new KeyEncoder(schema.TrimmedPrimaryKeyType);
        Columns = hasRows
            ? new RowType([.. schema.Fields.Where(field => !schema.PartitionKeys.Contains(field.Name))])
            : new RowType([]);
        _readType = hasRows ? Columns : schema.TrimmedPrimaryKeyType;
        _keyIndexes = [.. schema.TrimmedPrimaryKeys.Select(_readType.IndexOf)];
    }

    /// <summary>Encodes the trimmed primary key.</summary>
    public KeyEncoder Encoder { get; }

    /// <summary>The columns that rows have: those of the schema without the partition's; none for keys alone.</summary>
    public RowType Columns { get; }

    /// <summary>Writes and completes a lookup file.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="output">The lookup file, empty.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask BuildAsync(DataFileMeta file, IOutputFile output, CancellationToken cancellationToken)
    {
        var reader = await _files.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using var disposeReader = reader.ConfigureAwait(false);
        reader.ReadAheadBytes = ReadAheadBytes;
        var window = new ReadWindow(WindowBytes);
        window.BeginFile(reader.EstimateRowBytes(_readType.Fields));
        var columns = BinaryRows.CreateColumns(_readType);
        var keyColumns = _keyIndexes.Select(index => columns[index]).ToArray();
        var sequences = new FixedVector<long>(KeyValueLayout.SequenceField.Type);
        var kinds = new FixedVector<RowKind>(KeyValueLayout.KindField.Type);
        var keys = Encoder.CreateKeys();
        var writer = new LookupFileWriter(output, _options, Encoder, _hasRows ? Columns : null, file.RowCount);
        int rows;
        while ((rows = await reader.ReadAsync(
            _readType, columns, _hasRows ? sequences : null, _hasRows ? kinds : null, window.Rows, cancellationToken)
            .ConfigureAwait(false)) > 0)
        {
            keys.Clear();
            Encoder.Encode(keyColumns, 0, rows, keys);
            await writer.AddAsync(keys, columns, sequences, kinds, cancellationToken).ConfigureAwait(false);
            window.Observe(rows, columns.Sum(column => column.SizeBytes) / rows);
            sequences.Clear();
            kinds.Clear();
            foreach (var column in columns)
            {
                column.Clear();
            }
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
